"""Agents as those who look: the rights of many at once, for what is told to all open browsers (service/live)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tresen.core.people.models import Agent, Role, Session, TeamMembership
from tresen.core.people.rights import known_rights
from tresen.core.people.sessions import IDLE, LONGEST
from tresen.kit import clock


@dataclass(frozen=True, slots=True)
class Viewer:
    """What decides which tickets an agent sees, without his rows. Names are those that events carry."""

    agent_id: int
    name: str
    sees_all: bool
    sees_loose: bool
    # His teams, and those of them whose tickets he may see.
    seen_ids: frozenset[int]
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
    rows = alive.values_list(
        "pk", "user__agent__pk", "user__agent__role__key", "user__agent__role__rights", "user__name"
    )  # fmt: skip
    found = {key: _Row(agent, role, allows, name) for key, agent, role, allows, name in rows}
    viewers = _viewers(found.values())
    return {key: viewers[row.agent] for key, row in found.items()}


def viewers_of_agents(agents: Collection[int]) -> dict[int, Viewer]:
    """The same by the agents' own keys; without those who may no longer sign in."""
    rows = Agent.objects.filter(pk__in=agents, user__is_active=True)
    return _viewers([_Row(*row) for row in rows.values_list("pk", "role__key", "role__rights", "user__name")])


@dataclass(frozen=True, slots=True)
class _Row:
    agent: int
    role: str
    allows: dict[str, bool]
    name: str


def _viewers(rows: Collection[_Row]) -> dict[int, Viewer]:
    through = TeamMembership.objects.filter(agent_id__in={row.agent for row in rows})
    teams: dict[int, list[tuple[int, str, dict[str, bool] | None]]] = {}
    for agent, *team in through.values_list("agent_id", "team_id", "team__name", "role__rights"):
        teams.setdefault(agent, []).append((team[0], team[1], team[2]))
    return {row.agent: _viewer(row, teams.get(row.agent, [])) for row in rows}


def _viewer(row: _Row, mine: list[tuple[int, str, dict[str, bool] | None]]) -> Viewer:
    rights = Role(key=row.role, rights=row.allows).held
    there = {team: rights if other is None else known_rights(other) for team, _name, other in mine}
    return Viewer(
        agent_id=row.agent, name=row.name, sees_all="see_all" in rights, sees_loose="see_loose" in rights,
        seen_ids=frozenset(team for team, held in there.items() if "see" in held),
        team_ids=frozenset(there), team_names=frozenset(name for _team, name, _other in mine),
    )  # fmt: skip
