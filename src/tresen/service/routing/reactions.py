"""What routing does when something happens to a ticket."""

from __future__ import annotations

from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import ticket_of
from tresen.service.routing.giving import give
from tresen.service.routing.jobs import give_one, look_after
from tresen.spine.events.models import Event


def give_ticket(event: Event) -> None:
    """Reaction to `ticket.created`, `ticket.changed` and `change.undone`: a ticket that came to a team, and to nobody
    in it, is given to somebody. One that is new at once; one that changed by a job, right after: its transaction may
    hold others, too, and to hold the team's people meanwhile would let two such transactions wait for each other."""
    if event.kind != "ticket.created" and not event.changes.keys() & {"team", "category"}:
        return
    ticket = ticket_of(event)
    if ticket is None or not ticket.team_id or ticket.assignee_id is not None:
        return
    if event.kind == "ticket.created" and event.stream_row is ticket:
        give(ticket, cause=event)
    else:
        give_one.enqueue(ticket_id=ticket.pk, event_id=event.pk)


def look_after_ticket(event: Event) -> None:
    """Reaction to an answer: whether the owner of the ticket is there is looked at right after."""
    row = event.stream_row
    if event.changes.get("quiet") or (isinstance(row, Ticket) and row.assignee_id is None):
        return
    look_after.enqueue(ticket_id=event.stream_id, key=f"routing.look_after:{event.stream_id}")
