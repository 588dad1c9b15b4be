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
    """Whether that agent may do or see anything that the principal may not."""
    if than.is_admin:
        return False
    held, teams = set(agent.role.held), set()
    for row in agent.memberships.all():
        teams.add(row.team_id)
        held |= row.role.held & IN_TEAM if row.role else set()
    return not (held <= than.rights and (than.sees_all_tickets or teams <= than.team_ids))


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
    is_own = agent is not None and principal.agent is not None and agent.pk == principal.agent.pk
    if role != had_role and (is_own or not _has_all(principal, role)):
        raise NotYours("role", own=is_own)
    if set(teams) != had.keys():
        unseen = not principal.sees_all_tickets and not set(teams) - had.keys() <= principal.team_ids
        if unseen or (is_own and not principal.is_admin):
            raise NotYours("teams", own=is_own)
    for team, key in team_roles.items():
        if key != had.get(team, "") and (is_own or (key and not _has_all(principal, key))):
            raise NotYours(f"role_in_{team}", own=is_own)


def refuse_members(
    principal: Principal, team: Team | None, *, agents: Collection[Agent], roles: Mapping[int, str]
) -> None:
    """The same where it is said of a team (None: a new one) who is in it, and as what (`{agent key: role key}`)."""
    rows = list(team.memberships.select_related("agent__role")) if team else []
    had = {row.agent_id: str(row.role_id or "") for row in rows}
    chosen = {agent.pk: agent for agent in agents}
    people = {row.agent_id: row.agent for row in rows} | chosen
    changed = {key for key, role in roles.items() if key in had and key in chosen and role != had[key]}
    touched = (had.keys() ^ chosen.keys()) | changed
    if principal.agent is not None and principal.agent.pk in touched and not principal.is_admin:
        raise NotYours("agents", own=True)
    sees = principal.sees_all_tickets or (team is not None and team.pk in principal.team_ids)
    if (chosen.keys() - had.keys() and not sees) or any(is_stronger(people[key], principal) for key in touched):
        raise NotYours("teams")
    for key in changed:
        if roles[key] and not _has_all(principal, roles[key]):
            raise NotYours(f"role_of_{key}")


def _has_all(principal: Principal, key: str) -> bool:
    found = Role.objects.filter(key=key).first()
    return found is not None and found.held <= principal.rights
