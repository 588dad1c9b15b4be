"""Whoever wants to hear of an event is called, from the outbox."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from tresen.core.tickets.models import Ticket
from tresen.kit.prepared import prepared
from tresen.service.webhooks.kinds import facts_of
from tresen.service.webhooks.models import Delivery, Endpoint
from tresen.service.webhooks.services import queue
from tresen.spine.events.models import Event


@prepared
def _active() -> QuerySet[Any, Any]:
    return Endpoint.objects.filter(is_active=True).order_by("pk")


def call_endpoints(event: Event) -> None:
    """Reaction to the kinds of `kinds.py`, and to an undo, which is a change: a call for each endpoint that wants to
    hear of it, once."""
    kind = "ticket.changed" if event.kind == "change.undone" else event.kind
    wanting = [endpoint for endpoint in _active.rows() if kind in endpoint.kinds]
    if not wanting:
        return
    row = event.stream_row
    number = row.number if isinstance(row, Ticket) else Ticket.objects.values_list("number").get(pk=event.stream_id)[0]
    facts = facts_of(event, number)
    for endpoint in wanting:
        told = Delivery.objects.filter(endpoint=endpoint, kind=kind, body__contains=f'"event":{event.pk},')
        if event.stream_row is None and told.exists():  # this reaction runs once more
            continue
        queue(endpoint, kind, facts)
