"""What levels do when something happened to a ticket."""

from __future__ import annotations

from tresen.service.levels.climbing import METRIC
from tresen.service.levels.jobs import act_by_clock
from tresen.spine.events.models import Event


def follow_clock(event: Event) -> None:
    """Reaction to `clock.warned` and `clock.breached` of a level's target. The ticket moves by a job right after: in
    this transaction its clocks are still being written."""
    if event.changes.get("metric") == METRIC:
        act_by_clock.enqueue(ticket_id=event.stream_id, event_id=event.pk)
