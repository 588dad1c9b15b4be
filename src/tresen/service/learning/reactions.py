"""What learning does when something happens to a ticket."""

from __future__ import annotations

from tresen.core.tickets.models import Ticket
from tresen.service.learning.jobs import look_at
from tresen.service.learning.models import Field
from tresen.service.learning.proposing import ask_again
from tresen.spine.events.models import Event


def look_at_ticket(event: Event) -> None:
    """Reaction to `ticket.created`: a job judges it and finds what is similar to it. What a colleague, a rule or the
    calendar begins has been filed by somebody."""
    filed = event.actor_kind in ("agent", "rule") or (event.actor_kind, event.actor_name) == ("system", "recurring")
    look_at.enqueue(ticket_id=event.stream_id, by_agent=filed)


def ask_again_after_undo(event: Event) -> None:
    """Reaction to `change.undone`: a click on a proposal that was taken back leaves it as it was."""
    if fields := event.changes.keys() & {*Field.values}:
        ask_again(event.stream_row or Ticket.objects.get(pk=event.stream_id), fields)
