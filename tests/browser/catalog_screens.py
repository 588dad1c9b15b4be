"""The screens of asking for something: the catalogue and the plain request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def catalog_screens(at: Callable[..., Any], sent: Callable[..., Any]) -> list[tuple[Any, ...]]:
    """Each as screens.Screen takes it."""
    return [
        ("portal:services", "guest", at("/services/")),
        ("portal:service", "customer", at("/services/a-new-device/")),
        ("portal:service", "guest", sent("/services/account-for-a-new-colleague/"), "wrong"),
        ("portal:new-request", "guest", at("/requests/new/")),
        ("portal:new-request", "guest", sent("/requests/new/"), "wrong"),
    ]
