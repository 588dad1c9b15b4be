"""Jobs of search."""

from __future__ import annotations

from tresen.core.tickets.field_models import FieldValue
from tresen.core.tickets.models import Message, Ticket
from tresen.service.search.indexing import index_messages
from tresen.service.search.memory import names_read_once
from tresen.service.search.own_texts import index_own
from tresen.spine.jobs.registry import job

_VALUES = 200


@job("search.index_long_message")
def index_long_message(*, message_id: int) -> None:
    """Index a message whose text is too long to be read inside the transaction that brought it."""
    message = Message.objects.filter(pk=message_id).prefetch_related("attachments").first()
    if message is not None:
        Ticket.objects.select_for_update().get(pk=message.ticket_id)
        index_messages([message])


@job("search.index_values")
def index_values(*, field_id: int, after: int) -> None:
    """Index the own fields of so many tickets that have a value of the field, and go on with the next ones."""
    rows = FieldValue.objects.filter(field=field_id, ticket__gt=after).order_by("ticket")
    keys = list(rows.values_list("ticket", flat=True).distinct()[:_VALUES])
    with names_read_once():
        for ticket in Ticket.objects.select_for_update().filter(pk__in=keys).order_by("pk"):
            index_own(ticket)
    if len(keys) == _VALUES:
        index_values.enqueue(field_id=field_id, after=keys[-1], key=f"search.field:{field_id}:{keys[-1]}")
