"""Who of many agents sees which of many tickets: `visible_to` of agents turned round, so that what happened is told to
everybody with two queries, and asked of one ticket. tests/live/test_audience.py holds them to the same answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from tresen.core.people.models import Agent
from tresen.core.people.querysets import AgentQuerySet
from tresen.core.people.viewers import Viewer
from tresen.core.tickets.models import Participant, Ticket


@dataclass(frozen=True, slots=True)
class Audience:
    """What decides who sees a ticket."""

    number: str
    team_id: int | None
    assignee_id: int | None
    taking_part: frozenset[int]

    def includes(self, viewer: Viewer) -> bool:
        """Whether that agent sees the ticket, as `Ticket.objects.visible_to` says."""
        return (
            viewer.sees_all
            or (viewer.sees_loose if self.team_id is None else self.team_id in viewer.seen_ids)
            or self.assignee_id == viewer.agent_id
            or viewer.agent_id in self.taking_part
        )


def audiences(tickets: Collection[int]) -> dict[int, Audience]:
    """The audience of each of these tickets; one that is gone has none."""
    taking_part: dict[int, set[int]] = {}
    rows = Participant.objects.filter(ticket_id__in=tickets, agent__isnull=False)
    for ticket, agent in rows.values_list("ticket_id", "agent_id"):
        taking_part.setdefault(ticket, set()).add(agent)
    found = Ticket.objects.filter(pk__in=tickets).values_list("pk", "number", "team_id", "assignee_id")
    return {
        pk: Audience(number, team, assignee, frozenset(taking_part.get(pk, ()))) for pk, number, team, assignee in found
    }


def agents_who_see(ticket: Ticket) -> AgentQuerySet:
    """Agents at work who see that ticket."""
    agents = Agent.objects.active()
    by_team = agents.who_may_in("see", ticket.team_id) if ticket.team_id else agents.who_may("see_loose")
    takes_part = Participant.objects.filter(ticket=ticket, agent__isnull=False).values("agent")
    sees = Q(pk__in=by_team.values("pk")) | Q(pk__in=agents.who_may("see_all").values("pk"))
    return agents.filter(sees | Q(pk=ticket.assignee_id or 0) | Q(pk__in=takes_part))
