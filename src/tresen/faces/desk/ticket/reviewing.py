"""A colleague's draft as the ticket shows it, and who can be asked to look at one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from tresen.core.people.models import Agent, Role
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Draft, Participant, Ticket
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
    colleagues = Agent.objects.active().exclude(pk=writer.pk)
    if ticket.team_id:
        takes_part = Participant.objects.filter(ticket=ticket, agent__isnull=False).values("agent")
        sees = Q(teams=ticket.team_id) | Q(role=Role.ADMIN) | Q(pk=ticket.assignee_id or 0) | Q(pk__in=takes_part)
        colleagues = colleagues.filter(sees).distinct()
    people = [Option(f"agent:{agent.pk}", agent.user.name) for agent in colleagues.order_by("user__name")]
    return [*([Option(f"team:{ticket.team_id}", str(ticket.team))] if ticket.team else []), *people]
