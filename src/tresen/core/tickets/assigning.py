"""A ticket is given to somebody by the desk itself, or by his asking for the next one: with the reason."""

from __future__ import annotations

from typing import Any

from tresen.core.people.models import Agent
from tresen.core.tickets.changes import apply_changes
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.operations import add_step
from tresen.core.tickets.rows import save
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record


def assign(
    locked: Ticket, *, agent: Agent | None, why: dict[str, Any], by: Actor, cause: Event | None = None,
    operation: Operation | None = None,
) -> None:  # fmt: skip
    """Gives the ticket, which the caller holds, to the agent, or back to its team. Event `ticket.assigned` with `why`
    (see service/routing/giving.py). Raises WrongValue."""
    at = clock.now()
    changes = apply_changes(locked, {"assignee": agent}, at=at)
    save(locked, at)
    facts = {**changes, "why": why}
    event = record("ticket.assigned", stream=locked, by=by, changes=facts, cause=cause, undo=changes.undo)
    add_step(operation, event)
