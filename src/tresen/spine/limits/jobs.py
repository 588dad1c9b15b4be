"""Jobs of the limits."""

from __future__ import annotations

from tresen.spine.jobs.registry import job
from tresen.spine.limits.services import sweep


@job("limits.sweep")
def sweep_limits() -> None:
    """Removes time windows that are over."""
    sweep()
