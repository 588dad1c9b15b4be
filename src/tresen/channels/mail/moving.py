"""A message that belongs elsewhere takes its mail along: the row of the ledger and the ids by which answers find it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from tresen.channels.mail.models import MessageReference, Outcome, RawMail
from tresen.core.tickets import moving
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.numbers import take_number
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event

# What a message says of its move, and its row in the ledger too.
MOVED = ("moved_from", "moved_by")


def move(message: Message, *, by: Actor, to: Ticket | None = None, with_later: bool = False) -> tuple[Ticket, Event]:
    """The message, and with `with_later` what the same person wrote after it, goes to the ticket `to`, or to a new one
    with its sender as requester. Later mails in that thread follow. Raises moving.CannotMove."""
    source = message.ticket
    number = take_number(source.brand) if to is None else ""
    with transaction.atomic():
        rows = [message, *(moving.later_of(message)[: moving.MOST_AT_ONCE - 1] if with_later else [])]
        if to is None:
            to, event = moving.move_to_own_ticket(rows, by=by, number=number)
        else:
            event = moving.move_messages(rows, to=to, by=by)
        keys = event.changes["messages"]
        references = MessageReference.objects.filter(message__in=keys)
        # Who was moved before keeps the ticket where his thread began: that is what older mails of ours still name.
        references.filter(moved_from=None).update(moved_from=source)
        references.update(ticket=to)
        _file(keys, on=to)
    return to, event


def take_back(event: Event, *, by: Actor) -> Ticket:
    """Undoes a move; the ticket where the messages are again. Raises moving.CannotMove."""
    with transaction.atomic():
        keys = event.changes.get("messages") or []
        number = event.changes.get("to")
        both = Ticket.objects.select_for_update().filter(Q(pk=event.stream_id) | Q(number=number)).order_by("pk")
        target = next((ticket for ticket in both if ticket.number == number), None)
        if target:
            RawMail.objects.filter(message__in=keys, ticket=target).update(ticket=None)
            MessageReference.objects.filter(message__in=keys, moved_from=event.stream_id).update(moved_from=None)
            MessageReference.objects.filter(message__in=keys).update(ticket=event.stream_id)
        source = moving.take_back_move(event, by=by)
        _file(keys, on=source)
    return source


def _file(keys: Sequence[int], *, on: Ticket) -> None:
    """The ledger says where these mails are now, and what became of them."""
    first = Message.objects.filter(ticket=on).order_by("pk").values_list("pk", flat=True).first()
    for row in RawMail.objects.filter(message__in=keys).select_related("message"):
        message = row.message
        if message is None:
            continue
        outcome = Outcome.NEW if message.pk == first else Outcome.REPLY
        outcome = Outcome.HELD if message.is_held else outcome
        outcome = Outcome.AUTOMATIC if message.is_automatic else outcome
        facts = {name: message.why[name] for name in MOVED if name in message.why}
        reason = {name: fact for name, fact in row.reason.items() if name not in MOVED} | facts
        RawMail.objects.filter(pk=row.pk).update(ticket=on, outcome=outcome, reason=reason)
