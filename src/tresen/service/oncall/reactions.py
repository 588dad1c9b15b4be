"""What on-call does when something happened to a ticket."""

from __future__ import annotations

from tresen.core.tickets.models import Ticket
from tresen.service.oncall.calling import acknowledge_by_deed, call_again, raise_alert
from tresen.spine.events.models import Event

# The first level hands up; whoever is called has a ticket of one above.
LOWEST = 2


def call_for(event: Event) -> None:
    """Reaction to `ticket.escalated`: the rota of the level is called where it answers for this moment."""
    ticket = _ticket_of(event)
    if ticket is not None:
        raise_alert(ticket)


def follow_deeds(event: Event) -> None:
    """Reaction to `ticket.changed`, `ticket.assigned`, `note.added`, `reply.added` and `change.undone`: whoever takes
    or answers a ticket that calls has acknowledged; when the taking is undone, it calls anew."""
    given = (event.undo or {}).get("assignee")
    is_undone = event.kind == "change.undone"
    by_agent = event.actor_kind == "agent" and not is_undone
    is_deed = by_agent and (event.kind == "reply.added" or (given is not None and given[1] == event.actor_id))
    if not is_deed and not (is_undone and given):
        return
    ticket = _ticket_of(event)
    if ticket is None or ticket.level < LOWEST:
        return
    if is_undone:
        call_again(ticket, event)
    else:
        acknowledge_by_deed(ticket, event)


def _ticket_of(event: Event) -> Ticket | None:
    row = event.stream_row
    return row if isinstance(row, Ticket) else Ticket.objects.filter(pk=event.stream_id).first()
