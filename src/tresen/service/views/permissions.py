"""Who may make and change views: one's own, those of the own teams; those for everybody by a right of their own."""

from __future__ import annotations

from typing import Any

from tresen.core.people.permissions import Check, may_write
from tresen.core.people.principals import Principal
from tresen.service.views.choices import Audience
from tresen.service.views.models import SavedView


def may_share(principal: Principal, audience: str, team_id: int | None) -> bool:
    """May this person keep a view for that audience?"""
    if audience == Audience.PRIVATE:
        return True
    return principal.may("views_all") if audience == Audience.ALL else principal.reaches("views", team_id)


def _change(principal: Principal, view: Any) -> bool:
    """`view` may be one that is not saved yet: then it is asked about what it would become."""
    if not isinstance(view, SavedView) or not may_write(principal, None) or principal.agent is None:
        return False
    if view.audience == Audience.PRIVATE:
        return view.owner_id == principal.agent.pk
    return may_share(principal, view.audience, view.team_id)


VIEW_PERMISSIONS: dict[str, Check] = {"view.create": may_write, "view.change": _change}
