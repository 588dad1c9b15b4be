"""What the mail channel does when a ticket is made or answered. Rows and jobs only; the job talks to the server."""

from __future__ import annotations

from tresen.channels.mail import outbox
from tresen.channels.mail.models import Outbox, OutboxKind
from tresen.core.tickets import services as tickets
from tresen.core.tickets.choices import Delivery
from tresen.core.tickets.models import Message, Ticket
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event


def queue_acknowledgement(event: Event) -> None:
    """Puts the confirmation of receipt into the outbox, unless the event is quiet (machines, sample data)."""
    if not event.changes.get("quiet"):
        tickets_there = Ticket.objects.select_related("brand", "requester")
        outbox.queue_acknowledgement(event.stream_row or tickets_there.get(pk=event.stream_id))


def go_on_sending(event: Event) -> None:
    """What rested in the bin with its ticket leaves."""
    outbox.go_on_sending(event.stream_id)


def queue_side(event: Event) -> None:
    """Puts a message to a partner into the outbox."""
    _queue(event, OutboxKind.SIDE)


def queue_reply(event: Event) -> None:
    """Puts an agent's reply into the outbox."""
    _queue(event, OutboxKind.REPLY)


def _queue(event: Event, kind: OutboxKind) -> None:
    message = Message.objects.select_related("ticket__brand").get(pk=event.changes["message"])
    is_other = message.is_side != (kind == OutboxKind.SIDE)
    if is_other or not message.recipients or Outbox.objects.filter(message=message, kind=kind).exists():
        return
    row = outbox.queue(kind, ticket=message.ticket, message=message, recipients=message.recipients)
    if row is None:
        tickets.set_delivery(message, state=Delivery.FAILED, detail="no mailbox", by=Actor.system("mail"))
