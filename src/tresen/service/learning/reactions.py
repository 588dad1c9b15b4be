"""What learning does when something happens to a ticket."""

from __future__ import annotations

from tresen.service.learning.jobs import look_at
from tresen.spine.events.models import Event


def look_at_ticket(event: Event) -> None:
    """Reaction to `ticket.created`: a job judges it and finds what is similar to it."""
    look_at.enqueue(ticket_id=event.stream_id, by_agent=event.actor_kind == "agent")
