"""Agents as those who look: the rights of many at once, for what is told to all open browsers (service/live)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from tresen.core.people.models import Agent, Role, Session
from tresen.core.people.sessions import IDLE, LONGEST
from tresen.kit import clock


@dataclass(frozen=True, slots=True)
class Viewer:
    """What decides which tickets an agent sees, without his rows. Names are those that events carry."""

    agent_id: int
    name: str
    sees_all: bool
    team_ids: frozenset[int]
    team_names: frozenset[str]


def viewers_of_sessions(keys: Collection[str]) -> dict[str, Viewer]:
    """The agents behind the sessions that live now, by the hash of the session's key; two queries.

    Missing is whoever signed out, was idle too long, changed the password elsewhere or may no longer sign in.
    """
    at = clock.now()
    alive = Session.objects.filter(
        pk__in=keys, expire_date__gt=at, seen_at__gt=at - IDLE, created_at__gt=at - LONGEST,
        user__is_active=True, user__agent__isnull=False,
    )  # fmt: skip
    rows = alive.values_list("pk", "user__agent__pk", "user__agent__role", "user__name")
    found = list(rows)
    teams = _teams({agent for _key, agent, _role, _name in found})
    return {key: _viewer(agent, role, name, teams) for key, agent, role, name in found}


def viewers_of_agents(agents: Collection[int]) -> dict[int, Viewer]:
    """The same by the agents' own keys; without those who may no longer sign in."""
    rows = Agent.objects.filter(pk__in=agents, user__is_active=True).values_list("pk", "role", "user__name")
    found = list(rows)
    teams = _teams({agent for agent, _role, _name in found})
    return {agent: _viewer(agent, role, name, teams) for agent, role, name in found}


def _teams(agents: Collection[int]) -> dict[int, list[tuple[int, str]]]:
    through: QuerySet[Any] = Agent.teams.through.objects.filter(agent_id__in=agents)
    teams: dict[int, list[tuple[int, str]]] = {}
    for agent, team, name in through.values_list("agent_id", "team_id", "team__name"):
        teams.setdefault(agent, []).append((team, name))
    return teams


def _viewer(agent: int, role: str, name: str, teams: dict[int, list[tuple[int, str]]]) -> Viewer:
    mine = teams.get(agent, [])
    return Viewer(
        agent_id=agent, name=name, sees_all=role == Role.ADMIN,
        team_ids=frozenset(team for team, _name in mine), team_names=frozenset(name for _team, name in mine),
    )  # fmt: skip
