"""Staged changes: what is laid out to change together with a message, or by one click, before anything happens.

They are words, not rows: `{"status": "waiting", "team": 3, "assignee": "me", "add_tags": ["vpn"]}`, in a form or a
draft a line for each (`status=waiting`, `team=` for none, `add_tags=vpn`, `fields.rack=12`). Only when they are applied
they are read for the agent whose changes they are, so that they can do nothing that he could not do by hand at that
moment.

What is put beside the ticket's fields (a checklist) belongs to packages above this one: STAGED_BESIDE in wiring holds
how it is found and put there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import Q, QuerySet

from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.changes import CHOICES, WrongValue
from tresen.core.tickets.field_values import KEY, gathered, is_value, keys_in, usable
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.permissions import can_set
from tresen.core.tickets.querysets import TicketQuerySet
from tresen.core.tickets.rows import lock
from tresen.core.tickets.tagging import tags_named
from tresen.kit.wiring import table
from tresen.spine.events.models import Event

ME = "me"
# In the order in which they are shown.
STAGED_FIELDS = (
    "status", "ball", "priority", "impact", "urgency", "type", "category", "team", "assignee", "add_tags",
    "remove_tags", "checklist",
)  # fmt: skip
ROWS = ("status", "category", "team", "assignee")
TAGS = ("add_tags", "remove_tags")
NUMBERS = ("priority", "impact", "urgency")
BESIDE = ("checklist",)
MAX_TAGS = 20
# So long is a line at most.
MAX_LINE = 2000
NOTHING = object()


@dataclass
class Meaning:
    """Changes with the rows they name; `gone` are the fields whose value is no longer there or not for this agent."""

    values: dict[str, Any] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)


class Beside(Protocol):
    """One kind of what is put beside a ticket's fields."""

    def rows(self, principal: Principal) -> QuerySet[Any]:
        """Those that this agent may put on a ticket."""

    def put(
        self, ticket: Ticket, row: Any, *, principal: Principal, operation: Operation | None, cause: Event | None
    ) -> bool:
        """Puts it there, as far as it is not there yet; whether anything was. Raises WrongValue for no room."""

    def there(self, row: Any) -> QuerySet[Any]:
        """The keys of the tickets that have all of it."""


def lines_of(changes: Mapping[str, Any]) -> list[str]:
    """A line for each change; those of the desk's own fields hold their value as JSON."""
    lines = []
    for name, value in changes.items():
        if name.startswith(KEY):
            lines.append(f"{name}={json.dumps(value, ensure_ascii=False)}")
            continue
        values = value if name in TAGS else ["" if value is None else value]
        lines += [f"{name}={one}" for one in values]
    return lines


def read_lines(lines: Iterable[str]) -> dict[str, Any]:
    """The changes that the lines say, the last of two for one field; a line that means nothing is left out."""
    found: dict[str, Any] = {}
    for line in lines:
        name, _equals, value = line.partition("=")
        if name in TAGS:
            tags = found.setdefault(name, [])
            shown = " ".join(value.split())[:40]
            if shown and shown not in tags and len(tags) < MAX_TAGS:
                tags.append(shown)
        elif (name in STAGED_FIELDS or name.startswith(KEY)) and (read := _read(name, value)) is not NOTHING:
            found[name] = read
    return {name: found[name] for name in (*STAGED_FIELDS, *keys_in(found)) if name in found}


def _read(name: str, value: str) -> Any:
    if name.startswith(KEY):
        try:
            return json.loads(value) if len(value) < MAX_LINE else NOTHING
        except (ValueError, RecursionError):
            return NOTHING
    if name in CHOICES:
        read: Any = number_in(value) if name in NUMBERS else value
        return read if read in CHOICES[name] else NOTHING
    if name == "status":
        return value[:40] or NOTHING
    if value == "" and name in BESIDE:
        return NOTHING
    if value == "" or (name == "assignee" and value == ME):
        return value or None
    return NOTHING if (key := number_in(value)) is None else key


