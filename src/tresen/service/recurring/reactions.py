"""What recurring tickets do when a calendar changes."""

from __future__ import annotations

from tresen.service.recurring.models import Recurring
from tresen.service.recurring.services import pattern_of
from tresen.spine.events.models import Event


def follow_calendar(event: Event) -> None:
    """Reaction to `calendar.changed`: the next date of what waits for open days."""
    for row in Recurring.objects.filter(calendar=event.stream_id).select_related("calendar"):
        row.next_at = pattern_of(row).next(row.done_until)
        row.save(update_fields=["next_at"])
