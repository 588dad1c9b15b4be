"""Jobs of search."""

from __future__ import annotations

from tresen.core.tickets.models import Message, Ticket
from tresen.service.search.indexing import index_messages
from tresen.spine.jobs.registry import job


@job("search.index_long_message")
def index_long_message(*, message_id: int) -> None:
    """Index a message whose text is too long to be read inside the transaction that brought it."""
    message = Message.objects.filter(pk=message_id).prefetch_related("attachments").first()
    if message is not None:
        Ticket.objects.select_for_update().get(pk=message.ticket_id)
        index_messages([message])
