"""Jobs of the live stream."""

from __future__ import annotations

from tresen.service.live.notices import sweep_notices
from tresen.service.live.presence import sweep_presences
from tresen.spine.jobs.registry import job


@job("live.sweep")
def sweep_live() -> None:
    """Removes notices and presences that have passed."""
    sweep_notices()
    sweep_presences()
