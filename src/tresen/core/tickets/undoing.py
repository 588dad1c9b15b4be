"""Taking an operation back.

An undo is a new event by whoever undoes it, `change.undone` on each ticket, caused by the event it reverses and so
under the same root: rules that ran for that root do not run again. It reverses what the operation and its reactions
(events of the same root on that ticket) changed, field by field where nobody has changed it since, and says what it
had to leave.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, field
from itertools import groupby

from django.db import transaction

from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.tickets.binning import bring_back
from tresen.core.tickets.draft_models import Draft
from tresen.core.tickets.inverse import Inverse, Structure
from tresen.core.tickets.merging import Parted, StillMerged, part
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.operation_models import Operation, OperationKind, OperationState, OperationStep
from tresen.core.tickets.operations import can_undo
from tresen.core.tickets.permissions import HANDING
from tresen.core.tickets.relating import take_link_back
from tresen.core.tickets.rows import hold, lock
from tresen.core.tickets.splitting import WouldRead, rejoin
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event

AT_ONCE = 50
# What goes back as a whole, before the fields.
STRUCTURES: dict[str, Callable[[Operation], Parted]] = {
    OperationKind.MERGE: part, OperationKind.SPLIT: rejoin, OperationKind.LINK: take_link_back,
}  # fmt: skip


# What takes another right than changing does, by how its events begin.
WRITTEN = {"note.": "note", "reply.": "reply", "manager.": "note"}


class CannotUndo(Exception):
    """Not this, not any more, or not by this person: `why` is over (too long ago, undone already), merged (what it
    went into went elsewhere, that is first), readers (somebody joined since who would read more) or rights."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Left:
    """What could not be taken back on a ticket: `what` is a field, `reply`, `note`, `message` or `ticket`; `why` is
    changed (since, by `who`), sent, moved (it is on another ticket now), others (written with people who are not on the
    other ticket), gone (the old value is no longer there), used (something hangs on it) or rights."""

    number: str
    what: str
    why: str
    who: str = ""


@dataclass
class Undone:
    """What an undo did: the numbers of the tickets on which it took something back, what it left, the drafts into
    which the texts of replies and notes came back, and how many tickets a job still works on."""

    tickets: list[str] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    taken: list[Draft] = field(default_factory=list)
    more: int = 0


def undo(operation: Operation, *, by: Actor, principal: Principal) -> Undone:
    """Takes the operation back, as far as it goes and as far as the principal may change the tickets now.

    At most 50 tickets in this transaction; a job does the rest. Events: `change.undone` on each ticket, and
    `reply.taken_back` for a reply that has not left. Raises CannotUndo.
    """
    from tresen.core.tickets.jobs import undo_rest

    agent = principal.agent
    if agent is None or not can(principal, "operation.undo", operation):
        raise CannotUndo("rights")
    with transaction.atomic():
        held = Operation.objects.select_for_update().get(pk=operation.pk)
        if not can_undo(held):
            raise CannotUndo("over")
        if not _may_change_any(held, principal):
            raise CannotUndo("rights")
        held.undone_at, held.undone_by = clock.now(), agent
        parted = _part(held, principal)
        done = _some(held, parted, by=by, principal=principal)
        done.left = [*(Left(*one) for one in parted.left), *done.left]
        if done.more:
            undo_rest.enqueue(operation_id=held.pk, key=f"undo:{held.pk}")
    return done


def undo_more(operation_id: int) -> int:
    """The next tickets of an undo that was begun; how many are left after these."""
    with transaction.atomic():
        held = Operation.objects.select_for_update(of=("self",)).select_related("undone_by__user").get(pk=operation_id)
        agent = held.undone_by
        if held.state != OperationState.UNDOING or agent is None or not agent.user.is_active:
            return 0
        return _some(held, Parted(), by=Actor.agent(agent), principal=Principal.of_agent(agent)).more


def _may_change_any(held: Operation, principal: Principal) -> bool:
    """Something could go back: else the operation stays as it is, for whoever may."""
    seen = Ticket.objects.visible_to(principal)
    if held.kind == OperationKind.DELETE and can(principal, "bin.open"):
        seen = seen | Ticket.objects.in_bin(principal)
    steps = (
        held.steps.filter(ticket__in=seen.values("pk")).select_related("ticket", "event").order_by("ticket_id", "pk")
    )
    for _key, found in groupby(steps.iterator(), key=lambda step: step.ticket_id):
        rows = list(found)
        needed = _needed(held, [step.event for step in rows], principal)
        if all(principal.may_in(right, rows[0].ticket.team_id) for right in needed):
            return True
    return False


