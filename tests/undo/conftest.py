"""The cast, and what an agent does as one operation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast, make_cast
from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.core.tickets import operations, undoing
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.services import update_ticket
from tresen.spine.events.actors import Actor


@pytest.fixture
def cast(db: None) -> Cast:
    """Two teams, two organisations, their people (tests/cast.py)."""
    return make_cast()


def change(ticket: Ticket, agent: Agent, **set: Any) -> Operation:
    """The agent changes fields in one go."""
    operation = operations.start("change", agent=agent)
    update_ticket(ticket, by=Actor.agent(agent), set=set, operation=operation)
    return operation


def undo(operation: Operation, agent: Agent | None = None) -> undoing.Undone:
    """Taken back by whoever did it, or by somebody else."""
    agent = agent or operation.agent
    return undoing.undo(operation, by=Actor.agent(agent), principal=Principal.of_agent(agent))


def now(ticket: Ticket) -> Ticket:
    """The ticket as it is in the database."""
    return Ticket.objects.get(pk=ticket.pk)
