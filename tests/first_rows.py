"""The rows that migrations make, for tests whose own end empties every table."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model

# Django makes these anew itself.
ITS_OWN = {"contenttypes", "auth"}
_kept: list[tuple[type[Model], list[dict[str, Any]]]] = []


def keep_first_rows() -> None:
    """Remembers what lies in tables that nobody but the migrations has written to."""
    for model in apps.get_models():
        if model._meta.app_label not in ITS_OWN and (rows := list(model._base_manager.values())):
            _kept.append((model, rows))


def make_first_rows() -> None:
    """Puts them back, where a table has none."""
    for model, rows in _kept:
        if not model._base_manager.exists():
            model._base_manager.bulk_create([model(**row) for row in rows])
