"""Who may work with received mail. Seeing is `received.received_for`; these are the acts."""

from __future__ import annotations

from typing import Any

from tresen.core.people.models import Role
from tresen.core.people.permissions import Check
from tresen.core.people.principals import Principal


def _handle(principal: Principal, target: Any) -> bool:
    """Administrators, and team leads for the mailboxes of their teams."""
    leads = principal.agent is not None and principal.agent.role == Role.TEAM_LEAD and "write" in principal.scopes
    return principal.is_admin or leads


MAIL_PERMISSIONS: dict[str, Check] = {"mail.handle": _handle}
