"""Replies that have not left yet: until then they can be taken back, and nobody outside sees them.

A reply written in the desk waits some seconds (undo) or until a chosen time. Its row is there from the start; the event
`reply.added`, on which it is mailed, follows when it leaves. Whoever takes it back finds everything in the composer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Agent, Identity
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.tickets.changes import WrongValue, apply_changes, refuse_unfinished, shown, value_now
from tresen.core.tickets.choices import UNSENT, Channel, Delivery, MessageKind, StatusCategory, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.draft_models import Draft
from tresen.core.tickets.drafts import put_back
from tresen.core.tickets.field_values import gathered, keys_in
from tresen.core.tickets.models import Attachment, Message, PlannedReply, ReplySettings, Status, Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.operations import add_step
from tresen.core.tickets.rows import lock, mark_undelivered, save, show_last, show_last_there_is, write_message
from tresen.core.tickets.services import default_recipients
from tresen.core.tickets.sides import give_up_side, has_left, may_leave
from tresen.core.tickets.staged import BESIDE, NUMBERS, TAGS, fields_on, meaning_of, not_to_set, put_beside, read_lines
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record
from tresen.spine.jobs.registry import Retry

# What may change together with a reply that can be undone.
FIELDS = ("status", "ball")
UNDO_SECONDS = 10
PLANNED = ("reply.planned", "side.planned")
LONGEST_AHEAD = timedelta(days=366)


class HasLeft(Exception):
    """The reply has left (or somebody else has taken it back): too late."""


def undo_seconds() -> int:
    """How long a reply can be undone; 0: it leaves at once."""
    found = ReplySettings.objects.values_list("undo_seconds", flat=True).first()
    return UNDO_SECONDS if found is None else found


def change_undo_seconds(seconds: int, *, by: Actor) -> None:
    """Sets them, 0 to 120. Event `replies.changed`, none when nothing changes. Raises ValueError."""
    if not 0 <= seconds <= 120:
        raise ValueError("0 to 120 seconds")
    with transaction.atomic():
        row, _ = ReplySettings.objects.select_for_update().get_or_create(pk=1)
        if row.undo_seconds != seconds:
            old, row.undo_seconds = row.undo_seconds, seconds
            row.save()
            record("replies.changed", stream=row, by=by, changes={"undo_seconds": [old, seconds]})


def plan_reply(
    ticket: Ticket, *, by: Actor, agent: Agent, content: Content, leaves_at: datetime, is_later: bool = False,
    unless_answered: bool = False, files: Iterable[Attachment] = (), set: dict[str, Any] | None = None,
    recipients: Sequence[dict[str, str]] | None = None, operation: Operation | None = None,
    staged: Sequence[str] = (),
) -> Message:  # fmt: skip
    """An agent's answer that leaves at `leaves_at`. Event `reply.planned`; `reply.added` follows when it leaves.

    `set` (status, ball) changes at once and goes back when the reply is undone; for one that `is_later` it changes
    when it leaves. `staged`: lines (staged.py) whose other changes are made when it leaves, so that until then its
    author sees the ticket and can take it back. `unless_answered`: it stays here when the other side writes before.
    Raises WrongValue, StaleTicket.
    """
    from tresen.core.tickets.jobs import leave_reply

    if unknown := [name for name in set or {} if name not in FIELDS]:
        raise WrongValue(unknown[0])
    at = clock.now()
    with transaction.atomic():
        locked = lock(ticket)
        to = list(default_recipients(locked) if recipients is None else recipients)
        message = write_message(
            locked, kind=MessageKind.REPLY, channel=Channel.MAIL if to else Channel.WEB, content=content, at=at,
            agent=agent, trust=Trust.SIGNED_IN, files=files, recipients=to, delivery=Delivery.PLANNED,
            shows=not is_later,
        )  # fmt: skip
        wanted = _with_open(locked, set)
        refuse_unfinished(locked, {**wanted, **_own_in(staged)}, by)
        if is_later:
            changes = {name: [shown(getattr(locked, name)), shown(value)] for name, value in wanted.items()}
        else:
            changes = apply_changes(locked, wanted, at=at)
        if operation is not None and operation.pk is None:
            operation.save()
        PlannedReply.objects.create(
            message=message, leaves_at=leaves_at, is_later=is_later, unless_answered=unless_answered, changes=changes,
            staged=list(staged), operation=operation, before=_before(locked, staged),
        )  # fmt: skip
        save(locked, at)
        facts = {"leaves_at": leaves_at.isoformat()} if is_later else changes
        add_step(operation, record("reply.planned", stream=locked, by=by, changes={"message": message.pk, **facts}))
        leave_reply.enqueue(message_id=message.pk, at=leaves_at, key=f"leave:{message.pk}")
    return message


def _with_open(ticket: Ticket, set: dict[str, Any] | None) -> dict[str, Any]:
    """A new ticket that was answered is open, as in `add_reply`."""
    if ticket.status_category == StatusCategory.NEW and "status" not in (set or {}):
        return {**(set or {}), "status": Status.objects.default_of(StatusCategory.OPEN)}
    return dict(set or {})


def _before(ticket: Ticket, staged: Sequence[str]) -> dict[str, Any]:
    """How the fields of the lines stand now, those of the priority together, as one follows from the others; tags are
    added and taken away whatever others did with the rest."""
    names = {name for name in read_lines(staged) if name not in (*FIELDS, *TAGS, *BESIDE)}
    if names.intersection(NUMBERS):
        names.update(NUMBERS)
    return {name: shown(value_now(ticket, name)) for name in sorted(names)}


def _own_in(staged: Sequence[str]) -> dict[str, Any]:
    """What the lines say of the desk's own fields: filled in by the time it leaves."""
    changes = read_lines(staged)
    return gathered({name: changes[name] for name in keys_in(changes)})


