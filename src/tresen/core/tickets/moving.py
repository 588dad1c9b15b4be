"""“This belongs elsewhere”: messages go to another ticket or to one of their own, and come back when that was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from tresen.core.tickets.changes import apply_changes
from tresen.core.tickets.choices import MessageKind, StatusCategory
from tresen.core.tickets.content import Content
from tresen.core.tickets.links import close_unproven_links
from tresen.core.tickets.models import Message, Status, Ticket
from tresen.core.tickets.rows import adopt, lock, save, show_last_there_is
from tresen.core.tickets.services import create_ticket, reopen
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record

MOST_AT_ONCE = 50


class CannotMove(Exception):
    """The messages are not where they were, or were answered meanwhile."""


def later_of(message: Message) -> QuerySet[Message]:
    """What the same person has written on the same ticket after this message."""
    if message.contact_id is None:
        return Message.objects.none()
    same = Message.objects.filter(
        ticket=message.ticket_id, contact=message.contact_id, kind=MessageKind.RECEIVED, is_side=False
    )
    return same.filter(pk__gt=message.pk).order_by("pk")


def move_messages(messages: Sequence[Message], *, to: Ticket, by: Actor) -> Event:
    """Received messages of one ticket go to another, held ones are let in by that. A ticket that is left without
    messages is closed and says which one it became part of.

    Events `message.moved` on the old ticket (answered) and `message.arrived` on the other. Raises CannotMove.
    """
    at = clock.now()
    with transaction.atomic():
        source, target = _lock_both(messages[0].ticket, to)
        rows = _locked(messages, on=source)
        facts = _facts(rows, to=target)
        close_unproven_links(target)
        _put(rows, target, by=by)
        arrived = {} if all(row.is_automatic for row in rows) else reopen(target, at)
        save(target, at)
        event = record("message.moved", stream=source, by=by, changes={**facts, **_leave(source, target, at)})
        told = {"from": source.number, "messages": facts["messages"], **arrived}
        record("message.arrived", stream=target, by=by, changes=told, cause=event)
    return event


def move_to_own_ticket(messages: Sequence[Message], *, by: Actor, number: str) -> tuple[Ticket, Event]:
    """Received messages of one ticket get one of their own, whose requester is their sender; nothing is answered
    automatically. `number`: taken before. Events `ticket.created`, `message.moved`. Raises CannotMove."""
    at = clock.now()
    with transaction.atomic():
        source = lock(messages[0].ticket)
        rows = _locked(messages, on=source)
        first = rows[0]
        if first.contact is None:
            raise CannotMove
        facts = _facts(rows, to=None)
        _mark(rows, source, by=by)
        new = create_ticket(
            by=by, requester=first.contact, subject=first.subject or source.subject, content=_content(first),
            channel=first.channel, brand=source.brand, team=source.team, trust=first.trust, follows=source,
            follows_reason="split", is_unconfirmed=_is_unconfirmed(first), quiet=True, number=number, first=first,
            set=None if source.team else {"team": None},  # nor a team by its brand
        )  # fmt: skip
        for row in rows[1:]:
            adopt(new, row)
        new.save()
        changes = {**facts, "to": new.number, "created": True, **_leave(source, new, at)}
        event = record("message.moved", stream=source, by=by, changes=changes)
        told = {"from": source.number, "messages": facts["messages"]}
        record("message.arrived", stream=new, by=by, changes=told, cause=event)
    return new, event


def can_take_back(event: Event) -> bool:
    """The move can still be undone: the messages are where it put them, and nobody has answered there since."""
    if event.kind != "message.moved":
        return False
    wanted = event.changes.get("messages") or []
    target = Ticket.objects.filter(number=event.changes.get("to")).first()
    if target is None or not wanted or not Ticket.objects.filter(pk=event.stream_id).exists():
        return False
    answered = target.messages.filter(kind=MessageKind.REPLY, created_at__gt=event.at).exists()
    return not answered and target.messages.filter(pk__in=wanted).count() == len(wanted)


def take_back_move(event: Event, *, by: Actor) -> Ticket:
    """The inverse of a move: the messages return, held ones are held again, fields that it changed are as before; a
    ticket that it made is gone if nothing else is on it. Event `message.returned` on the old ticket, which is
    answered. Raises CannotMove."""
    at = clock.now()
    if not can_take_back(event):
        raise CannotMove
    with transaction.atomic():
        source, target = _lock_both(
            Ticket.objects.get(pk=event.stream_id), Ticket.objects.get(number=event.changes["to"])
        )
        event = Event.objects.select_for_update().get(pk=event.pk)
        if not can_take_back(event):
            raise CannotMove
        rows = list(Message.objects.select_for_update().filter(pk__in=event.changes["messages"]).order_by("pk"))
        held = set(event.changes.get("held", []))
        for row in rows:
            row.why = {k: v for k, v in row.why.items() if k not in ("moved_from", "moved_by")}
            adopt(source, row)
        Message.objects.filter(pk__in=held).update(is_held=True)
        show_last_there_is(source)
        _restore(source, event.changes, at)
        if source.follows_id == target.pk and event.changes.get("emptied"):
            source.follows, source.follows_reason = None, ""
        save(source, at)
        arrived = Event.objects.filter(cause_id=event.pk, kind="message.arrived").first()
        gone = bool(event.changes.get("created")) and _remove_if_empty(target)
        if not gone:
            show_last_there_is(target)
            _restore(target, arrived.changes if arrived else {}, at)
            save(target, at)
        facts = {"from": target.number, "messages": [row.pk for row in rows], "removed": gone}
        record("message.returned", stream=source, by=by, changes=facts, cause=event)
    return source


def _lock_both(source: Ticket, target: Ticket) -> tuple[Ticket, Ticket]:
    """Both tickets, locked in the order of their keys so that two moves cannot wait for each other."""
    if source.pk == target.pk:
        raise CannotMove
    locked = {
        ticket.pk: lock(ticket, follow=False) for ticket in sorted((source, target), key=lambda ticket: ticket.pk)
    }
    if any(ticket.merged_into_id or ticket.deleted_at for ticket in locked.values()):
        raise CannotMove
    return locked[source.pk], locked[target.pk]


def _locked(messages: Sequence[Message], *, on: Ticket) -> list[Message]:
    keys = [message.pk for message in messages[:MOST_AT_ONCE]]
    rows = Message.objects.select_for_update(of=("self",)).select_related("contact").filter(pk__in=keys, ticket=on)
    found = list(rows.filter(kind=MessageKind.RECEIVED, is_side=False).order_by("pk"))
    if len(found) != len(keys) or not found:
        raise CannotMove
    return found


def _facts(rows: Sequence[Message], *, to: Ticket | None) -> dict[str, Any]:
    held = [row.pk for row in rows if row.is_held]
    return {"to": to.number if to else "", "messages": [row.pk for row in rows], "held": held}


def _mark(rows: Sequence[Message], source: Ticket, *, by: Actor) -> None:
    for row in rows:
        row.why = {**row.why, "moved_from": source.number, "moved_by": by.name[:120]}


def _put(rows: Sequence[Message], target: Ticket, *, by: Actor) -> None:
    _mark(rows, rows[0].ticket, by=by)
    for row in rows:
        adopt(target, row)


def _leave(source: Ticket, target: Ticket, at: datetime) -> dict[str, Any]:
    """The ticket the messages have left: what is shown of it now; closed and pointing on when nothing is left."""
    changes: dict[str, Any] = {}
    if source.messages.exists():
        show_last_there_is(source)
    else:
        changes = dict(apply_changes(source, {"status": Status.objects.default_of(StatusCategory.CLOSED)}, at=at))
        changes["emptied"] = source.follows_id is None
        if source.follows_id is None:
            source.follows, source.follows_reason = target, "moved"
    save(source, at)
    return changes


def _restore(ticket: Ticket, changes: dict[str, Any], at: datetime) -> None:
    """Status and turn as before a change, where nobody has changed them since."""
    status = changes.get("status")
    if isinstance(status, list) and ticket.status.slug == status[1]:
        old = Status.objects.filter(slug=status[0]).first()
        apply_changes(ticket, {"status": old} if old else {}, at=at)
    ball = changes.get("ball")
    if isinstance(ball, list) and ball[0] and ticket.ball == ball[1]:
        apply_changes(ticket, {"ball": ball[0]}, at=at)


def _remove_if_empty(ticket: Ticket) -> bool:
    if ticket.messages.exists() or _has_mail(ticket):
        return False
    try:
        with transaction.atomic():
            ticket.delete()
    except ProtectedError:
        return False
    return True


def _has_mail(ticket: Ticket) -> bool:
    """Something of the mail channel's hangs on it, seen through its relations only."""
    relations: list[Any] = [getattr(ticket, name, None) for name in ("outgoing", "raw_mails")]
    return any(relation is not None and relation.exists() for relation in relations)


def _is_unconfirmed(message: Message) -> bool:
    contact = message.contact
    return contact is None or not contact.identities.filter(kind="mail", verified_at__isnull=False).exists()


def _content(message: Message) -> Content:
    return Content(text=message.text, reply_text=message.reply_text, subject=message.subject)
