"""How far an agent has read a ticket. A private bookmark: no event, nothing reacts."""

from __future__ import annotations

from django.db import transaction

from tresen.core.people.models import Agent
from tresen.core.tickets.models import ReadMark, Ticket


@transaction.atomic
def mark_read(ticket: Ticket, *, agent: Agent, message_id: int) -> None:
    """The agent has seen the ticket up to that message of it; a mark never moves back."""
    newest = ticket.messages.filter(pk__lte=message_id).order_by("-pk").values_list("pk", flat=True).first()
    if newest is None:
        return
    mark, made = ReadMark.objects.select_for_update().get_or_create(
        agent=agent, ticket=ticket, defaults={"message_id": newest}
    )
    if not made and mark.message_id < newest:
        mark.message_id = newest
        mark.save(update_fields=["message_id"])
