"""Who may say of whom that he is there: each of himself, leads of those in their teams, administrators of all."""

from __future__ import annotations

from typing import Any

from tresen.core.people.models import Agent, Role
from tresen.core.people.permissions import Check
from tresen.core.people.principals import Principal


def _leads(principal: Principal, target: Any = None) -> bool:
    return principal.agent is not None and principal.agent.role != Role.AGENT and "write" in principal.scopes


def _change(principal: Principal, agent: Any) -> bool:
    if not isinstance(agent, Agent) or principal.agent is None or "write" not in principal.scopes:
        return False
    if principal.agent.pk == agent.pk or principal.is_admin:
        return True
    return _leads(principal) and agent.teams.filter(pk__in=principal.team_ids).exists()


def _own(principal: Principal, target: Any = None) -> bool:
    return principal.agent is not None and "write" in principal.scopes


ATTENDANCE_PERMISSIONS: dict[str, Check] = {
    "attendance.see": _leads, "attendance.change": _change, "attendance.own": _own
}  # fmt: skip