def leave(message_id: int) -> None:
    """The time has come: the reply leaves, or stays with its reason. Does nothing for one that is no longer planned.

    Inside the transaction of the job. Raises Retry when it is too early.
    """
    plan = PlannedReply.objects.select_related("message__ticket").filter(message=message_id).first()
    if plan is None:
        return
    at, locked = clock.now(), lock(plan.message.ticket, follow=True)
    message = _planned(message_id)
    if message is None or message.delivery != Delivery.PLANNED:
        return
    if message.plan.leaves_at > at:
        raise Retry((message.plan.leaves_at - at).total_seconds())
    if why := _why_not(message, locked):
        _stop(message, locked, why=why, at=at)
    else:
        _leaves(message, locked, by=Actor.agent(message.agent) if message.agent else Actor.system("tresen"), at=at)


def _planned(message_id: int) -> Message | None:
    rows = Message.objects.select_for_update(of=("self",)).select_related("plan__operation", "agent__user")
    return rows.filter(pk=message_id, delivery__in=UNSENT).first()


def _why_not(message: Message, ticket: Ticket) -> str:
    """Why it must not leave by itself: the author may not answer here any more, those it is for have left the ticket,
    or they have answered; empty when it may."""
    agent = message.agent
    if agent is None or not agent.user.is_active:
        return "author"
    if not can(Principal.of_agent(agent), "ticket.reply", ticket):
        return "author"
    if message.is_side:
        return "" if may_leave(message) else "recipients"
    if message.recipients and not any(row["role"] != "bcc" for row in _still_here(message, ticket)):
        return "recipients"
    return "answered" if message.plan.unless_answered and _answered_since(message) else ""


def _still_here(message: Message, ticket: Ticket) -> list[dict[str, str]]:
    here = Identity.objects.filter(kind="mail", contact__participations__ticket=ticket)
    addresses = set(here.values_list("folded", flat=True))
    # A blind copy to somebody who is not on the ticket was a deliberate act; it is no place on it that could be lost.
    return [row for row in message.recipients if row.get("added") or fold_mail(row["address"]) in addresses]


