"""Jobs of the event log."""

from __future__ import annotations

from django.utils.module_loading import import_string

from tresen.spine.events.models import Event
from tresen.spine.jobs.registry import job


@job("events.react", max_attempts=6)
def react_again(*, event_id: int, reaction: str, error: str = "") -> None:
    """Runs a reaction that failed once more. Reactions compute from the event and check before acting."""
    import_string(reaction)(Event.objects.get(pk=event_id))
