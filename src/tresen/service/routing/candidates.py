"""The people of a team as candidates: held, then read, so that nobody else gives them a ticket in this moment.

Locks are taken in one order: the ticket, the team's row, the agents by key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from tresen.core.attendance.standing import Standing, standings
from tresen.core.people.models import Agent, Team
from tresen.core.tickets.categories import keys_below
from tresen.core.tickets.choices import ACTIVE, Ball
from tresen.core.tickets.models import Category, Ticket
from tresen.service.routing.choosing import Candidate
from tresen.service.routing.models import AgentRouting


def hold(agents: Q) -> list[Agent]:
    """Those who can sign in, locked until the transaction ends."""
    keys = Agent.objects.active().filter(agents).values("pk")
    rows = Agent.objects.select_for_update(no_key=True, of=("self",)).select_related("user")
    return list(rows.filter(pk__in=keys).order_by("pk"))


def of_team(team: Team) -> Q:
    """Those of its people who may work on its tickets."""
    return Q(pk__in=Agent.objects.who_may_in("change", team.pk).values("pk"))


def our_turn() -> QuerySet[Ticket]:
    """The tickets that count: open, with us."""
    return Ticket.objects.filter(status_category__in=ACTIVE, ball=Ball.US, merged_into=None, deleted_at=None)


def candidates(agents: Iterable[Agent], *, channel: str) -> list[Candidate]:
    """The agents with what they have and can take, in a fixed number of queries."""
    listed = list(agents)
    own = {r.agent_id: r for r in AgentRouting.objects.filter(agent__in=listed).prefetch_related("skills")}
    loads: dict[int, Any] = {
        row["assignee"]: row
        for row in our_turn().filter(assignee__in=listed).order_by().values("assignee").annotate(
            n=Count("pk"), here=Count("pk", filter=Q(channel=channel)), effort=Sum(Coalesce("category__effort", 1)),
        )
    }  # fmt: skip
    below = keys_below(dict(Category.objects.values_list("pk", "parent"))) if own else {}
    where = standings(listed)
    return [_candidate(a, own.get(a.pk), loads.get(a.pk, {}), where[a.pk], below, channel) for a in listed]


def _candidate(
    agent: Agent, own: AgentRouting | None, load: dict[str, int], standing: Standing,
    below: Mapping[int, frozenset[int]], channel: str,
) -> Candidate:  # fmt: skip
    known = [row.pk for row in own.skills.all()] if own else []
    return Candidate(
        key=agent.pk, name=agent.user.name, is_here=standing.takes_tickets, since=standing.since,
        open=load.get("n", 0), effort=load.get("effort", 0), cap=own.cap if own else None,
        in_channel=load.get("here", 0), channel_cap=own.channel_caps.get(channel) if own else None,
        skills=frozenset[int]().union(*(below[key] for key in known if key in below)),
        languages=frozenset({agent.user.language, *(own.languages if own else ())}),
    )  # fmt: skip