def number_in(value: str) -> int | None:
    """The number that a word of a form is."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def numbers_in(values: str) -> set[int]:
    """The numbers that stand in a word of a form, commas between them."""
    return {number for value in values.split(",") if (number := number_in(value)) is not None}


def meaning_of(changes: Mapping[str, Any], principal: Principal) -> Meaning:
    """The rows behind the words, as far as this agent may choose them."""
    meaning, own = Meaning(), usable(changes)
    for name, value in changes.items():
        if name.startswith(KEY):
            if name in own:
                meaning.values[name] = own[name]
            else:
                meaning.gone.append(name)
        elif name not in (*ROWS, *BESIDE) or value is None:
            meaning.values[name] = value
        elif (row := _row(name, value, principal)) is not None:
            meaning.values[name] = row
        else:
            meaning.gone.append(name)
    return meaning


def _row(name: str, value: Any, principal: Principal) -> Any:
    if name in BESIDE:
        return _beside(name).rows(principal).filter(pk=value).first()
    if name == "status":
        return Status.objects.visible_to(principal).active().filter(slug=value).first()
    if name == "assignee" and value == ME:
        return principal.agent
    rows: Any = {"category": Category.objects, "team": Team.objects, "assignee": Agent.objects}[name]
    return rows.visible_to(principal).active().filter(pk=value).first()


def _beside(name: str) -> Beside:
    found: Beside = table("STAGED_BESIDE")[name]
    return found


def put_beside(
    ticket: Ticket, changes: Mapping[str, Any], principal: Principal, *, operation: Operation | None = None,
    cause: Event | None = None,
) -> bool:  # fmt: skip
    """What is not a field is put beside the ticket; whether anything was new. Part of `operation`, or following from
    `cause`. What is gone by now, or not his to do, is left out. Raises WrongValue where there is no room for it."""
    wanted = {name: changes[name] for name in BESIDE if changes.get(name) is not None}
    put = False
    if wanted and not can_set(principal, ticket, wanted):
        return put
    for name, row in meaning_of(wanted, principal).values.items():
        put |= _beside(name).put(ticket, row, principal=principal, operation=operation, cause=cause)
    return put


def fields_on(ticket: Ticket, changes: Mapping[str, Any], principal: Principal) -> dict[str, Any]:
    """The changes as `update_ticket(set=…)` takes them. Call it in the transaction of the change: tags are those the
    ticket carries now, with and without some. Raises WrongValue for what is gone, or not his to change here."""
    meaning = meaning_of(changes, principal)
    if gone := meaning.gone + not_to_set(ticket, meaning.values, principal):
        raise WrongValue(gone[0])
    values = meaning.values
    fields = {name: value for name, value in values.items() if name not in (*TAGS, *BESIDE)}
    if any(values.get(name) for name in TAGS):
        locked = lock(ticket, None)
        dropped = {name.casefold() for name in values.get("remove_tags", [])}
        kept = [tag for tag in locked.tags.all() if tag.name.casefold() not in dropped]
        added = tags_named(values.get("add_tags", []), by=principal.actor)
        fields["tags"] = list({tag.pk: tag for tag in [*kept, *added]}.values())
    return gathered(fields)


def not_to_set(ticket: Ticket, values: Mapping[str, Any], principal: Principal) -> list[str]:
    """Which of these the principal may not change on that ticket."""
    if can_set(principal, ticket, values):
        return []
    return [name for name, value in values.items() if not can_set(principal, ticket, {name: value})]


def already(tickets: TicketQuerySet, changes: Mapping[str, Any], principal: Principal) -> TicketQuerySet:
    """Those of the tickets on which the changes would change nothing."""
    values, as_wanted = meaning_of(changes, principal).values, Q()
    for name, value in values.items():
        if name in BESIDE:
            as_wanted &= Q(pk__in=_beside(name).there(value))
        elif name.startswith(KEY):
            as_wanted &= is_value(name.removeprefix(KEY), value)
        elif name not in TAGS:
            as_wanted &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    tagged = Ticket.tags.through.objects
    for tag in values.get("add_tags", []):
        as_wanted &= Q(pk__in=tagged.filter(tag__name__iexact=tag).values("ticket"))
    for tag in values.get("remove_tags", []):
        as_wanted &= ~Q(pk__in=tagged.filter(tag__name__iexact=tag).values("ticket"))
    return tickets.filter(as_wanted)