def _needed(held: Operation, events: Collection[Event], principal: Principal) -> set[str]:
    """The rights that it takes to take back what was done on a ticket: those that it took to do it."""
    if held.kind in STRUCTURES:
        return {"merge"}
    if held.kind == OperationKind.DELETE:
        return {"delete"}
    written = {right for event in events for kind, right in WRITTEN.items() if event.kind.startswith(kind)}
    handed = {"assign"} if any(_hands_over(event, principal) for event in events) else set()
    return written | handed or {"change"}


def _hands_over(event: Event, principal: Principal) -> bool:
    """Whether it gave the ticket to others; a team that a category brought along was not given."""
    if event.kind in ("ticket.escalated", "ticket.returned"):
        return True
    given = {name for name in HANDING if isinstance(event.changes.get(name), list)}
    if "team_by" in event.changes:
        given.discard("team")
    if given == {"assignee"}:
        old, new = (event.undo or {}).get("assignee") or (None, None)
        return principal.agent is None or principal.agent.pk != (old if new is None else new)
    return bool(given)


def _part(held: Operation, principal: Principal) -> Parted:
    """Messages and links go back before fields do. All tickets have to be open to whoever undoes it."""
    inverse = STRUCTURES.get(held.kind)
    if inverse is None:
        return Parted()
    tickets = Ticket.objects.filter(operation_steps__operation=held).distinct()
    if not all(can(principal, "ticket.merge", ticket) for ticket in tickets):
        raise CannotUndo("rights")
    try:
        return inverse(held)
    except StillMerged as fault:
        raise CannotUndo("merged") from fault
    except WouldRead as fault:
        raise CannotUndo("readers") from fault


def _some(held: Operation, parted: Parted, *, by: Actor, principal: Principal) -> Undone:
    """Takes back the operation on its last tickets that are not done yet."""
    waiting = held.steps.filter(undone_at=None)
    keys = list(waiting.order_by("-ticket_id").values_list("ticket_id", flat=True).distinct()[: AT_ONCE + 1])
    done = Undone()
    _hold_with_replies(held, keys[:AT_ONCE])
    for ticket in Ticket.objects.filter(pk__in=keys[:AT_ONCE]).order_by("pk"):
        _on(ticket, held, parted, done, by=by, principal=principal)
    if len(keys) > AT_ONCE:
        done.more = waiting.values("ticket_id").distinct().count()
    held.state = OperationState.UNDOING if done.more else OperationState.UNDONE
    held.save()
    return done


def _hold_with_replies(held: Operation, keys: Sequence[int]) -> None:
    """Locks the tickets, and those to which replies planned on them went since, in the order of their keys."""
    planned = held.steps.filter(ticket__in=keys, event__kind="reply.planned").values_list("event__changes", flat=True)
    replies = [changes["message"] for changes in planned]
    went = Message.objects.filter(pk__in=replies).values_list("ticket", flat=True) if replies else []
    hold({*keys, *went})


def _on(
    ticket: Ticket, held: Operation, parted: Parted, done: Undone, *, by: Actor, principal: Principal
) -> None:  # fmt: skip
    """Takes the operation back on one ticket, or says in `done` why not."""
    steps = held.steps.filter(ticket=ticket)
    events = [step.event for step in steps.select_related("event").order_by("event_id")]
    locked = lock(ticket, follow=False)
    structure = parted.structures.get(locked.pk)
    if held.kind == OperationKind.DELETE and can(principal, "ticket.restore", locked) and bring_back(locked):
        structure = Structure("ticket.restored")
    needed = _needed(held, events, principal)
    if principal.agent is None or not all(can(principal, f"ticket.{right}", locked) for right in needed):
        left, is_back = [Left(locked.number, "ticket", "rights")], False
    else:
        inverse = Inverse(locked, events, by=by, agent=principal.agent, structure=structure)
        is_back = inverse.apply()
        left = [Left(locked.number, *found) for found in inverse.left]
        done.taken += inverse.taken
    if is_back:
        done.tickets.append(locked.number)
    done.left += left
    steps.update(undone_at=clock.now())
    first = steps.order_by("event_id").first()
    if left and first:
        OperationStep.objects.filter(pk=first.pk).update(left=[asdict(one) for one in left])


def left_of(operations: Collection[int]) -> dict[int, list[Left]]:
    """What undos of these operations had to leave, on all their tickets, by the operation's key."""
    found: dict[int, list[Left]] = {}
    if operations:
        rows = OperationStep.objects.filter(operation__in=operations).exclude(left=[]).order_by("pk")
        for key, left in rows.values_list("operation", "left"):
            found.setdefault(key, []).extend(Left(**one) for one in left)
    return found
