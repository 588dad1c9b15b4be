"""Jobs of views."""

from __future__ import annotations

from tresen.service.views.services import sweep_views
from tresen.spine.jobs.registry import job


@job("views.sweep")
def sweep() -> None:
    """Views that were deleted long ago are gone for good."""
    sweep_views()
