"""The procedure on a ticket as one reads it: what it offers, what is asked now, what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import get_language

from tresen.core.people.models import Agent
from tresen.core.tickets.models import Ticket
from tresen.service.procedures.models import Answer, Outcome, Procedure, Run
from tresen.service.procedures.steps import Step, in_language


@dataclass(frozen=True)
class Said:
    """An answer; without an agent the customer gave it, in the portal."""

    question: str
    answer: str
    agent: Agent | None
    at: datetime


def _said(row: Answer, kept: Step, here: Step) -> Said:
    labels = [way["label"] for way in kept["ways"]]
    shown = here["ways"][labels.index(row.answer)]["label"] if row.answer in labels else row.answer
    return Said(here["ask"], shown, row.agent, row.at)


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
        """What is asked now, in the reader's language."""
        return self._steps[self.run.step] if self.run and self.is_open else None

    @property
    def _steps(self) -> list[Step]:
        return in_language(self.run.version.steps, (get_language() or "")[:2]) if self.run else []

    @cached_property
    def answers(self) -> list[Said]:
        """What was answered so far, in the reader's language."""
        rows, steps = list(self.run.answers.select_related("agent__user")) if self.run else [], self._steps
        return [_said(row, self.run.version.steps[row.step], steps[row.step]) for row in rows if self.run]

    @cached_property
    def offered(self) -> Procedure | None:
        """What can be begun, while nothing is under way."""
        return None if self.is_open else Procedure.objects.for_category(self.ticket.category)
