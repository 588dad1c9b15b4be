"""What search does when something happened on a ticket. Both may run twice and late: they look at what is there now."""

from __future__ import annotations

from tresen.core.tickets.models import Ticket
from tresen.service.search.health import while_indexing
from tresen.service.search.indexing import index_messages, index_subject, named_message, stale_messages
from tresen.service.search.jobs import index_long_message
from tresen.spine.events.models import Event

# Reading more characters than this takes longer than a transaction should wait (about 5 ms).
LONG_TEXT = 20_000


def index_ticket(event: Event) -> None:
    """Index the subject of a new ticket, or one that the event changed."""
    if event.kind == "ticket.created" or "subject" in event.changes:
        ticket = event.stream_row or Ticket.objects.filter(pk=event.stream_id).only("number", "subject").first()
        if ticket is not None:
            with while_indexing():
                index_subject(ticket, is_new=event.kind == "ticket.created")


def index_message(event: Event) -> None:
    """Index the message that the event names (all of the ticket if it names none) where its document is not up to date.

    Not up to date are messages that are new, were moved to this ticket, or became internal or public.
    """
    ticket = event.stream_row if event.kind == "ticket.created" else None
    # Just written and the only one; one that was moved here is older than the ticket.
    opening = ticket.opening if ticket and ticket.opening and ticket.opening.created_at == ticket.created_at else None
    if opening:
        stale = [opening]
    elif message_id := event.changes.get("message"):
        stale = named_message(event.stream_id, message_id)
    else:
        stale = list(stale_messages(event.stream_id))
    short = []
    for message in stale:
        if len(message.text) > LONG_TEXT:
            index_long_message.enqueue(key=f"search.long:{message.pk}", message_id=message.pk)
        else:
            short.append(message)
    with while_indexing():
        index_messages(short, is_new=opening is not None)
