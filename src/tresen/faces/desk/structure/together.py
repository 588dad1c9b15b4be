"""What hangs together with a ticket, as its page shows it: links and merges are asked for where there are any."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operations import can_undo
from tresen.core.tickets.structure_models import Merge, Relation, RelationKind
from tresen.faces.desk.ticket.structure_words import link_words


@dataclass(frozen=True)
class Linked:
    """A ticket on the other end of a link; `is_source`: ours is the one that is a child, a duplicate and so on."""

    relation: Relation
    ticket: Ticket
    is_source: bool

    @property
    def words(self) -> str:
        """What it is to ours."""
        return link_words(self.relation.kind, is_source=self.is_source)


class Together:
    """Links, the parent, children, and tickets that were merged into this one, as far as the principal may see them.

    `ticket` was read with `has_ends` and `has_merges`, which say whether there is anything to ask for.
    """

    def __init__(self, principal: Principal, ticket: Any) -> None:
        self.principal, self.ticket = principal, ticket

    @property
    def is_empty(self) -> bool:
        """It stands alone."""
        return not (self._ends or self.merges)

    @property
    def parent(self) -> Linked | None:
        """The one it is a child of."""
        return next((one for one in self._ends if one.relation.kind == RelationKind.CHILD and one.is_source), None)

    @property
    def children(self) -> list[Linked]:
        """Those it is the cause of."""
        return [one for one in self._ends if one.relation.kind == RelationKind.CHILD and not one.is_source]

    @property
    def links(self) -> list[Linked]:
        """All others."""
        return [one for one in self._ends if one.relation.kind != RelationKind.CHILD]

    @cached_property
    def merges(self) -> list[dict[str, Any]]:
        """What was merged into it, each with the operation by which they can be parted."""
        if not self.ticket.has_merges:
            return []
        rows = Merge.objects.filter(
            Exists(self._seen.filter(pk=OuterRef("source"))), target=self.ticket, undone_at=None
        )
        return [
            {"ticket": row.source, "operation": row.operation, "can_undo": can_undo(row.operation)}
            for row in rows.select_related("source", "operation").order_by("pk")
        ]

    @cached_property
    def _ends(self) -> list[Linked]:
        if not self.ticket.has_ends:
            return []
        to, came_from = (Exists(self._seen.filter(pk=OuterRef(end))) for end in ("target", "source"))
        ours = (Q(source=self.ticket) & Q(to)) | (Q(target=self.ticket) & Q(came_from))
        rows = Relation.objects.filter(ours).select_related("source__status", "target__status").order_by("pk")
        return [
            Linked(row, row.target if row.source_id == self.ticket.pk else row.source, row.source_id == self.ticket.pk)
            for row in rows
        ]

    @property
    def _seen(self) -> Any:
        return Ticket.objects.visible_to(self.principal).values("pk")
