"""Jobs of levels."""

from __future__ import annotations

from tresen.core.tickets.models import Ticket
from tresen.service.levels.climbing import act_on
from tresen.spine.events.models import Event
from tresen.spine.jobs.registry import job


@job("levels.act_by_clock")
def act_by_clock(*, ticket_id: int, event_id: int) -> None:
    """Does what the ticket's level wants when its target warns, or has run out."""
    ticket, event = Ticket.objects.filter(pk=ticket_id).first(), Event.objects.filter(pk=event_id).first()
    if ticket is not None and event is not None:
        act_on(ticket, event)
