"""Nobody gives what he does not have: what must hold when somebody says who has which role and is in which team."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tresen.core.people.models import Agent, Role, Team
from tresen.core.people.principals import Principal
from tresen.core.people.rights import IN_TEAM


class NotYours(Exception):
    """Not this person's to give; `field` names it: role, teams or `role_in_<team>`. `own`: since it is his own."""

    def __init__(self, field: str, *, own: bool = False) -> None:
        super().__init__(field)
        self.field, self.own = field, own


def is_stronger(agent: Agent, than: Principal) -> bool:
    """Whether that agent may do or see anything that the principal may not, in any of his teams."""
    if than.is_admin:
        return False
    held = agent.role.held
    if agent.role_id == Role.ADMIN or not held <= than.rights:
        return True
    there = [(row.team_id, row.role.held if row.role else held) for row in agent.memberships.all()]
    return any(not _sees(than, team) or _exceeds(than, team, rights) for team, rights in there)


def not_stronger(principal: Principal, agent: Any) -> bool:
    """For permissions: the agent, where one is named, is himself or nobody stronger."""
    if agent is None:
        return True
    is_own = principal.agent is not None and isinstance(agent, Agent) and agent.pk == principal.agent.pk
    return is_own or (isinstance(agent, Agent) and not is_stronger(agent, principal))


def refuse_giving(
    principal: Principal, agent: Agent | None, *, role: str, teams: Collection[int], team_roles: Mapping[int, str]
) -> None:
    """Raises NotYours unless the principal may let that agent (None: a new one) have this role, be in these teams and
    have these roles there (key "": the usual one)."""
    rows = list(agent.memberships.all()) if agent else []
    had_role, had = (str(agent.role_id) if agent else ""), {row.team_id: str(row.role_id or "") for row in rows}
    is_own, roles = agent is not None and principal.agent is not None and agent.pk == principal.agent.pk, _roles()
    if role != had_role and (is_own or not _has_all(principal, roles.get(role))):
        raise NotYours("role", own=is_own)
    if set(teams) != had.keys() and is_own and not principal.is_admin:
        raise NotYours("teams", own=True)
    for team in teams:
        key = team_roles.get(team, had.get(team, ""))
        if is_own and key != had.get(team, ""):
            raise NotYours(f"role_in_{team}", own=True)
        if team in had and (key or role) == (had[team] or had_role):
            continue
        if not _sees(principal, team):
            raise NotYours("teams")
        if _exceeds(principal, team, _held(roles, key or role)):
            raise NotYours("role" if key == had.get(team, "") else f"role_in_{team}")


def refuse_members(
    principal: Principal, team: Team | None, *, agents: Collection[Agent], roles: Mapping[int, str]
) -> None:
    """The same where it is said of a team (None: a new one) who is in it, and as what (`{agent key: role key}`)."""
    rows = list(team.memberships.select_related("agent__role")) if team else []
    had, known = {row.agent_id: str(row.role_id or "") for row in rows}, _roles()
    chosen = {agent.pk: agent for agent in agents}
    people = {row.agent_id: row.agent for row in rows} | chosen
    now = {key: roles.get(key, had.get(key, "")) for key in chosen}
    touched = {key for key in people if had.get(key) != now.get(key)}
    if principal.agent is not None and principal.agent.pk in touched and not principal.is_admin:
        raise NotYours("agents", own=True)
    here = team.pk if team else None
    for key in touched:
        if is_stronger(people[key], principal) or (key in chosen and not _sees(principal, here)):
            raise NotYours("teams")
        if key in chosen and _exceeds(principal, here, _held(known, now[key] or str(people[key].role_id))):
            raise NotYours(f"role_of_{key}")


def _sees(principal: Principal, team: int | None) -> bool:
    """Whether he sees the tickets of the team (None: one to come)."""
    return principal.sees_all_tickets or team in principal.teams_with("see")


def _exceeds(principal: Principal, team: int | None, rights: frozenset[str]) -> bool:
    """Whether one of these rights in the team is more than he has there himself; for seeing ask `_sees`."""
    return any(not principal.may_in(right, team) for right in (rights & IN_TEAM) - {"see"})


def _has_all(principal: Principal, role: Role | None) -> bool:
    if role is None or role.key == Role.ADMIN:
        return role is not None and principal.is_admin
    return role.held <= principal.rights


def _roles() -> dict[str, Role]:
    return {role.key: role for role in Role.objects.all()}


def _held(roles: Mapping[str, Role], key: str) -> frozenset[str]:
    """What a role gives; one that there is not, nobody can give."""
    return roles[key].held if key in roles else IN_TEAM
