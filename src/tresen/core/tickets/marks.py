"""How far an agent has read a ticket, and on which he has begun to write. Private: no event, nothing reacts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value

from tresen.core.people.models import Agent
from tresen.core.tickets.models import Attachment, Draft, Message, ReadMark, Ticket
from tresen.kit.prepared import prepared


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


def unread_tickets(tickets: Collection[int], *, agent: Agent) -> set[int]:
    """Those of the tickets (primary keys) that hold a message the agent has not seen and not written, in one query.

    Automatic replies are no news. The caller has found the tickets through `visible_to`.
    """
    return set(_unseen(tickets, agent.pk).values_list("ticket_id", flat=True).distinct()) if tickets else set()


def marks_on(tickets: Collection[int], *, active: Collection[int], agent: Agent) -> tuple[set[int], set[int]]:
    """Of the tickets: the `active` ones with something unread as above, and those on which the agent has begun to write
    something; in one query."""
    if not tickets:
        return set(), set()
    # No ticket has the key 0: as many keys as there are tickets, so that the query is the same on every page.
    asked = (*active, *[0] * (len(tickets) - len(active)))
    found = _marks.rows(tuple(tickets), asked, agent.pk)
    return {pk for pk, is_unread in found if is_unread}, {pk for pk, is_unread in found if not is_unread}


@prepared
def _marks(tickets: tuple[int, ...], active: tuple[int, ...], agent: int) -> QuerySet[Any, tuple[int, bool]]:
    written = ~Q(text="") | Exists(Attachment.objects.filter(draft=OuterRef("pk")))
    begun = Draft.objects.filter(written, agent=agent, ticket__in=tickets).order_by()
    rows = _unseen(active, agent).values_list("ticket_id", Value(True)).distinct()
    return rows.union(begun.values_list("ticket_id", Value(False)), all=True)


def _unseen(tickets: Collection[int], agent: int) -> QuerySet[Message]:
    mark = ReadMark.objects.filter(agent=agent, ticket=OuterRef("ticket")).values("message_id")[:1]
    news = Message.objects.filter(ticket__in=tickets, is_automatic=False).exclude(agent=agent)
    return news.annotate(read_up_to=Subquery(mark)).filter(Q(read_up_to=None) | Q(pk__gt=F("read_up_to"))).order_by()