def _answered_since(message: Message) -> bool:
    written = Message.objects.filter(ticket=message.ticket_id, kind=MessageKind.RECEIVED, pk__gt=message.pk)
    return written.filter(is_held=False, is_automatic=False, is_side=False).exists()


def _leaves(message: Message, ticket: Ticket, *, by: Actor, at: datetime) -> None:
    plan = message.plan
    if message.is_side:
        message.delivery, message.delivery_detail, message.delivery_at = Delivery.QUEUED, "", at
        message.save(update_fields=["delivery", "delivery_detail", "delivery_at"])
        has_left(message, plan.back, at=at)
        plan.delete()
        save(ticket, at)
        facts = {"message": message.pk, "side": message.thread_id}
        record("side.written", stream=ticket, by=by, changes=facts)
        return
    message.recipients = _still_here(message, ticket)
    message.delivery = Delivery.QUEUED if message.recipients else Delivery.NONE
    message.delivery_detail, message.delivery_at = "", at
    wanted = _staged(message, ticket)
    if plan.is_later:
        message.created_at = at
        same = {name: new for name, (old, new) in plan.changes.items() if shown(getattr(ticket, name)) == old}
        wanted |= _with_open(ticket, _read(same))
    changes = apply_changes(ticket, wanted, at=at)
    if plan.is_later:
        show_last(ticket, message, message.reply_text or message.text)
    message.save(update_fields=["recipients", "delivery", "delivery_detail", "delivery_at", "created_at"])
    operation, staged = plan.operation, plan.staged
    plan.delete()
    ticket.first_response_at = ticket.first_response_at or at
    save(ticket, at)
    mark_undelivered(ticket, at=at)
    told = {"message": message.pk, **changes}
    left = record("reply.added", stream=ticket, by=by, changes=told, undo=changes.undo)
    add_step(operation, left)
    if staged and message.agent is not None:
        with suppress(WrongValue):  # the ticket has no room for it any more: the reply leaves all the same
            put_beside(ticket, read_lines(staged), Principal.of_agent(message.agent), cause=left)


def _staged(message: Message, ticket: Ticket) -> dict[str, Any]:
    """What its author laid out to change with it besides what changed at once, as far as he may change it now and
    nobody has changed it since."""
    if not message.plan.staged or message.agent is None:
        return {}
    author, changes = Principal.of_agent(message.agent), read_lines(message.plan.staged)
    since = [name for name, old in message.plan.before.items() if shown(value_now(ticket, name)) != old]
    if any(name in NUMBERS for name in since):
        since += NUMBERS
    meaning = meaning_of(changes, author)
    gone = [*FIELDS, *since, *meaning.gone, *not_to_set(ticket, meaning.values, author)]
    return fields_on(ticket, {name: value for name, value in changes.items() if name not in gone}, author)


def _read(values: dict[str, Any]) -> dict[str, Any]:
    """Values as they stand in an event, as the ticket's fields take them; a status that is gone is left out."""
    found = {name: value for name, value in values.items() if name != "status"}
    status = Status.objects.filter(slug=values["status"], is_active=True).first() if "status" in values else None
    return {**found, "status": status} if status else found


def _stop(message: Message, ticket: Ticket, *, why: str, at: datetime) -> None:
    message.delivery, message.delivery_detail, message.delivery_at = Delivery.STOPPED, why, at
    message.save(update_fields=["delivery", "delivery_detail", "delivery_at"])
    mark_undelivered(ticket, at=at)
    facts = {"message": message.pk, "delivery": [Delivery.PLANNED, Delivery.STOPPED]}
    record("delivery.changed", stream=ticket, by=Actor.system("tresen"), changes=facts)


