"""Jobs of routing."""

from __future__ import annotations

from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import lock
from tresen.service.routing.absences import hand_over
from tresen.service.routing.giving import give, give_waiting
from tresen.spine.events.models import Event
from tresen.spine.jobs.registry import job


@job("routing.deal", outside=True)
def deal() -> None:
    """What nobody looks after any more goes on; what waits is given out as soon as somebody is there."""
    hand_over()
    give_waiting()


@job("routing.look_after", outside=True)
def look_after(ticket_id: int) -> None:
    """A ticket that was answered or opened again: whether its owner is there."""
    ticket = Ticket.objects.filter(pk=ticket_id, assignee__isnull=False).first()
    if ticket is not None:
        hand_over(ticket=ticket)


@job("routing.give")
def give_one(ticket_id: int, event_id: int) -> None:
    """Gives a ticket that came to a team by a change, which is the cause."""
    ticket = Ticket.objects.filter(pk=ticket_id).first()
    if ticket is not None:
        give(lock(ticket, follow=False), cause=Event.objects.filter(pk=event_id).first())
