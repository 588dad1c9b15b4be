"""What is wanted of many tickets: fields with their values, tags to add and to take away. Said once, kept as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from django.db.models import Q

from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.field_values import is_value
from tresen.core.tickets.models import Status, Tag, Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.permissions import can_set
from tresen.core.tickets.querysets import TicketQuerySet
from tresen.core.tickets.rows import lock
from tresen.core.tickets.services import update_ticket
from tresen.kit.wiring import table

FIELDS = ("status", "priority", "type", "category", "team", "assignee", "fields")
ROWS: dict[str, Any] = {"status": Status, "category": Category, "team": Team, "assignee": Agent}


class Refused(Exception):
    """A ticket stays as it is; `reason` as in BulkTarget, at most 50 signs."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class AnyWish(Protocol):
    """What can be wanted of many tickets: fields, or another kind in BULK_WISHES of config/wiring.py, which
    `as_json()["kind"]` names. `called`: the kind of the operation (OperationKind) and what its name needs."""

    @property
    def is_empty(self) -> bool:
        """Nothing is wanted."""

    @property
    def called(self) -> tuple[str, dict[str, Any]]:
        """See above."""

    @property
    def bytes_each(self) -> int:
        """What it takes on the disk for each ticket."""

    def as_json(self) -> dict[str, Any]:
        """As it is kept, for `from_json`."""

    def unchanged(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Those of the tickets that are as wanted already."""

    def allows(self, ticket: Ticket, principal: Principal) -> bool:
        """Whether this person may do it to that ticket."""

    def do(self, ticket: Ticket, *, principal: Principal, operation: Operation) -> bool:
        """On one ticket, in a transaction; whether it changed. Raises WrongValue, StaleTicket, Refused."""


def read_wish(kept: dict[str, Any], principal: Principal) -> AnyWish:
    """A wish as it was kept, of its kind; rows that are gone since, or not for this agent, raise DoesNotExist."""
    kind = table("BULK_WISHES")[kept["kind"]] if "kind" in kept else Wish
    wish: AnyWish = kind.from_json(kept, principal)
    return wish


@dataclass(frozen=True)
class Wish:
    """`fields`: values as `update_ticket(set=…)` takes them, for any of FIELDS. `has_new_tags`: there are tags to add
    that are not made yet, since one only looks at what would happen."""

    fields: dict[str, Any] = field(default_factory=dict)
    add_tags: tuple[Tag, ...] = ()
    remove_tags: tuple[Tag, ...] = ()
    has_new_tags: bool = False
    bytes_each = 0

    @property
    def is_empty(self) -> bool:
        """Nothing is wanted."""
        return not (self.fields or self.add_tags or self.remove_tags or self.has_new_tags)

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        kept = {name: getattr(value, "pk", value) for name, value in self.fields.items()}
        tags = {"add_tags": self.add_tags, "remove_tags": self.remove_tags}
        return kept | {name: [tag.pk for tag in found] for name, found in tags.items() if found}

    @classmethod
    def from_json(cls, kept: dict[str, Any], principal: Principal) -> Wish:
        """As it was kept; rows that are gone since raise DoesNotExist. What may be set is asked on each ticket."""
        fields = {name: kept[name] for name in FIELDS if name in kept}
        for name, model in ROWS.items():
            if fields.get(name) is not None:
                fields[name] = model.objects.get(pk=fields[name])
        tags = Tag.objects.in_bulk([*kept.get("add_tags", ()), *kept.get("remove_tags", ())])
        added, removed = (
            tuple(tags[key] for key in kept.get(name, ()) if key in tags) for name in ("add_tags", "remove_tags")
        )
        return cls(fields, added, removed)

    @property
    def called(self) -> tuple[str, dict[str, Any]]:
        """Many at once."""
        return "bulk", {}

    def allows(self, ticket: Ticket, principal: Principal) -> bool:
        """Who may set these fields there."""
        tags = {"tags": None} if self.add_tags or self.remove_tags or self.has_new_tags else {}
        return can_set(principal, ticket, {**self.fields, **tags})

    def do(self, ticket: Ticket, *, principal: Principal, operation: Operation) -> bool:
        """Event `ticket.changed`."""
        locked = lock(ticket)
        changed = update_ticket(locked, by=principal.actor, set=self.changes(locked), operation=operation)
        return changed.version != locked.version

    def changes(self, ticket: Ticket) -> dict[str, Any]:
        """What `update_ticket` is to set on this ticket."""
        wanted = dict(self.fields)
        if self.add_tags or self.remove_tags:
            removed = {tag.pk for tag in self.remove_tags}
            tags = {tag.pk: tag for tag in (*ticket.tags.all(), *self.add_tags) if tag.pk not in removed}
            wanted["tags"] = sorted(tags.values(), key=lambda tag: tag.name)
        return wanted

    def unchanged(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Those of the tickets that are as wanted already."""
        if self.has_new_tags:
            return tickets.none()
        as_wanted = Q()
        for slug, value in self.fields.get("fields", {}).items():
            as_wanted &= is_value(slug, value)
        for name, value in self.fields.items():
            if name == "fields":
                continue
            as_wanted &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
        through = Ticket.tags.through.objects
        for tag in self.add_tags:
            as_wanted &= Q(pk__in=through.filter(tag=tag).values("ticket"))
        for tag in self.remove_tags:
            as_wanted &= ~Q(pk__in=through.filter(tag=tag).values("ticket"))
        return tickets.filter(as_wanted)
