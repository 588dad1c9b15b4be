"""The log of what an agent did in one go, so that it can be undone (undoing.py).

    operation = operations.start("bulk", agent=agent, facts={"tickets": 1284})
    update_ticket(ticket, by=by, set=..., operation=operation)      # as often as it takes
    ...
    undoing.undo(operation, by=by, principal=principal)

Every service that may be part of an operation takes `operation=` and adds its event as a step, in the transaction of
the change. An operation is a row from its first step on (`operation.pk` is None before), so one that changed nothing is
none; whoever needs its key earlier, to give it to a job, saves it. A job that works through many tickets asks `goes_on`
at the beginning of each of its transactions, so that an undo stops it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tresen.core.people.models import Agent
from tresen.core.tickets.operation_models import Operation, OperationKind, OperationState, OperationStep
from tresen.kit import clock
from tresen.spine.events.models import Event

# How long an operation can be undone.
DAYS = {OperationKind.MERGE: 30, OperationKind.SPLIT: 30, OperationKind.DELETE: 30}
OTHER_DAYS = 1
SHOWN = 50
# What was undone later tells the undo of an earlier one what still counts: nothing goes before all that could ask.
KEPT = timedelta(days=max(DAYS.values()))
SWEPT_AT_ONCE = 500


def start(kind: str, *, agent: Agent, facts: dict[str, Any] | None = None) -> Operation:
    """A new operation of that kind (OperationKind), not saved yet; `facts`: what its name in a list needs."""
    at = clock.now()
    until = at + timedelta(days=DAYS.get(OperationKind(kind), OTHER_DAYS))
    return Operation(kind=kind, agent=agent, facts=facts or {}, at=at, undoable_until=until)


def add_step(operation: Operation | None, event: Event) -> None:
    """The event, on a ticket, is part of the operation; called by services in the transaction of the change."""
    if operation is None:
        return
    if operation.pk is None:
        operation.save()
    OperationStep.objects.create(operation=operation, ticket_id=event.stream_id, event=event)


def goes_on(operation: Operation) -> bool:
    """Nobody has begun to undo it. Holds its row until the transaction ends: an undo waits for that."""
    return Operation.objects.select_for_update().get(pk=operation.pk).state == OperationState.DONE


def can_undo(operation: Operation) -> bool:
    """It is not undone, and not too long ago. Whether somebody may undo it is `can(…, "operation.undo", …)`."""
    return operation.state == OperationState.DONE and clock.now() < operation.undoable_until


def recent_of(agent: Agent) -> list[Operation]:
    """What the agent did and could undo, or has undone, newest first, with the steps and their tickets."""
    mine = Operation.objects.filter(agent=agent, undoable_until__gt=clock.now()).order_by("-id")
    return list(mine[:SHOWN])


def sweep_operations() -> int:
    """Removes operations that nobody can ask about any more, with their steps and bulk changes; how many. Merges and
    splits stay: they say why a ticket is a signpost, and by them the mail of a parted ticket finds its way."""
    gone = Operation.objects.filter(undoable_until__lt=clock.now() - KEPT)
    over = gone.exclude(kind__in=[OperationKind.MERGE, OperationKind.SPLIT])
    keys = list(over.order_by("pk").values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    for key in keys:  # each in a transaction of its own: a bulk change has thousands of rows
        Operation.objects.filter(pk=key).delete()
    return len(keys)
