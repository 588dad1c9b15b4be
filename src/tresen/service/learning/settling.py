"""What became of proposals, seen from the tickets as they stand: so it counts, too, when somebody chose the value in
the menu, by a macro or through the interface, and no change of a ticket has to wait for it."""

from __future__ import annotations

from django.db.models import F, Q

from tresen.core.tickets.choices import ACTIVE
from tresen.kit import clock
from tresen.service.learning.models import Proposal, ProposalState
from tresen.service.learning.values import value_on

_PART = 500


def settle() -> int:
    """Decides on proposals whose tickets have changed since they were made; how many."""
    rows = Proposal.objects.filter(state=ProposalState.OPEN).filter(
        Q(ticket__updated_at__gt=F("made_at")) | ~Q(ticket__status_category__in=ACTIVE)
    )
    count, after = 0, 0
    while part := list(rows.filter(pk__gt=after).select_related("ticket__spam_mark").order_by("pk")[:_PART]):
        after, decided = part[-1].pk, dict[str, list[int]]()
        for row in part:
            if state := _state_of(row):
                decided.setdefault(state, []).append(row.pk)
        for state, keys in decided.items():
            open_ones = Proposal.objects.filter(pk__in=keys, state=ProposalState.OPEN)
            count += open_ones.update(state=state, decided_at=clock.now())
    return count


def _state_of(row: Proposal) -> str:
    """What became of it; empty while it is open."""
    now, finished = value_on(row.ticket, row.field), row.ticket.status_category not in ACTIVE
    if row.is_automatic:
        if now != row.value:
            return ProposalState.CORRECTED
        return ProposalState.TAKEN if finished else ""
    if now == row.value:
        return ProposalState.TAKEN
    if now != row.before:
        return ProposalState.CORRECTED
    return ProposalState.LEFT if finished else ""
