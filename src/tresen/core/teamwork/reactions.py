"""What follows for those who work together. All may run twice and late: they look at what is there now."""

from __future__ import annotations

from tresen.core.teamwork.mentions import note_mentions
from tresen.core.tickets.models import Message
from tresen.spine.events.models import Event


def read_mentions(event: Event) -> None:
    """A note may call colleagues."""
    message = Message.objects.select_related("ticket").filter(pk=event.changes.get("message")).first()
    if message is not None:
        note_mentions(message, cause=event)
