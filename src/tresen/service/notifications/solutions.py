"""How a ticket was solved, in the words of whoever did it: for those who follow it, the first to hand it up."""

from __future__ import annotations

from collections.abc import Iterable

from tresen.core.people.principals import Principal
from tresen.core.tickets.choices import UNSENT, MessageKind, StatusCategory
from tresen.core.tickets.models import Message, Ticket
from tresen.service.notifications.kinds import Kind
from tresen.service.notifications.models import Notification
from tresen.spine.events.models import Event

# News that carry the words they are about.
WITH_WORDS = (Kind.SOLVED, Kind.RETURNED)


def solves(event: Event, ticket: Ticket) -> bool:
    """Whether the ticket is solved, or closed without that, by this event; by a reply also where the status changed
    when it was planned, some seconds before it left."""
    is_over = ticket.status_category == StatusCategory.SOLVED or (
        ticket.status_category == StatusCategory.CLOSED and ticket.closed_at == ticket.solved_at
    )
    if not is_over or "status" in event.changes or event.kind != "reply.added":
        return is_over and "status" in event.changes
    planned = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk, kind="reply.planned")
    return any(
        changes.get("message") == event.changes.get("message") and "status" in changes
        for changes in planned.order_by("-pk").values_list("changes", flat=True)[:20]
    )


def solution_of(event: Event, ticket: Ticket) -> int | None:
    """The key of the message that says it: the event's own, else what whoever solved it wrote last, since it was handed
    up; none where he wrote nothing, whatever others did."""
    own = event.changes.get("message")
    if isinstance(own, int):
        return own
    if event.actor_kind != "agent":
        return None
    written = ticket.messages.filter(kind__in=(MessageKind.REPLY, MessageKind.NOTE), is_side=False, is_held=False)
    his = written.filter(agent=event.actor_id).exclude(delivery__in=UNSENT).exclude(handover__way="up")
    if up := ticket.handovers.filter(way="up").order_by("-at").values_list("at", flat=True).first():
        his = his.filter(created_at__gt=up)
    return his.order_by("-created_at", "-pk").values_list("pk", flat=True).first()


def words_of(rows: Iterable[Notification], principal: Principal) -> dict[int, str]:
    """The words that news carry, by the key of the news, as far as the reader sees them now on that very ticket."""
    wanted = {row.message_id for row in rows if row.kind in WITH_WORDS and row.message_id}
    if not wanted:
        return {}
    seen = Message.objects.visible_to(principal).filter(pk__in=wanted).exclude(delivery__in=UNSENT)
    said = {(pk, ticket): (reply or text).strip() for pk, ticket, reply, text in seen.values_list(
        "pk", "ticket", "reply_text", "text")}  # fmt: skip
    return {
        row.pk: text for row in rows
        if row.kind in WITH_WORDS and (text := said.get((row.message_id or 0, row.ticket_id or 0), ""))
    }  # fmt: skip


def cut(text: str, most: int) -> str:
    """Its beginning, to the last whole word."""
    if len(text) <= most:
        return text
    head = text[:most].rstrip()
    return (head.rpartition(" ")[0] if " " in head[most // 2 :] else head) + " …"
