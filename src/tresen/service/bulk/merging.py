"""Many tickets go into one of them: seen before, each merge an operation of its own, all taken back together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from tresen.core.people.models import Contact
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.tickets import merging, undoing
from tresen.core.tickets.merging import CannotMerge, NotAsked
from tresen.core.tickets.models import Message, Participant, Ticket
from tresen.core.tickets.operation_models import Operation, OperationState
from tresen.core.tickets.operations import can_undo
from tresen.core.tickets.querysets import TicketQuerySet
from tresen.core.tickets.structure_models import Merge
from tresen.core.tickets.undoing import CannotUndo, Left, Undone
from tresen.kit import clock
from tresen.service.bulk.models import BulkChange, BulkState, Outcome
from tresen.service.bulk.wishes import Refused

# So many tickets become one at most: whoever does it has looked at each.
MOST_MERGED = 40
# So many are parted before there is an answer; a job parts the others.
PARTED_AT_ONCE = 5


@dataclass(frozen=True)
class MergeWish:
    """All go into the target. `confirmed`: contacts (keys) who may read what they could not before."""

    target: Ticket
    confirmed: tuple[int, ...] = ()
    is_empty = False
    bytes_each = 0
    called: tuple[str, dict[str, Any]] = ("bulk", {})

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"kind": "merge", "into": self.target.pk, "confirmed": list(self.confirmed)}

    @classmethod
    def from_json(cls, kept: dict[str, Any], principal: Principal) -> MergeWish:
        """As it was kept; a target that is gone or out of sight raises DoesNotExist."""
        return cls(Ticket.objects.visible_to(principal).get(pk=kept["into"]), tuple(kept["confirmed"]))

    def unchanged(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """None: each would become a signpost."""
        return tickets.none()

    def allows(self, ticket: Ticket, principal: Principal) -> bool:
        """Who may merge it."""
        return can(principal, "ticket.merge", ticket)

    def do(self, ticket: Ticket, *, principal: Principal, operation: Operation) -> bool:
        """An operation of its own, so that each can be parted by itself. Events as of `merging.merge`. Raises
        Refused."""
        target = Ticket.objects.visible_to(principal).filter(pk=self.target.pk).first()
        if target is None or principal.agent is None or not can(principal, "ticket.merge", target):
            raise Refused("rights")
        try:
            made = merging.merge(
                ticket, into=target, by=principal.actor, agent=principal.agent, confirmed=self.confirmed
            )  # fmt: skip
        except NotAsked as asks:
            raise Refused("merge-people-read") from asks
        except CannotMerge as fault:
            raise Refused(f"merge-{fault.why}") from fault
        made.facts["bulk"] = operation.pk
        made.save(update_fields=["facts"])
        return True


@dataclass(frozen=True)
class MergePlan:
    """What would become one. `tickets`: each with its number of messages, oldest first; `exposed`: who is not on all of
    them and could then read what is on the others; `refused`: how many may not be changed by this person."""

    tickets: list[Ticket]
    exposed: list[Contact]
    refused: int = 0
    too_many: bool = False

    @property
    def exposed_keys(self) -> list[int]:
        """To be confirmed."""
        return sorted(contact.pk for contact in self.exposed)


def plan_merge(tickets: TicketQuerySet, *, principal: Principal) -> MergePlan:
    """What a merge of these tickets (found through `visible_to`) would do; nothing is changed."""
    rows = tickets.filter(merged_into=None).select_related("status", "requester", "brand").order_by("pk")
    found = list(rows[: MOST_MERGED + 1])
    if len(found) > MOST_MERGED:
        return MergePlan([], [], too_many=True)
    own = [ticket for ticket in found if can(principal, "ticket.merge", ticket)]
    counted = Message.objects.filter(ticket__in=own).values("ticket").annotate(n=Count("pk"))
    messages = {row["ticket"]: row["n"] for row in counted.order_by()}
    for ticket in own:
        ticket.messages_there = messages.get(ticket.pk, 0)  # type: ignore[attr-defined]
    on: dict[int, set[int]] = {}
    people: dict[int, Contact] = {}
    for row in Participant.objects.filter(ticket__in=own).exclude(contact=None).select_related("contact"):
        assert row.contact is not None
        people[row.contact.pk] = row.contact
        on.setdefault(row.contact.pk, set()).add(row.ticket_id)
    exposed = [people[key] for key in sorted(on) if len(on[key]) < len(own)]
    return MergePlan(own, exposed, refused=len(found) - len(own))


def merges_of(change: BulkChange) -> list[Merge]:
    """The merges that this change made and nobody has taken back, newest first."""
    done = change.targets.filter(outcome=Outcome.CHANGED).values("ticket")
    rows = Merge.objects.filter(source__in=done, undone_at=None, operation__facts__bulk=change.operation_id)
    return list(rows.select_related("operation").order_by("-pk"))


def can_part(change: BulkChange) -> bool:
    """Something of it can be taken back."""
    return any(can_undo(row.operation) for row in merges_of(change))


@dataclass
class Parting:
    """What the undo of all merges did: how many were parted, what had to stay, why others could not be parted, and how
    many a job still parts."""

    parted: int = 0
    left: list[Left] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    more: int = 0


def part_all(change: BulkChange, *, principal: Principal) -> Parting:
    """Stops the change and takes its merges back, the last first, each in a transaction of its own; a job does all but
    the first. Events as of each undo. The change counts as undone when none of its merges is left."""
    from tresen.service.bulk.jobs import part_rest

    BulkChange.objects.filter(pk=change.pk, state=BulkState.WORKING).update(
        state=BulkState.STOPPED, ended_at=clock.now()
    )
    rows, done = merges_of(change), Parting()
    for row in rows[:PARTED_AT_ONCE]:
        _part(row, done, principal)
    if rest := rows[PARTED_AT_ONCE:]:
        done.more = len(rest)
        part_rest.enqueue(change_id=change.pk, key=f"bulk-part:{change.pk}")
    _note_undone(change, done, principal)
    return done


def part_more(change_id: int) -> None:
    """The merges that are left, for whoever made the change. Twice does nothing twice."""
    change = BulkChange.objects.select_related("agent__user", "operation").get(pk=change_id)
    if not change.agent.user.is_active:
        return
    done, principal = Parting(), Principal.of_agent(change.agent)
    for row in merges_of(change):
        _part(row, done, principal)
    _note_undone(change, done, principal)


def _part(row: Merge, done: Parting, principal: Principal) -> None:
    try:
        undone: Undone = undoing.undo(row.operation, by=principal.actor, principal=principal)
    except CannotUndo as fault:
        done.refused.append(fault.why)
        return
    done.parted += 1
    done.left += undone.left


def _note_undone(change: BulkChange, done: Parting, principal: Principal) -> None:
    if done.parted and not merges_of(change):
        Operation.objects.filter(pk=change.operation_id).update(
            state=OperationState.UNDONE, undone_at=clock.now(), undone_by=principal.agent
        )
