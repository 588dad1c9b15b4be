"""What is wanted of many tickets: fields with their values, tags to add and to take away. Said once, kept as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from tresen.core.people.models import Agent, Team
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.models import Status, Tag, Ticket
from tresen.core.tickets.querysets import TicketQuerySet

FIELDS = ("status", "priority", "type", "category", "team", "assignee")
ROWS: dict[str, Any] = {"status": Status, "category": Category, "team": Team, "assignee": Agent}


@dataclass(frozen=True)
class Wish:
    """`fields`: values as `update_ticket(set=…)` takes them, for any of FIELDS. `has_new_tags`: there are tags to add
    that are not made yet, since one only looks at what would happen."""

    fields: dict[str, Any] = field(default_factory=dict)
    add_tags: tuple[Tag, ...] = ()
    remove_tags: tuple[Tag, ...] = ()
    has_new_tags: bool = False

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
    def from_json(cls, kept: dict[str, Any]) -> Wish:
        """As it was kept; rows that are gone since raise DoesNotExist."""
        fields = {name: kept[name] for name in FIELDS if name in kept}
        for name, model in ROWS.items():
            if fields.get(name) is not None:
                fields[name] = model.objects.get(pk=fields[name])
        tags = Tag.objects.in_bulk([*kept.get("add_tags", ()), *kept.get("remove_tags", ())])
        added, removed = (
            tuple(tags[key] for key in kept.get(name, ()) if key in tags) for name in ("add_tags", "remove_tags")
        )
        return cls(fields, added, removed)

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
        for name, value in self.fields.items():
            as_wanted &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
        through = Ticket.tags.through.objects
        for tag in self.add_tags:
            as_wanted &= Q(pk__in=through.filter(tag=tag).values("ticket"))
        for tag in self.remove_tags:
            as_wanted &= ~Q(pk__in=through.filter(tag=tag).values("ticket"))
        return tickets.filter(as_wanted)
