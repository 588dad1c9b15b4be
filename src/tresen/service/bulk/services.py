"""Changing many tickets at once: seen before, done in small transactions by a job, taken back as one operation."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Count

from tresen.core.people.principals import Principal
from tresen.core.tickets import operations
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.querysets import TicketQuerySet
from tresen.core.tickets.rows import StaleTicket, hold
from tresen.kit import clock
from tresen.service.bulk.models import BulkChange, BulkState, BulkTarget, Outcome
from tresen.service.bulk.wishes import AnyWish, Refused, read_wish

# One change of this kind goes to so many tickets at most.
MOST_TICKETS = 10_000
# A transaction ends after so many tickets or seconds, whichever is first.
AT_ONCE, SECONDS = 50, 0.2
# All copies of its files together.
MOST_BYTES = 1024 * 1024 * 1024
# So many are asked about one by one in the preview; of more, what may be seen may be changed. The job asks of each.
ASKED_ONE_BY_ONE = 200
_ROWS_AT_ONCE = 1000


class TooManyTickets(Exception):
    """More than MOST_TICKETS."""


class TooManyBytes(Exception):
    """The copies of its files would take more than MOST_BYTES."""


@dataclass(frozen=True)
class Preview:
    """How many tickets a change would reach: `changed` of them change, `same` are so already, `refused` may not be
    changed by this person; `gone` of those that were chosen are not to be seen any more."""

    total: int
    changed: int
    same: int
    refused: int
    gone: int = 0


@dataclass(frozen=True)
class Progress:
    """How far a change has come."""

    total: int
    waiting: int
    changed: int
    same: int
    refused: int

    @property
    def done(self) -> int:
        """How many tickets it has been through."""
        return self.total - self.waiting


def preview(wish: AnyWish, tickets: TicketQuerySet, *, principal: Principal, chosen: int | None = None) -> Preview:
    """What would happen to these tickets (found through `visible_to`), counted out; nothing is changed.

    `chosen`: how many were asked for. Raises TooManyTickets, TooManyBytes.
    """
    keys = _keys(wish, tickets)
    total = len(keys)
    refused: set[int] = set()
    if total <= ASKED_ONE_BY_ONE:
        rows = Ticket.objects.visible_to(principal).filter(pk__in=keys)
        refused = {ticket.pk for ticket in rows if not wish.allows(ticket, principal)}
    chosen_ones = tickets.filter(merged_into=None).order_by().values("pk")
    same = wish.unchanged(Ticket.objects.visible_to(principal).filter(pk__in=chosen_ones))
    unchanged = same.exclude(pk__in=refused).count()
    gone = max(0, chosen - total) if chosen is not None else 0
    return Preview(total, total - unchanged - len(refused), unchanged, len(refused), gone)


def _keys(wish: AnyWish, tickets: TicketQuerySet) -> list[int]:
    """Of all but signposts: who selects one has not selected the ticket it leads to. Raises TooManyTickets,
    TooManyBytes."""
    keys = list(tickets.filter(merged_into=None).order_by("pk").values_list("pk", flat=True)[: MOST_TICKETS + 1])
    if len(keys) > MOST_TICKETS:
        raise TooManyTickets
    if wish.bytes_each * len(keys) > MOST_BYTES:
        raise TooManyBytes
    return keys


@transaction.atomic
def begin(wish: AnyWish, tickets: TicketQuerySet, *, principal: Principal) -> BulkChange:
    """The change is noted for each of these tickets and a job begins with it; one operation, one event a ticket.

    Raises TooManyTickets, TooManyBytes, and ValueError when nothing is wanted.
    """
    from tresen.service.bulk.jobs import work

    if wish.is_empty or principal.agent is None:
        raise ValueError("a change of many tickets needs an agent and a wish")
    keys = _keys(wish, tickets)
    kind, facts = wish.called
    operation = operations.start(kind, agent=principal.agent, facts={**facts, "tickets": len(keys)})
    operation.save()
    change = BulkChange.objects.create(
        operation=operation, agent=principal.agent, wanted=wish.as_json(), created_at=operation.at
    )
    rows = (BulkTarget(change=change, ticket_id=key) for key in keys)
    BulkTarget.objects.bulk_create(rows, batch_size=_ROWS_AT_ONCE)
    work.enqueue(change_id=change.pk, key=f"bulk:{change.pk}")
    return change


def work_on(change_id: int) -> bool:
    """The next tickets of the change, in one transaction; whether some are left. Twice does nothing twice."""
    until = time.monotonic() + SECONDS
    with transaction.atomic():
        change = (
            BulkChange.objects.select_for_update(of=("self",))
            .select_related("operation", "agent__user")
            .get(pk=change_id)
        )
        if change.state != BulkState.WORKING:
            return False
        if not change.agent.user.is_active or not operations.goes_on(change.operation):
            return _end(change, BulkState.STOPPED)
        waiting = list(change.targets.filter(outcome=Outcome.WAITS).order_by("ticket_id")[:AT_ONCE])
        hold({*(target.ticket_id for target in waiting), change.wanted.get("into", 0)})
        done = _do(change, waiting, until=until)
        BulkTarget.objects.bulk_update(done, ["outcome", "reason"])
        if len(done) == len(waiting) < AT_ONCE:
            return _end(change, BulkState.DONE)
    return True


def _end(change: BulkChange, state: BulkState) -> bool:
    change.state, change.ended_at = state, clock.now()
    change.save(update_fields=["state", "ended_at"])
    return False


def _do(change: BulkChange, targets: Sequence[BulkTarget], *, until: float) -> list[BulkTarget]:
    """As many of the targets as the time allows, one at least."""
    principal, done = Principal.of_agent(change.agent), []
    try:
        wish = read_wish(change.wanted, principal)
    except ObjectDoesNotExist:
        wish = None
    for target in targets:
        target.outcome, target.reason = _change(target, change, wish, principal) if wish else (Outcome.REFUSED, "gone")
        done.append(target)
        if time.monotonic() > until:
            break
    return done


def _change(target: BulkTarget, change: BulkChange, wish: AnyWish, principal: Principal) -> tuple[str, str]:
    ticket = Ticket.objects.visible_to(principal).filter(pk=target.ticket_id).first()
    if ticket is None or not wish.allows(ticket, principal):
        return Outcome.REFUSED, "rights"
    try:
        with transaction.atomic():
            changed = wish.do(ticket, principal=principal, operation=change.operation)
    except StaleTicket:  # merged or deleted since: nobody has selected the one it leads to
        return Outcome.REFUSED, "merged"
    except WrongValue as wrong:
        return Outcome.REFUSED, wrong.field[:50]
    except Refused as refused:
        return Outcome.REFUSED, refused.reason
    return (Outcome.CHANGED if changed else Outcome.SAME), ""


def progress_of(change: BulkChange) -> Progress:
    """How far it has come, in one query."""
    rows = change.targets.order_by().values("outcome").annotate(n=Count("pk"))
    count = {row["outcome"]: row["n"] for row in rows}
    total = sum(count.values())
    return Progress(total, *(count.get(outcome, 0) for outcome in ("", "changed", "same", "refused")))


def refused_of(change: BulkChange, *, principal: Principal, most: int = 20) -> list[BulkTarget]:
    """The first tickets that stayed as they were, with the reason, as far as they can be seen."""
    seen = Ticket.objects.visible_to(principal)
    rows = change.targets.filter(outcome=Outcome.REFUSED, ticket__in=seen).select_related("ticket")
    return list(rows.order_by("ticket_id")[:most])
