"""What on-call does when something happened to a ticket."""

from __future__ import annotations

from tresen.core.tickets.models import Ticket
from tresen.service.oncall.calling import raise_alert
from tresen.spine.events.models import Event


def call_for(event: Event) -> None:
    """Reaction to `ticket.escalated`: the rota of the level is called where it answers for this moment."""
    row = event.stream_row
    ticket = row if isinstance(row, Ticket) else Ticket.objects.filter(pk=event.stream_id).first()
    if ticket is not None:
        raise_alert(ticket)
