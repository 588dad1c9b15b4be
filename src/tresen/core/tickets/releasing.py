"""Who holds how much, and what happens when a colleague leaves: his tickets go back to their teams."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db.models import Count, Q, QuerySet

from tresen.core.people.models import Agent
from tresen.core.tickets.choices import ACTIVE
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import StaleTicket, hold
from tresen.core.tickets.services import update_ticket
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event

AT_ONCE = 50


def open_tickets_of(agent: Agent) -> int:
    """How many tickets that are neither solved nor closed he holds."""
    return Ticket.objects.filter(assignee=agent).active().count()


def release_tickets(agent: Agent, *, by: Actor, limit: int = AT_ONCE) -> int:
    """Takes him off up to `limit` of his open tickets; each stays with its team and records `ticket.changed`.

    How many are left. Solved and closed ones keep his name: that is history. One that somebody takes or closes in
    this moment is left to him.
    """
    held = Ticket.objects.filter(assignee=agent).active().order_by("pk")
    rows = list(held.select_related("status")[:limit])
    hold(ticket.pk for ticket in rows)
    for ticket in rows:
        with suppress(StaleTicket):
            update_ticket(ticket, by=by, set={"assignee": None}, expected={"assignee": agent, "status": ticket.status})
    return held.count()


def queue_release(event: Event) -> None:
    """Reaction to `agent.deactivated`: the tickets follow in steps of fifty, outside this transaction."""
    from tresen.core.tickets.jobs import release_tickets_of

    release_tickets_of.enqueue(key=f"release:{event.stream_id}", agent_id=event.stream_id, event_id=event.pk)


def with_open_tickets(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Teams or agents with `open_tickets`: how many tickets that are neither solved nor closed they hold."""
    return rows.annotate(open_tickets=Count("tickets", filter=Q(tickets__status_category__in=ACTIVE), distinct=True))
