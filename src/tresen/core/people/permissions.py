"""The one authorisation layer: `can(principal, action, object)`. Default deny.

The checks of each action are in the PERMISSIONS tables of the apps, joined in wiring.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied

from tresen.core.people.principals import Principal
from tresen.kit.wiring import table

Check = Callable[[Principal, Any], bool]


def can(principal: Principal, action: str, target: Any = None) -> bool:
    """May the principal do this to that? An unknown action is nobody's."""
    check = _checks().get(action)
    return bool(check and check(principal, target))


@cache
def _checks() -> dict[str, Check]:
    return {action: check for part in table("PERMISSIONS") for action, check in part.items()}


def require(principal: Principal, action: str, target: Any = None) -> None:
    """Raises PermissionDenied unless `can()`."""
    if not can(principal, action, target):
        raise PermissionDenied(action)


def _staff_write(principal: Principal, target: Any) -> bool:
    return principal.is_staff and "write" in principal.scopes


def _admin(principal: Principal, target: Any) -> bool:
    return principal.is_admin


def _own_account(principal: Principal, target: Any) -> bool:
    return principal.agent is not None and target is not None and principal.agent.user_id == target.pk


PEOPLE_PERMISSIONS: dict[str, Check] = {
    "contact.create": _staff_write,
    "contact.change": _staff_write,
    "organisation.change": _staff_write,
    "settings.change": _admin,
    "agent.manage": _admin,
    "team.manage": _admin,
    "brand.manage": _admin,
    "mailbox.manage": _admin,
    "token.manage": _admin,
    "account.change": _own_account,
}
