"""The fields in a ticket's head: how a form names them, what can be chosen, how a value is read and shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tresen.core.people.models import Agent, Brand, Contact, Language, Organisation, Team
from tresen.core.people.principals import Principal
from tresen.core.people.services import find_or_create_contact
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.choices import Ball, Impact, Priority, TicketType, Urgency
from tresen.core.tickets.models import Status, Tag, Ticket
from tresen.core.tickets.tagging import tags_named

LABELS: dict[str, Any] = {
    "subject": _("Subject"),
    "status": _("Status"),
    "priority": _("Priority"),
    "impact": _("Impact"),
    "urgency": _("Urgency"),
    "type": pgettext_lazy("kind of ticket", "Type"),
    "category": _("Category"),
    "team": _("Team"),
    "assignee": _("Assignee"),
    "tags": _("Tags"),
    "level": pgettext_lazy("of the desk", "Level"),
    "ball": _("Whose turn"),
    "checklist": _("Checklist"),
    "requester": _("Requester"),
    "organisation": _("Organisation"),
    "brand": _("Brand"),
    "language": _("Language"),
}
NUMBERS: dict[str, Any] = {"priority": Priority, "impact": Impact, "urgency": Urgency}
WORDS: dict[str, Any] = {"type": TicketType, "ball": Ball, "language": Language}
NOTHING = "–"


@dataclass(frozen=True)
class Option:
    """One value in a menu: what the form sends, what one reads, and whether it is the present one."""

    value: str
    label: str
    current: bool = False
    note: str = ""
    category: str = ""


@dataclass(frozen=True)
class Conflict:
    """Somebody else changed the field meanwhile: both values, and what is sent to have the own one all the same."""

    field: str
    label: str
    theirs: str
    mine: str
    values: list[tuple[str, str]]
    who: str = ""


@dataclass(frozen=True)
class Refusal:
    """A value that cannot be; `typed` is given back to its form."""

    field: str
    label: str
    text: str
    typed: str = ""


def read_value(field: str, data: QueryDict, principal: Principal) -> Any:
    """What a form wants the field to be, as the service takes it. Raises WrongValue."""
    reader = READERS.get(field)
    if reader is None:
        raise WrongValue(field)
    return reader(field, data, principal)


def read_was(field: str, data: QueryDict) -> dict[str, Any] | None:
    """What the form showed as the old value, as `update_ticket(expected=…)` compares it; None when it says nothing."""
    if "was" not in data:
        return None
    if field == "tags":
        return {field: sorted(name for name in data.getlist("was") if name)}
    was = data.get("was", "")
    if field in NUMBERS:
        return {field: int(was) if was.isascii() and was.isdigit() else was}
    return {field: None if was == "" and field in {"category", "team", "assignee", "organisation"} else was}


def was_of(ticket: Ticket, field: str) -> str:
    """What a form says in `was`."""
    value = getattr(ticket, field)
    if field == "status":
        return ticket.status.slug
    if field == "category":
        return ticket.category.slug if ticket.category else ""
    return "" if value is None else str(value)


def show_value(field: str, value: Any) -> str:
    """A value of a field in the reader's words; `value` is a row, a number or a word of the field's list."""
    if value is None or value == "" or value == []:
        return NOTHING
    if field in NUMBERS or field in WORDS:
        choices = NUMBERS.get(field) or WORDS[field]
        try:
            return str(choices(value).label)
        except ValueError:
            return str(value)
    if field == "tags":
        return ", ".join(str(tag) for tag in value)
    return str(value)


def options(ticket: Ticket, field: str) -> list[Option]:
    """The values of a field with a fixed list."""
    choices = NUMBERS.get(field) or WORDS[field]
    now = getattr(ticket, field)
    listed = [Option(str(value), str(label), value == now) for value, label in choices.choices]
    return listed[::-1] if field == "priority" else listed


def _number(field: str, data: QueryDict, principal: Principal) -> int:
    raw = data.get("value", "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 3 and int(raw) in NUMBERS[field].values):
        raise WrongValue(field)
    return int(raw)


def _word(field: str, data: QueryDict, principal: Principal) -> str:
    return data.get("value", "")


def _subject(field: str, data: QueryDict, principal: Principal) -> str:
    return data.get("value", "").replace("\0", "")


def _status(field: str, data: QueryDict, principal: Principal) -> Status:
    found = Status.objects.active().filter(slug=data.get("value", "")[:40].replace("\0", "")).first()
    if found is None:
        raise WrongValue(field)
    return found


def _key(field: str, raw: str) -> int:
    if not (raw.isascii() and raw.isdigit() and len(raw) < 16):
        raise WrongValue(field)
    return int(raw)


def _team(field: str, data: QueryDict, principal: Principal) -> Team | None:
    raw = data.get("value", "")
    if raw == "":
        return None
    found = Team.objects.visible_to(principal).active().filter(pk=_key(field, raw)).first()
    if found is None:
        raise WrongValue(field)
    return found


def _category(field: str, data: QueryDict, principal: Principal) -> Category | None:
    raw = data.get("value", "")
    if raw == "":
        return None
    found = Category.objects.visible_to(principal).active().filter(pk=_key(field, raw)).first()
    if found is None:
        raise WrongValue(field)
    return found


def _assignee(field: str, data: QueryDict, principal: Principal) -> Agent | None:
    raw = data.get("value", "")
    if raw == "":
        return None
    if raw == "me":
        return principal.agent
    found = Agent.objects.visible_to(principal).active().filter(pk=_key(field, raw)).first()
    if found is None:
        raise WrongValue(field)
    return found


def _requester(field: str, data: QueryDict, principal: Principal) -> Contact:
    """One who was found (`contact`), or whom a mail address names (`q`), made if need be."""
    key, typed = data.get("contact", ""), data.get("q", "").replace("\0", "").strip()
    people = Contact.objects.visible_to(principal)
    if key:
        found = people.filter(pk=_key(field, key)).first()
    else:
        try:
            found = find_or_create_contact(mail=typed, by=principal.actor) if typed else None
        except ValueError as fault:
            raise WrongValue(field) from fault
    if found is None:
        raise WrongValue(field)
    return found


def _organisation(field: str, data: QueryDict, principal: Principal) -> Organisation | None:
    raw = data.get("value", "")
    if raw == "":
        return None
    found = Organisation.objects.visible_to(principal).filter(pk=_key(field, raw)).first()
    if found is None:
        raise WrongValue(field)
    return found


def _brand(field: str, data: QueryDict, principal: Principal) -> Brand:
    found = Brand.objects.visible_to(principal).filter(pk=_key(field, data.get("value", ""))).first()
    if found is None:
        raise WrongValue(field)
    return found


def _tags(field: str, data: QueryDict, principal: Principal) -> list[Tag]:
    typed = data.get("new", "").replace("\0", "").split(",")
    names = [name.replace("\0", "") for name in data.getlist("value")]
    return tags_named([*names, *typed][:50], by=principal.actor)


Reader = Callable[[str, QueryDict, Principal], Any]
READERS: dict[str, Reader] = {
    "subject": _subject, "status": _status, "priority": _number, "impact": _number, "urgency": _number,
    "type": _word, "ball": _word, "language": _word, "category": _category, "team": _team, "assignee": _assignee,
    "tags": _tags, "requester": _requester, "organisation": _organisation, "brand": _brand,
}  # fmt: skip
