"""A colleague's draft as the ticket shows it, and who can be asked to look at one."""

from __future__ import annotations

from dataclasses import dataclass

from tresen.core.people.models import Agent
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.tickets.audience import agents_who_see
from tresen.core.tickets.models import Draft, Ticket
from tresen.faces.desk.ticket.fields import Option


@dataclass(frozen=True)
class SharedDraft:
    """A draft that waits for a review, seen by one agent."""

    draft: Draft
    principal: Principal

    @property
    def is_mine(self) -> bool:
        """He wrote it himself."""
        return self.draft.agent == self.principal.agent

    @property
    def may_work(self) -> bool:
        """He was asked."""
        return can(self.principal, "draft.review", self.draft)

    @property
    def whom(self) -> str:
        """Who was asked."""
        return str(self.draft.reviewer or self.draft.review_team or "")


def reviewers(ticket: Ticket, writer: Agent) -> list[Option]:
    """Who can be asked: the ticket's team, then colleagues who see the ticket."""
    colleagues = agents_who_see(ticket).exclude(pk=writer.pk).select_related("user").order_by("user__name")
    people = [Option(f"agent:{agent.pk}", agent.user.name) for agent in colleagues]
    return [*([Option(f"team:{ticket.team_id}", str(ticket.team))] if ticket.team else []), *people]
