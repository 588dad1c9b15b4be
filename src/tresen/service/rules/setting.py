"""Fields that a rule sets. Those that stand one after the other are one change, with one event."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tresen.core.people.models import Agent, Language, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.automation import Doing, Input, WrongAction
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.choices import Ball, Impact, Priority, TicketType, Urgency
from tresen.core.tickets.form_fields import category_choices
from tresen.core.tickets.models import Status, Tag, Ticket
from tresen.core.tickets.services import update_ticket
from tresen.core.tickets.staged import MAX_TAGS
from tresen.core.tickets.tagging import tags_named
from tresen.service.rules.own_fields import SetOwnField
from tresen.service.search.memory import read_once

NOBODY = "none"


@dataclass(frozen=True)
class SetField:
    """A field gets a value. `read` gives the row or choice behind the kept word, or None where it is gone."""

    kind: str
    label: Any
    icon: str
    choices: Callable[[Principal], list[tuple[str, Any]]]
    read: Callable[[str], Any]
    show: Callable[[Any], str]
    can_be_none: bool = False
    repeats: frozenset[str] = frozenset()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """The value."""
        return (Input("value", self.label, choices=self.choices),)

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """A value that there is."""
        value = str(values.get("value", ""))
        if not (self.can_be_none and value == NOBODY) and self.read(value) is None:
            raise WrongAction("value")
        return {"value": value}

    def wanted(self, kept: Mapping[str, Any]) -> Any:
        """The value as `update_ticket` takes it. Raises WrongValue for one that is gone."""
        if self.can_be_none and kept["value"] == NOBODY:
            return None
        found = self.read(str(kept["value"]))
        if found is None:
            raise WrongValue(self.kind)
        return found

    def would(self, kept: Mapping[str, Any], ticket: Ticket) -> bool:
        """It has another value now."""
        try:
            return bool(getattr(ticket, self.kind) != self.wanted(kept))
        except WrongValue:
            return False

    def do(self, kept: Mapping[str, Any], doing: Doing) -> bool:
        """Event `ticket.changed`."""
        return set_fields([(self, kept)], doing)

    def say(self, kept: Mapping[str, Any]) -> str:
        """`Status: Waiting`."""
        value = kept.get("value", "")
        found = None if value == NOBODY else self.read(str(value))
        shown = self.show(found) if found is not None else _("nobody or nothing") if value == NOBODY else _("gone")
        return f"{self.label}: {shown}"


@dataclass(frozen=True)
class ChangeTags:
    """Tags are added, or taken away."""

    kind: str
    label: Any
    icon: str = "tag"
    repeats: frozenset[str] = frozenset()

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Names with commas between them."""
        return (Input("value", self.label, "tags", hint=gettext_lazy("Several with commas between them."), most=400),)

    def clean(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """At least one, at most twenty."""
        typed = values.get("value", "")
        parts = typed if isinstance(typed, list) else str(typed).replace("\0", "").split(",")
        names = list(dict.fromkeys(" ".join(str(part).split())[:40] for part in parts))
        names = [name for name in names if name]
        if not 0 < len(names) <= MAX_TAGS:
            raise WrongAction("value")
        return {"value": names}

    def names(self, kept: Mapping[str, Any], now: set[str]) -> set[str]:
        """The names the ticket would have, from those it has, all in small letters."""
        named = {name.casefold() for name in kept["value"]}
        return now | named if self.kind == "add_tags" else now - named

    def would(self, kept: Mapping[str, Any], ticket: Ticket) -> bool:
        """One is missing, or there."""
        now = {tag.name.casefold() for tag in ticket.tags.all()}
        return self.names(kept, now) != now

    def do(self, kept: Mapping[str, Any], doing: Doing) -> bool:
        """Event `ticket.changed`."""
        return set_fields([(self, kept)], doing)

    def say(self, kept: Mapping[str, Any]) -> str:
        """`Add tags: vpn, home`."""
        return f"{self.label}: {', '.join(kept.get('value', []))}"


Setting = SetField | ChangeTags | SetOwnField


def set_fields(settings: Sequence[tuple[Setting, Mapping[str, Any]]], doing: Doing) -> bool:
    """Sets all of them at once. Event `ticket.changed`, none when nothing changes. Raises WrongValue, StaleTicket."""
    wanted: dict[str, Any] = {}
    tags: dict[int, Tag] | None = None
    for action, kept in settings:
        if isinstance(action, SetField):
            wanted[action.kind] = action.wanted(kept)
            continue
        if isinstance(action, SetOwnField):
            wanted["fields"] = {**wanted.get("fields", {}), **action.wanted(kept)}
            continue
        tags = {tag.pk: tag for tag in doing.ticket.tags.all()} if tags is None else tags
        if action.kind == "add_tags":
            tags |= {tag.pk: tag for tag in tags_named(kept["value"], by=doing.by)}
        else:
            gone = {name.casefold() for name in kept["value"]}
            tags = {key: tag for key, tag in tags.items() if tag.name.casefold() not in gone}
    if tags is not None:
        wanted["tags"] = list(tags.values())
    before = doing.ticket.version
    doing.ticket = update_ticket(doing.ticket, by=doing.by, set=wanted)
    return doing.ticket.version != before


def _statuses(principal: Principal) -> list[tuple[str, Any]]:
    return [(status.slug, status.name) for status in Status.objects.visible_to(principal).active()]


def _categories(principal: Principal) -> list[tuple[str, Any]]:
    shown = category_choices(Category.objects.visible_to(principal).active())
    return [(NOBODY, _("no category")), *((str(key), label) for key, label in shown)]


def _teams(principal: Principal) -> list[tuple[str, Any]]:
    teams = Team.objects.visible_to(principal).active().order_by("name")
    return [(NOBODY, _("no team")), *((str(team.pk), team.name) for team in teams)]


def _agents(principal: Principal) -> list[tuple[str, Any]]:
    agents = Agent.objects.visible_to(principal).active().select_related("user").order_by("user__name")
    return [(NOBODY, _("nobody")), *((str(agent.pk), agent.user.name) for agent in agents)]


def _row(rows: Callable[[], Any]) -> Callable[[str], Any]:
    @read_once
    def read(value: str) -> Any:
        return rows().filter(pk=int(value)).first() if value.isascii() and value.isdigit() and len(value) < 16 else None

    return read


def _choice(kind: Any, *, number: bool = False) -> tuple[Any, Any, Any]:
    def read(value: str) -> Any:
        if number and not (value.isascii() and value.isdigit() and len(value) < 3):
            return None
        found = int(value) if number else value
        return found if found in kind.values else None

    ordered = list(kind.choices)[::-1] if number else list(kind.choices)
    return (
        (lambda principal: [(str(value), label) for value, label in ordered]),
        read,
        lambda found: str(kind(found).label),
    )


STATUS = SetField(
    "status", gettext_lazy("Status"), "flag", _statuses,
    read_once(lambda slug: Status.objects.active().filter(slug=slug).first()), lambda found: str(found.name),
)  # fmt: skip
BALL = SetField("ball", gettext_lazy("Whose turn"), "reply", *_choice(Ball))
PRIORITY = SetField("priority", gettext_lazy("Priority"), "p-high", *_choice(Priority, number=True))
IMPACT = SetField("impact", gettext_lazy("Impact"), "p-high", *_choice(Impact, number=True))
URGENCY = SetField("urgency", gettext_lazy("Urgency"), "p-high", *_choice(Urgency, number=True))
TYPE = SetField("type", pgettext_lazy("kind of ticket", "Type"), "ticket", *_choice(TicketType))
LANGUAGE = SetField("language", gettext_lazy("Language"), "globe", *_choice(Language))
CATEGORY = SetField(
    "category", gettext_lazy("Category"), "box", _categories, _row(lambda: Category.objects.active()),
    lambda found: str(found.trail), can_be_none=True,
)  # fmt: skip
TEAM = SetField(
    "team", gettext_lazy("Team"), "people", _teams, _row(lambda: Team.objects.active()), lambda found: str(found.name),
    can_be_none=True,
)  # fmt: skip
ASSIGNEE = SetField(
    "assignee", gettext_lazy("Assignee"), "user", _agents, _row(lambda: Agent.objects.active().select_related("user")),
    lambda found: str(found), can_be_none=True,
)  # fmt: skip
ADD_TAGS = ChangeTags("add_tags", gettext_lazy("Add tags"))
REMOVE_TAGS = ChangeTags("remove_tags", gettext_lazy("Take tags away"))
