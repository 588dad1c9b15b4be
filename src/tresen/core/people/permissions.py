"""The one authorisation layer: `can(principal, action, object)`. Default deny.

The checks of each action are in the PERMISSIONS tables of the apps, joined in wiring.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied

from tresen.core.people.giving import not_stronger
from tresen.core.people.principals import Principal
from tresen.kit.wiring import table

Check = Callable[[Principal, Any], bool]


@dataclass(frozen=True)
class Needs:
    """A check that asks for one of some rights (rights.py) first, and then for what else must hold.

    `team_of`: in which team the right is asked about, from what it is done to; without, in any.
    """

    rights: tuple[str, ...]
    also: Check | None = None
    team_of: Callable[[Any], int | None] | None = None

    def __call__(self, principal: Principal, target: Any) -> bool:
        if self.team_of is None or target is None:
            held = any(principal.may_anywhere(right) for right in self.rights)
        else:
            team = self.team_of(target)
            held = any(principal.may_in(right, team) for right in self.rights)
        return held and (self.also is None or self.also(principal, target))


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


def checks() -> dict[str, Check]:
    """What every action asks, by its name."""
    return dict(_checks())


def may_write(principal: Principal, target: Any) -> bool:
    """Every agent, for what is his own alone; a token must be allowed to write."""
    return principal.is_staff and "write" in principal.scopes


def _admin(principal: Principal, target: Any) -> bool:
    return principal.is_admin


def _own_account(principal: Principal, target: Any) -> bool:
    return principal.agent is not None and target is not None and principal.agent.user_id == target.pk


PEOPLE_PERMISSIONS: dict[str, Check] = {
    "contact.create": Needs(("contacts",)),
    "contact.change": Needs(("contacts",)),
    "organisation.change": Needs(("contacts",)),
    "agent.manage": Needs(("set_people",), not_stronger),
    "factor.reset": Needs(("set_people",), not_stronger),
    "team.manage": Needs(("set_people",)),
    "brand.manage": Needs(("set_brands",)),
    "mailbox.manage": Needs(("set_mail",)),
    "sorting.manage": Needs(("set_tickets",)),
    "rule.manage": Needs(("set_rules",)),
    "level.manage": Needs(("set_levels",)),
    "target.manage": Needs(("set_targets",)),
    "survey.manage": Needs(("set_surveys",)),
    "webhook.manage": Needs(("set_webhooks",)),
    "token.manage": Needs(("set_tokens",), not_stronger),
    "desk.operate": Needs(("operate",)),
    "role.manage": _admin,
    "account.change": _own_account,
}
