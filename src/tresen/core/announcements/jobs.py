"""Jobs of announcements."""

from __future__ import annotations

from tresen.core.announcements.services import follow_the_clock
from tresen.spine.jobs.registry import job


@job("announcements.watch")
def watch() -> None:
    """Begins what is planned for now, ends what is over."""
    follow_the_clock()
