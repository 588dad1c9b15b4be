"""The rows that migrations make, for tests whose own end empties every table."""

from __future__ import annotations

from importlib import import_module

from tresen.core.tickets.models import Status

STATUSES = import_module("tresen.core.tickets.migrations.0002_statuses").STATUSES


def make_statuses() -> None:
    """The statuses that a desk starts with, where there are none."""
    if not Status.objects.exists():
        for position, (slug, category, names) in enumerate(STATUSES):
            Status.objects.create(slug=slug, category=category, names=names, position=position, is_default=True)
