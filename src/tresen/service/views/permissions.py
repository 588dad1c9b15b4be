"""Who may make and change views: one's own, those of the own teams; those for everybody are the administrators'."""

from __future__ import annotations

from typing import Any

from tresen.core.people.permissions import Check
from tresen.core.people.principals import Principal
from tresen.service.views.choices import Audience
from tresen.service.views.models import SavedView


def _make(principal: Principal, target: Any) -> bool:
    return principal.is_staff and "write" in principal.scopes


def may_share(principal: Principal, audience: str, team_id: int | None) -> bool:
    """May this person keep a view for that audience?"""
    if audience == Audience.PRIVATE:
        return True
    return principal.is_admin or (audience == Audience.TEAM and team_id in principal.team_ids)


def _change(principal: Principal, view: Any) -> bool:
    """`view` may be one that is not saved yet: then it is asked about what it would become."""
    if not isinstance(view, SavedView) or not _make(principal, None) or principal.agent is None:
        return False
    if view.audience == Audience.PRIVATE:
        return view.owner_id == principal.agent.pk
    return may_share(principal, view.audience, view.team_id)


VIEW_PERMISSIONS: dict[str, Check] = {"view.create": _make, "view.change": _change}
