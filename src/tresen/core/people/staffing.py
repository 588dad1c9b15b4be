"""What a person does with colleagues and teams: held, the right asked of how it stands then, changed, in one go.

Locks are taken in one order: teams by key, then agents by key. So whoever saves a team and whoever saves one of its
people at the same moment wait for each other, and nothing of either is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction

from tresen.core.people.accounts import end_sessions, invite_again, invite_agent, mint_invitation
from tresen.core.people.agents import (
    change_agent,
    deactivate_agent,
    hold_agent,
    hold_members,
    reactivate_agent,
    set_team_members,
)
from tresen.core.people.giving import refuse_giving, refuse_members
from tresen.core.people.models import Agent, Team
from tresen.core.people.permissions import require
from tresen.core.people.principals import Principal
from tresen.core.people.teams import create_team, hold_teams, update_team


@transaction.atomic
def invite_colleague(
    *, email: str, name: str, role: str, teams: Collection[Team], language: str, timezone: str, principal: Principal
) -> Agent:  # fmt: skip
    """See accounts.invite_agent. Raises NotYours for what is not the principal's to give."""
    held = hold_teams(teams)
    refuse_giving(principal, None, role=role, teams=[team.pk for team in held], team_roles={})
    who = {"email": email, "name": name, "language": language, "timezone": timezone}
    return invite_agent(**who, role=role, teams=held, by=principal.actor)


@transaction.atomic
def change_colleague(agent: Agent, *, set: dict[str, Any], principal: Principal, expected: str = "") -> Agent:
    """See agents.change_agent. Raises PermissionDenied where he may do more than the principal by now, NotYours for
    what is not the principal's to give."""
    held = _held_for(principal, agent, teams=set["teams"])
    teams = [team.pk for team in set["teams"]]
    role = set.get("role", str(held.role_id))
    refuse_giving(principal, held, role=role, teams=teams, team_roles=set.get("team_roles", {}))
    return change_agent(held, set=set, by=principal.actor, expected=expected)


@transaction.atomic
def deactivate_colleague(agent: Agent, *, principal: Principal) -> Agent:
    """See agents.deactivate_agent. Raises PermissionDenied where he may do more than the principal by now."""
    return deactivate_agent(_held_for(principal, agent), by=principal.actor)


@transaction.atomic
def reactivate_colleague(agent: Agent, *, principal: Principal) -> Agent:
    """See agents.reactivate_agent. Raises PermissionDenied where he may do more than the principal by now."""
    return reactivate_agent(_held_for(principal, agent), by=principal.actor)


@transaction.atomic
def sign_colleague_out(agent: Agent, *, principal: Principal, keep: str = "") -> None:
    """See accounts.end_sessions. Raises PermissionDenied where he may do more than the principal by now."""
    end_sessions(_held_for(principal, agent).user, by=principal.actor, keep=keep)


@transaction.atomic
def invite_colleague_again(agent: Agent, *, principal: Principal) -> None:
    """See accounts.invite_again. Raises PermissionDenied where he may do more than the principal by now, LinkDead."""
    invite_again(_held_for(principal, agent), by=principal.actor)


@transaction.atomic
def hand_invitation_over(agent: Agent, *, principal: Principal) -> str:
    """See accounts.mint_invitation; whoever is told the token can become that colleague. Raises PermissionDenied where
    he may do more than the principal by now."""
    return mint_invitation(_held_for(principal, agent).user)


def _held_for(principal: Principal, agent: Agent, *, teams: Iterable[Team] | None = None) -> Agent:
    held = hold_agent(agent, teams=teams)
    require(principal, "agent.manage", held)
    return held


@transaction.atomic
def begin_team(*, set: dict[str, Any], agents: Iterable[Agent], principal: Principal) -> tuple[Team, list[Agent]]:
    """A new team with its people, and whose invitation was renewed; `set`: name and other teams.FIELDS. Raises
    WrongTeam, NotYours."""
    team = create_team(name=set["name"], description=set.get("description", ""), by=principal.actor)
    team = update_team(team, set=set, by=principal.actor)
    chosen = list(hold_members(team, agents=agents).values())
    refuse_members(principal, None, agents=chosen, roles={})
    return team, set_team_members(team, agents=chosen, by=principal.actor)


@transaction.atomic
def save_team(
    team: Team, *, set: dict[str, Any], agents: Iterable[Agent], roles: Mapping[int, str], principal: Principal,
    expected: dict[str, Any] | None = None, shown: Collection[int] | None = None,
) -> list[Agent]:  # fmt: skip
    """The team and its people as a page has them; whose invitation was renewed. `shown`: keys of those who stood on the
    page when it was opened; who has come or left since is left as he is. Raises StaleTeam, WrongTeam, NotYours."""
    saved = update_team(team, set=set, by=principal.actor, expected=expected)
    wanted = {agent.pk: agent for agent in agents}
    held = hold_members(saved, agents=wanted.values())
    chosen = wanted.keys() & held.keys()
    if shown is not None:
        there = {*saved.memberships.values_list("agent", flat=True)}
        came, left = there - {*shown}, {*shown} - there
        chosen = (chosen - left) | came
    members = [held[pk] for pk in sorted(chosen)]
    refuse_members(principal, saved, agents=members, roles=roles)
    return set_team_members(saved, agents=members, roles=roles, by=principal.actor)
