"""Who keeps the catalogue."""

from __future__ import annotations

from tresen.core.people.permissions import Check, Needs

CATALOG_PERMISSIONS: dict[str, Check] = {"service.manage": Needs(("set_services",))}
