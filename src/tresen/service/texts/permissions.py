"""Who may write saved replies and macros. Seeing and using is `visible_to`."""

from __future__ import annotations

from typing import Any

from tresen.core.people.models import Team
from tresen.core.people.permissions import Check, may_write
from tresen.core.people.principals import Principal
from tresen.service.texts.models import KeptText


def _change(principal: Principal, kept: Any) -> bool:
    """One's own; of those that are shared, what one may share."""
    if not isinstance(kept, KeptText) or not may_write(principal, None) or principal.agent is None:
        return False
    if kept.owner_id is not None:
        return kept.owner_id == principal.agent.pk
    return _share(principal, kept.team)


def _share(principal: Principal, team: Any) -> bool:
    """To share with a team (None: with everybody)."""
    return principal.reaches("texts", team.pk) if isinstance(team, Team) else principal.may("texts_all")


TEXT_PERMISSIONS: dict[str, Check] = {"text.keep": may_write, "text.change": _change, "text.share": _share}
