"""Agents at work: who they are, what they may, when they leave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from tresen.core.people.accounts import drop_sessions, end_everything, is_activated, kill_links
from tresen.core.people.identities import fold_mail, is_mail_address
from tresen.core.people.invitations import renew_if_raised
from tresen.core.people.models import Agent, Role, Team, TeamMembership, User
from tresen.core.people.refusals import AccountExists, LastAdministrator
from tresen.core.people.teams import hold_teams
from tresen.kit.fingerprint import refuse_if_changed
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

FIELDS = ("name", "email", "role", "teams", "team_roles")


def agent_values(agent: Agent) -> dict[str, Any]:
    """What a form shows of an agent, for its mark: `role_in_7` is the key of his role in team 7, empty as usual."""
    rows = dict(agent.memberships.values_list("team", "role__key"))
    there = {f"role_in_{team}": key or "" for team, key in sorted(rows.items())}
    return {"name": agent.user.name, "email": agent.user.email, "role": agent.role_id, "teams": sorted(rows), **there}


def is_last_administrator(agent: Agent) -> bool:
    """Whether no other administrator could sign in: active, and with a password of his own."""
    others = Agent.objects.administrators().active().exclude(pk=agent.pk)
    return agent.role_id == Role.ADMIN and not any(is_activated(other.user) for other in others.select_related("user"))


@transaction.atomic
def change_agent(agent: Agent, *, set: dict[str, Any], by: Actor, expected: str = "") -> Agent:
    """Changes name, email, role, teams, and with team_roles (`{team key: role key}`) roles in these teams. Event
    `agent.changed`.

    Another role ends all his sessions (for an invitation see invitations.renew_if_raised); another address kills every
    open link. Raises ChangedMeanwhile, LastAdministrator, AccountExists, ValueError for an address or role that is
    none, KeyError for other fields.
    """
    locked = hold_agent(agent, teams=set.get("teams"))
    refuse_if_changed(agent_values(locked), expected)
    user, changes = locked.user, {}
    for field in set:
        if field not in FIELDS:
            raise KeyError(field)
    if "name" in set and user.name != set["name"]:
        changes["name"] = [user.name, set["name"]]
        user.name = set["name"]
        user.save(update_fields=["name"])
    if "email" in set and fold_mail(set["email"]) != user.email:
        changes["email"] = _change_address(user, set["email"])
    if "role" in set and set["role"] != locked.role_id:
        changes["role"] = _change_role(locked, set["role"])
    if "teams" in set:
        before, after = (sorted(team.name for team in teams) for teams in (locked.teams.all(), set["teams"]))
        if before != after:
            locked.teams.set(set["teams"])
            changes["teams"] = [before, after]
    if there := _change_roles_there(locked, set.get("team_roles", {})):
        changes["team_roles"] = there
    if changes:
        record("agent.changed", stream=locked, by=by, changes=changes)
    if {"role", "teams", "team_roles"} & changes.keys():
        renew_if_raised(locked, by=by)
    return locked


def hold_agent(agent: Agent, *, teams: Iterable[Team] | None = None) -> Agent:
    """He as he is now, locked until the transaction ends: for whoever asks what he may before changing it. Where his
    teams change, `teams` in which he is to be are held before, and those in which he is."""
    if teams is not None:
        hold_teams([*teams, *agent.teams.all()])
    # All administrators with him: two who take each other's role away cannot both succeed.
    _hold_people(Q(pk=agent.pk) | Q(role=Role.ADMIN))
    return Agent.objects.select_related("user").get(pk=agent.pk)


def hold_members(team: Team, *, agents: Iterable[Agent]) -> dict[int, Agent]:
    """Those who are in the team, which is held already, and `agents`, by key: as they are now, locked until the
    transaction ends."""
    keys = {agent.pk for agent in agents} | {*team.memberships.values_list("agent", flat=True)}
    _hold_people(Q(pk__in=keys))
    return {agent.pk: agent for agent in Agent.objects.select_related("user", "role").filter(pk__in=keys)}


def _hold_people(which: Q) -> None:
    # In the order in which whoever gives tickets holds them, who is waited for; to be read when they are held.
    held = Agent.objects.select_for_update(no_key=True).filter(which).order_by("pk")
    list(held.values_list("pk", flat=True))


def _change_address(user: User, email: str) -> list[str]:
    if not is_mail_address(email.strip()):
        raise ValueError("not a mail address")
    old, user.email = user.email, fold_mail(email)
    if User.objects.filter(email=user.email).exclude(pk=user.pk).exists():
        raise AccountExists
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError as fault:
        raise AccountExists from fault
    kill_links(user)
    return [old, user.email]


def _change_role(agent: Agent, role: str) -> list[str]:
    if not Role.objects.filter(key=role).exists():
        raise ValueError("no such role")
    if role != Role.ADMIN and is_last_administrator(agent):
        raise LastAdministrator
    old, agent.role_id = str(agent.role_id), role
    agent.save(update_fields=["role"])
    drop_sessions(agent.user)
    return [old, role]


def _change_roles_there(agent: Agent, wanted: Mapping[int, str]) -> list[list[str]] | None:
    """Roles in single teams of his; what they were and are, None where nothing is new. Raises ValueError."""
    rows = list(agent.memberships.select_related("team", "role").filter(team__in=wanted).order_by("team__name"))
    before = [f"{row.team}: {row.role}" for row in rows if row.role]
    for row in rows:
        put_role_there(row, wanted[row.team_id])
    after = [f"{row.team}: {row.role}" for row in rows if row.role]
    if before == after:
        return None
    drop_sessions(agent.user)
    return [before, after]


def put_role_there(row: TeamMembership, key: str) -> None:
    """The role of that key in that team; empty: the usual one. Nobody is administrator of one team alone. Raises
    ValueError."""
    found = Role.objects.exclude(key=Role.ADMIN).filter(key=key).first() if key else None
    if key and found is None:
        raise ValueError("no such role")
    if row.role != found:
        row.role = found
        row.save(update_fields=["role"])


@transaction.atomic
def deactivate_agent(agent: Agent, *, by: Actor) -> Agent:
    """He can no longer sign in: sessions, links and API tokens end now. Event `agent.deactivated`, whose reaction
    gives his open tickets back to their teams. Nothing when he is inactive already. Raises LastAdministrator."""
    locked = hold_agent(agent)
    if not locked.user.is_active:
        return locked
    if is_last_administrator(locked):
        raise LastAdministrator
    locked.user.is_active = False
    locked.user.save(update_fields=["is_active"])
    record("agent.deactivated", stream=locked, by=by, changes=end_everything(locked.user, tokens=True))
    return locked


@transaction.atomic
def reactivate_agent(agent: Agent, *, by: Actor) -> Agent:
    """He can sign in again, with his old password if he had one. Event `agent.reactivated`."""
    locked = hold_agent(agent)
    if not locked.user.is_active:
        locked.user.is_active = True
        locked.user.save(update_fields=["is_active"])
        record("agent.reactivated", stream=locked, by=by)
    return locked


@transaction.atomic
def set_team_members(
    team: Team, *, agents: Iterable[Agent], roles: Mapping[int, str] | None = None, by: Actor
) -> list[Agent]:  # fmt: skip
    """Who belongs to the team, and with `roles` (`{agent key: role key}`) as what there; whose invitation was renewed
    (see invitations.renew_if_raised). Event `team.members_changed`, none when nothing changes. Another role there ends
    somebody's sessions. Raises ValueError."""
    [locked], chosen = hold_teams([team]), list(agents)
    held = hold_members(locked, agents=chosen)
    before = _members(locked)
    locked.agents.set(chosen)
    for row in locked.memberships.select_related("agent__user", "role").filter(agent__in=roles or {}):
        had = row.role_id
        put_role_there(row, (roles or {})[row.agent_id])
        if row.role_id != had:
            drop_sessions(row.agent.user)
    after = _members(locked)
    if before == after:
        return []
    facts = [sorted(before.values()), sorted(after.values())]
    record("team.members_changed", stream=locked, by=by, changes={"agents": facts})
    return [held[key] for key in sorted(after) if before.get(key) != after[key] and renew_if_raised(held[key], by=by)]


def _members(team: Team) -> dict[int, str]:
    """Each by key: the name, and the role there where it is another than usual."""
    rows = team.memberships.select_related("agent__user", "role")
    return {row.agent_id: f"{row.agent}: {row.role}" if row.role else str(row.agent) for row in rows}
