"""The people of a team as candidates: held, then read, so that nobody else gives them a ticket in this moment.

Locks are taken in one order: the ticket, the team's row, the agents by key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum, prefetch_related_objects
from django.db.models.functions import Coalesce

from tresen.core.attendance.standing import Standing, standings
from tresen.core.people.models import Agent
from tresen.core.tickets.categories import keys_below
from tresen.core.tickets.choices import ACTIVE, Ball
from tresen.core.tickets.models import Category, Ticket
from tresen.service.routing.choosing import Candidate
from tresen.service.routing.models import AgentRouting


def people(agents: Q) -> QuerySet[Agent]:
    """Those who can sign in, with what `candidates` wants of them."""
    return Agent.objects.active().filter(agents).select_related("user", "routing").order_by("pk")


def hold(agents: Q) -> list[Agent]:
    """The same, locked until the transaction ends, and read when they are: while one waited for him, somebody may have
    left or been given another limit."""
    if not connection.features.has_select_for_update:
        return list(people(agents))
    keys = people(agents).order_by().values("pk")
    rows = Agent.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
    return list(people(agents & Q(pk__in=list(rows.values_list("pk", flat=True)))))


def of_team(team: int) -> Q:
    """Those of its people who may work on its tickets."""
    return Q(pk__in=Agent.objects.who_may_in("change", team).values("pk"))


def is_our_turn(ticket: Ticket) -> bool:
    """Whether it counts among `our_turn`, asked of the row that one holds: what a statement found before it had to wait
    for a row may have changed meanwhile."""
    is_there = ticket.merged_into_id is None and ticket.deleted_at is None
    return is_there and ticket.status_category in ACTIVE and ticket.ball == Ball.US


def our_turn() -> QuerySet[Ticket]:
    """The tickets that count: open, with us."""
    return Ticket.objects.filter(status_category__in=ACTIVE, ball=Ball.US, merged_into=None, deleted_at=None)


def candidates(agents: Iterable[Agent], *, channel: str) -> list[Candidate]:
    """The agents (see `people`) with what they have and can take, in a fixed number of queries."""
    listed = list(agents)
    own: dict[int, AgentRouting] = {one.pk: row for one in listed if (row := getattr(one, "routing", None))}
    prefetch_related_objects(list(own.values()), "skills")
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
