"""Who may write saved replies and macros. Seeing and using is `visible_to`."""

from __future__ import annotations

from typing import Any

from tresen.core.people.models import Role, Team
from tresen.core.people.permissions import Check
from tresen.core.people.principals import Principal
from tresen.service.texts.models import KeptText


def _keep(principal: Principal, target: Any) -> bool:
    return principal.is_staff and "write" in principal.scopes


def _change(principal: Principal, kept: Any) -> bool:
    """One's own; a team lead those of his teams; an administrator all that are shared."""
    if not isinstance(kept, KeptText) or not _keep(principal, None) or principal.agent is None:
        return False
    if kept.owner_id is not None:
        return kept.owner_id == principal.agent.pk
    return _share(principal, kept.team)


def _share(principal: Principal, team: Any) -> bool:
    """To share with a team (None: with everybody)."""
    if principal.agent is None or "write" not in principal.scopes:
        return False
    if principal.is_admin:
        return True
    leads = principal.agent.role == Role.TEAM_LEAD
    return leads and isinstance(team, Team) and team.pk in principal.team_ids


TEXT_PERMISSIONS: dict[str, Check] = {"text.keep": _keep, "text.change": _change, "text.share": _share}