def stop_planned(event: Event) -> None:
    """Reaction to a message from outside: replies that were to leave only unless they answer stay here."""
    if event.changes.get("quiet"):
        return
    waiting = Message.objects.filter(ticket=event.stream_id, delivery=Delivery.PLANNED, plan__unless_answered=True)
    for message in waiting.select_related("ticket"):
        _stop(message, message.ticket, why="answered", at=clock.now())


def send_now(message: Message, *, by: Actor) -> None:
    """A planned reply leaves now, also one that was stopped. Event `reply.added`. Raises HasLeft."""
    at = clock.now()
    with transaction.atomic():
        locked = lock(message.ticket)
        found = _planned(message.pk)
        if found is None:
            raise HasLeft
        _leaves(found, locked, by=by, at=at)


def take_back(message: Message, *, by: Actor, agent: Agent, typed: str = "") -> Draft:
    """The reply goes back into the draft of that agent, with its files and recipients, above what he has `typed` by
    now; what changed with it goes back where nobody has changed it since, on the ticket where it was planned. All of
    it in one transaction, so that nothing is lost with the answer. Event `reply.taken_back`; of a message to a partner
    `side.taken_back`. Raises HasLeft."""
    at = clock.now()
    with transaction.atomic():
        locked = lock(message.ticket)
        found = _planned(message.pk)
        if found is None:
            raise HasLeft
        back: dict[str, Any] = {}
        if not found.plan.is_later and _was_planned_on(locked, found):
            same = {f: old for f, (old, new) in found.plan.changes.items() if shown(getattr(locked, f)) == new}
            back = apply_changes(locked, _read(same), at=at)
        facts, is_side = {"message": found.pk, **back}, found.is_side
        draft = give_up_side(found, agent=agent) if is_side else _give_up(found, agent=agent, typed=typed)
        show_last_there_is(locked)
        save(locked, at)
        mark_undelivered(locked, at=at)
        record("side.taken_back" if is_side else "reply.taken_back", stream=locked, by=by, changes=facts)
    return draft


def _give_up(message: Message, *, agent: Agent, typed: str) -> Draft:
    draft = put_back(
        message.ticket, agent=agent, text=message.text, details=_composed(message), message_id=message.pk, typed=typed,
        uploads=list(message.attachments.order_by("created_at", "filename")),
    )  # fmt: skip
    message.delete()
    return draft


def _was_planned_on(ticket: Ticket, message: Message) -> bool:
    """It did not come here by a merge or a split: what changed with it changed here."""
    planned = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk, kind__in=PLANNED)
    return any(facts.get("message") == message.pk for facts in planned.values_list("changes", flat=True))


def _composed(message: Message) -> dict[str, Any]:
    """How it was to leave, as the composer shows it (see drafts.DETAILS)."""
    to = {row["address"] for row in message.recipients}
    left_out = [row["address"] for row in default_recipients(message.ticket) if row["address"] not in to]
    details: dict[str, Any] = {"left_out": left_out if to else [], "staged": message.plan.staged}
    details["html"] = message.html_source
    details["add_bcc"] = " ".join(row["address"] for row in message.recipients if row.get("added"))
    details["places"] = [f"{row['address']}|{row['role']}" for row in message.recipients if not row.get("added")]
    if message.plan.is_later and message.plan.leaves_at > clock.now():
        details |= {"later_at": message.plan.leaves_at.isoformat(), "unless_answered": message.plan.unless_answered}
    return details


def note_undelivered(message: Message, *, by: Actor) -> None:
    """Somebody has dealt with it that this reply did not arrive: lists no longer show it. Event `delivery.noted`."""
    with transaction.atomic():
        locked = lock(message.ticket)
        changed = Message.objects.filter(pk=message.pk, delivery_noted=False).update(delivery_noted=True)
        if changed:
            mark_undelivered(locked, at=clock.now())
            record("delivery.noted", stream=locked, by=by, changes={"message": message.pk})
