"""Jobs of working together."""

from __future__ import annotations

from tresen.core.teamwork.snoozing import wake_in_time
from tresen.spine.jobs.registry import job


@job("teamwork.wake", max_attempts=12)
def wake_ticket(*, snooze_id: int) -> None:
    """What slept wakes at its time."""
    wake_in_time(snooze_id)
