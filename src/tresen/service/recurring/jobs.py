"""Jobs of recurring tickets."""

from __future__ import annotations

from tresen.service.recurring.making import make_due
from tresen.spine.jobs.registry import job


@job("recurring.make", outside=True)
def make() -> None:
    """Makes the tickets whose date has come."""
    make_due()
