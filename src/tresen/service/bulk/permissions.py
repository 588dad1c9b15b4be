"""Who may change many tickets at once: who may change one. Each ticket is asked about by itself."""

from __future__ import annotations

from typing import Any

from tresen.core.people.permissions import Check
from tresen.core.people.principals import Principal


def _begin(principal: Principal, target: Any) -> bool:
    return principal.is_staff and "write" in principal.scopes


BULK_PERMISSIONS: dict[str, Check] = {"bulk.begin": _begin}
