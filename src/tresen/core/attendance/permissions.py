"""Who may say of whom that he is there: each of himself, leads of those in their teams, who keeps the people of those
who may do no more than he."""

from __future__ import annotations

from typing import Any

from tresen.core.people.giving import not_stronger
from tresen.core.people.models import Agent
from tresen.core.people.permissions import Check, Needs, may_write
from tresen.core.people.principals import Principal


def _change(principal: Principal, agent: Any) -> bool:
    if not isinstance(agent, Agent) or principal.agent is None or not may_write(principal, None):
        return False
    if principal.agent.pk == agent.pk or (principal.may("set_people") and not_stronger(principal, agent)):
        return True
    teams = principal.teams_with("lead")
    return bool(teams) and agent.teams.filter(pk__in=teams).exists()


ATTENDANCE_PERMISSIONS: dict[str, Check] = {
    "attendance.see": Needs(("lead", "set_people")), "attendance.change": _change, "attendance.own": may_write
}  # fmt: skip
