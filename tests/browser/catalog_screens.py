"""The screens of asking for something: the catalogue and the plain request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def catalog_screens(
    at: Callable[..., Any], by_link: Callable[..., Any], sent: Callable[..., Any]
) -> list[tuple[Any, ...]]:
    """Each as screens.Screen takes it."""
    return [
        ("setup:services", "admin", at("/settings/services/")),
        ("setup:service-new", "admin", at("/settings/services/new/")),
        ("setup:service", "admin", by_link("/settings/services/", r"/services/\d+/$")),
        ("setup:service-form", "admin", by_link("/settings/services/", r"/services/\d+/form/$")),
        ("setup:service-tasks", "admin", by_link("/settings/services/", r"/services/\d+/tasks/$")),
        ("setup:service-versions", "admin", by_link("/settings/services/", r"/services/\d+/$", "versions/")),
        ("setup:service-version", "admin", by_link("/settings/services/", r"/services/\d+/$", "versions/1/")),
        ("setup:service-category-new", "admin", at("/settings/services/categories/new/")),
        ("setup:service-category", "admin", by_link("/settings/services/", r"/services/categories/\d+/$")),
        ("portal:services", "guest", at("/services/")),
        ("portal:service", "customer", at("/services/a-new-device/")),
        ("portal:service", "guest", sent("/services/account-for-a-new-colleague/"), "wrong"),
        ("portal:new-request", "guest", at("/requests/new/")),
        ("portal:new-request", "guest", sent("/requests/new/"), "wrong"),
    ]
