"""What search does when something happened on a ticket. Both may run twice and late: they look at what is there now."""

from __future__ import annotations

from tresen.core.tickets.field_values import keys_in
from tresen.core.tickets.models import Ticket
from tresen.service.search.health import while_indexing
from tresen.service.search.indexing import index_messages, index_subject, named_message, stale_messages
from tresen.service.search.jobs import index_long_message, index_values
from tresen.service.search.own_texts import index_own
from tresen.spine.events.models import Event

# Reading more characters than this takes longer than a transaction should wait (about 5 ms).
LONG_TEXT = 20_000
# No transaction that began before a change of a field goes on for so long.
LATE_SECONDS = 120


def index_ticket(event: Event) -> None:
    """Index the subject and the own fields of a new ticket, or those that the event changed."""
    is_new, has_own = event.kind == "ticket.created", bool(keys_in(event.changes))
    if not (is_new or has_own or "subject" in event.changes):
        return
    ticket = event.stream_row or Ticket.objects.filter(pk=event.stream_id).only("number", "subject", "fields").first()
    if ticket is None:
        return
    with while_indexing():
        if is_new or "subject" in event.changes:
            index_subject(ticket, is_new=is_new)
        if has_own or (is_new and ticket.fields):
            index_own(ticket)


def index_field(event: Event) -> None:
    """Index the tickets anew that have a value of the field, where it is found by its words from now on, or no longer,
    or its choices are called otherwise."""
    if event.changes.keys() & {"is_searched", "choices"}:
        key = f"search.field:{event.stream_id}"
        index_values.enqueue(field_id=event.stream_id, after=0, key=f"{key}:0")
        # Again for what was written meanwhile by who still knew the field as it was.
        index_values.enqueue(field_id=event.stream_id, after=0, key=f"{key}:late:{event.pk}", delay=LATE_SECONDS)


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
