"""The procedure on a ticket as one reads it: what it offers, what is asked now, what was answered."""

from __future__ import annotations

from functools import cached_property

from tresen.core.tickets.models import Ticket
from tresen.service.procedures.models import Answer, Outcome, Procedure, Run
from tresen.service.procedures.steps import Step


class Guide:
    """Of one ticket."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket

    @cached_property
    def run(self) -> Run | None:
        """The last one, under way or at its end."""
        rows = Run.objects.select_related("version__procedure").filter(ticket=self.ticket)
        return rows.order_by("-pk").first()

    @property
    def is_open(self) -> bool:
        """Something is asked."""
        return self.run is not None and self.run.outcome == Outcome.OPEN

    @property
    def step(self) -> Step | None:
        """What is asked now."""
        return self.run.version.steps[self.run.step] if self.run and self.is_open else None

    @cached_property
    def answers(self) -> list[Answer]:
        """What was answered so far."""
        return list(self.run.answers.select_related("agent__user")) if self.run else []

    @cached_property
    def offered(self) -> Procedure | None:
        """What can be begun, while nothing is under way."""
        return None if self.is_open else Procedure.objects.for_category(self.ticket.category)
