"""What routing does when something happens to a ticket."""

from __future__ import annotations

from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import lock
from tresen.service.routing.giving import give
from tresen.spine.events.models import Event


def give_ticket(event: Event) -> None:
    """Reaction to `ticket.created`, `ticket.changed` and `change.undone`: a ticket that came to a team, and to nobody
    in it, is given to somebody. Works on the row that the event is about, which its transaction holds."""
    if event.kind != "ticket.created" and not event.changes.keys() & {"team", "category"}:
        return
    row = event.stream_row
    ticket = row if isinstance(row, Ticket) else Ticket.objects.filter(pk=event.stream_id).first()
    if ticket is not None and ticket.team_id and ticket.assignee_id is None:
        give(ticket if row is ticket else lock(ticket, follow=False), cause=event)
