"""Writing with a partner beside a ticket. Nothing of it reaches the customer: its messages are internal, its people
take no part in the ticket, and its events are of their own kinds, so that nothing reacts that answers customers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from tresen.core.people.models import Agent, Contact
from tresen.core.people.services import main_mail
from tresen.core.tickets.changes import apply_changes
from tresen.core.tickets.choices import (
    ACTIVE,
    UNDELIVERED,
    UNSENT,
    Ball,
    Channel,
    Delivery,
    MessageKind,
    ThreadKind,
    Trust,
)
from tresen.core.tickets.content import Content
from tresen.core.tickets.draft_models import DraftKind
from tresen.core.tickets.drafts import put_back
from tresen.core.tickets.models import Attachment, Draft, Message, PlannedReply, Thread, Ticket
from tresen.core.tickets.rows import lock, save, write_message
from tresen.core.tickets.side_models import SideThread
from tresen.kit import clock
from tresen.kit import files as file_store
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record
from tresen.spine.jobs.registry import Retry

MOST_PEOPLE = 10


@dataclass(frozen=True)
class Back:
    """What an undo of a message to a partner brings back: the kind of draft, its text where more than that left, its
    details (drafts.DETAILS), and the keys of files that came along with a forwarded message and not from the writer."""

    kind: str = DraftKind.SIDE
    text: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    carried: list[str] = field(default_factory=list)


class WrongCircle(ValueError):
    """Nobody, too many, somebody without an address, or somebody who takes part in the ticket itself."""


def open_side(
    ticket: Ticket, *, by: Actor, agent: Agent, people: Sequence[Contact], subject: str, content: Content,
    files: Iterable[Attachment] = (), remind_at: datetime | None = None, waits: bool = False,
    leaves_at: datetime | None = None, back: Back | None = None,
) -> SideThread:  # fmt: skip
    """Begins a thread with these people; its first message leaves by mail, or at `leaves_at`, and can be taken back
    until then, into the draft that `back` describes. `waits`: it is a third party's turn then, and they owe an answer
    since it left.

    Event `side.written`, or `side.planned` before it. Raises WrongCircle, StaleTicket.
    """
    at = clock.now()
    with transaction.atomic():
        locked = lock(ticket)
        _check_circle(locked, people)
        thread = Thread.objects.create(ticket=locked, kind=ThreadKind.SIDE)
        side = SideThread.objects.create(
            thread=thread, subject=" ".join(subject.split())[:300] or locked.subject, opened_by=agent
        )
        side.people.set(people)
        _write(
            locked, side, by=by, agent=agent, content=content, files=files, remind_at=remind_at, waits=waits, at=at,
            leaves_at=leaves_at, back=back,
        )  # fmt: skip
    return side


def write_side(
    side: SideThread, *, by: Actor, agent: Agent, content: Content, files: Iterable[Attachment] = (),
    remind_at: datetime | None = None, waits: bool = False, leaves_at: datetime | None = None, back: Back | None = None,
) -> Message:  # fmt: skip
    """A message to everybody in the circle; the rest as in `open_side`. Raises WrongCircle when somebody of it has
    become part of the ticket itself, StaleTicket."""
    at = clock.now()
    with transaction.atomic():
        locked = lock(side.ticket)
        _check_circle(locked, list(side.people.all()))
        return _write(
            locked, side, by=by, agent=agent, content=content, files=files, remind_at=remind_at, waits=waits, at=at,
            leaves_at=leaves_at, back=back,
        )  # fmt: skip


def _check_circle(ticket: Ticket, people: Sequence[Contact]) -> None:
    inside = ticket.participants.filter(contact__in=people).exists() or ticket.requester in people
    if not 1 <= len(people) <= MOST_PEOPLE or inside or not all(main_mail(contact) for contact in people):
        raise WrongCircle


def _write(
    ticket: Ticket, side: SideThread, *, by: Actor, agent: Agent, content: Content, files: Iterable[Attachment],
    remind_at: datetime | None, waits: bool, at: datetime, leaves_at: datetime | None, back: Back | None,
) -> Message:  # fmt: skip
    from tresen.core.tickets.jobs import leave_reply, remind_of_side

    to = [
        {"role": "to", "name": contact.name, "address": main_mail(contact) or ""}
        for contact in side.people.prefetch_related("identities").order_by("pk")
    ]
    message = write_message(
        ticket, kind=MessageKind.REPLY, channel=Channel.MAIL, content=content, at=at, agent=agent,
        trust=Trust.SIGNED_IN, files=files, recipients=to, shows=False, thread=side.thread,
        delivery=Delivery.PLANNED if leaves_at else Delivery.QUEUED,
    )  # fmt: skip
    changes: dict[str, Any] = {}
    if waits and ticket.status_category in ACTIVE:
        changes = apply_changes(ticket, {"ball": Ball.THIRD_PARTY}, at=at)
    reminded, side.remind_at = side.remind_at, remind_at
    if waits and not leaves_at:
        has_left(message, {"waits": True}, at=at)
    side.save(update_fields=["remind_at"])
    save(ticket, at)
    facts = {"message": message.pk, "side": side.pk, **changes}
    if leaves_at:
        way = {**asdict(back or Back()), "reminded": reminded.isoformat() if reminded else "", "waits": waits}
        PlannedReply.objects.create(message=message, leaves_at=leaves_at, changes=changes, back=way)
        leave_reply.enqueue(message_id=message.pk, at=leaves_at, key=f"leave:{message.pk}")
    record("side.planned" if leaves_at else "side.written", stream=ticket, by=by, changes=facts)
    _remind_at(side, remind_of_side)
    return message


def _remind_at(side: SideThread, job: Any) -> None:
    if side.remind_at:
        job.enqueue(side_id=side.pk, at=side.remind_at, key=f"side:{side.pk}:{side.remind_at.isoformat()}")


def has_left(message: Message, way: dict[str, Any], *, at: datetime) -> None:
    """A message left: they owe an answer since then, unless they do already or its writer wants none."""
    if way.get("waits"):
        SideThread.objects.filter(pk=message.thread_id, waits_since=None).update(waits_since=at)


def turn_by_delivery(message: Message, old: str) -> dict[str, Any]:
    """Whose turn it is in its side thread now that the message is elsewhere than `old`, as the event keeps it: what
    nobody has got is owed no answer, unless it is sent again. Where it went to several, somebody may have got it."""
    if not message.is_side:
        return {}
    is_lost = message.delivery == Delivery.FAILED
    is_lost |= message.delivery == Delivery.BOUNCED and len(message.recipients) == 1
    is_again = message.delivery == Delivery.QUEUED and old in (Delivery.FAILED, Delivery.BOUNCED)
    side = SideThread.objects.filter(pk=message.thread_id).first() if is_lost or is_again else None
    since = side.waits_since if side else None
    if side is None or (is_again and (since or not _was_lost(message))):
        return {}
    wanted = message.delivery_at if is_again else _asked_otherwise(message, since)
    if wanted == since:
        return {}
    SideThread.objects.filter(pk=side.pk).update(waits_since=wanted)
    return {"side": side.pk}


def _asked_otherwise(lost: Message, since: datetime | None) -> datetime | None:
    """Since when the partner owes an answer to what else he has got and not answered."""
    rows = Message.objects.filter(thread=lost.thread_id).exclude(pk=lost.pk).order_by("pk")
    answers = rows.filter(kind=MessageKind.RECEIVED, is_held=False, is_automatic=False)
    answered = answers.values_list("pk", flat=True).last() or 0
    got = rows.filter(kind=MessageKind.REPLY, pk__gt=answered).exclude(delivery__in=(*UNSENT, *UNDELIVERED)).first()
    return max(since, got.created_at) if got and since else None


def _was_lost(message: Message) -> bool:
    """The partner's turn has ended by that."""
    told = Event.objects.filter(stream_kind="ticket", stream_id=message.ticket_id, kind="delivery.changed")
    return told.filter(changes__message=message.pk, changes__has_key="side").exists()


def settle(side: SideThread, *, by: Actor) -> None:
    """Nobody waits for an answer of the partner any more: it came by telephone, or is needed no longer. Event
    `side.settled`, none where nobody waited."""
    at = clock.now()
    with transaction.atomic():
        locked = lock(side.ticket)
        if SideThread.objects.filter(pk=side.pk, waits_since__isnull=False).update(waits_since=None, remind_at=None):
            changes = _our_turn(locked, at)
            save(locked, at)
            record("side.settled", stream=locked, by=by, changes={"side": side.pk, **changes})


def may_leave(message: Message) -> bool:
    """Nobody of the circle has become part of the ticket since."""
    people = SideThread.objects.get(pk=message.thread_id).people.all()
    return not message.ticket.participants.filter(contact__in=people).exists()


def give_up_side(message: Message, *, agent: Agent) -> Draft:
    """A message that has not left goes back into a draft, in the transaction of the undo; a thread that has begun with
    it is gone with it, and what anybody has begun to write there stands in his draft of a new one. Files that came
    along of themselves are gone, too."""
    from tresen.core.tickets.jobs import remind_of_side

    held = SideThread.objects.select_for_update(of=("self",)).select_related("thread")
    way, side = message.plan.back, held.get(pk=message.thread_id)
    uploads = list(message.attachments.order_by("created_at", "filename"))
    carried = [file for file in uploads if str(file.pk) in way.get("carried", [])]
    is_first = not Message.objects.filter(thread=message.thread_id).exclude(pk=message.pk).exists()
    if is_first:
        _save_drafts_of(side, message)
    draft = put_back(
        message.ticket, agent=agent, kind=way.get("kind", DraftKind.SIDE), text=way.get("text") or message.text,
        details=way.get("details", {}), message_id=message.pk, uploads=[one for one in uploads if one not in carried],
        side=None if is_first else side,
    )  # fmt: skip
    for file in carried:
        file.delete()
        transaction.on_commit(partial(file_store.remove, file.storage_key))
    if not is_first:
        side.remind_at = parse_datetime(way.get("reminded", ""))
        side.save(update_fields=["remind_at"])
        _remind_at(side, remind_of_side)
    message.delete()
    if is_first:
        side.thread.delete()
    return draft


def _save_drafts_of(side: SideThread, message: Message) -> None:
    """They would be gone with the thread; they say now to whom they were written."""
    to = {"side_to": ", ".join(row["address"] for row in message.recipients), "side_subject": side.subject}
    for row in side.drafts.select_for_update(of=("self",)).select_related("agent").order_by("pk"):
        if row.text or row.files.exists():
            put_back(
                message.ticket, agent=row.agent, kind=DraftKind.SIDE, text=row.text, details={**row.details, **to},
                uploads=row.files.all(),
            )  # fmt: skip


def receive_side(
    side: SideThread, *, by: Actor, contact: Contact | None, content: Content, trust: str,
    files: Iterable[Attachment] = (), recipients: Sequence[dict[str, str]] = (), why: dict[str, Any] | None = None,
    is_held: bool = False, is_automatic: bool = False, author_name: str = "",
) -> Message:  # fmt: skip
    """An answer of the partner. It is our turn again where it was a third party's; status, solution and all that the
    customer sees stay as they are. Events `side.received` (with `quiet` for machines' mail), `side.held`."""
    at = clock.now()
    with transaction.atomic():
        locked = lock(side.ticket, follow=True)
        message = write_message(
            locked, kind=MessageKind.RECEIVED, channel=Channel.MAIL, content=content, at=at, contact=contact,
            trust=trust, files=files, recipients=recipients, why=why, is_held=is_held, is_automatic=is_automatic,
            author_name=author_name, shows=False, thread=side.thread,
        )  # fmt: skip
        changes = {} if is_held or is_automatic else _answered(locked, side, at)
        save(locked, at)
        kind = "side.held" if is_held else "side.received"
        facts = {"message": message.pk, "side": side.pk, "quiet": is_automatic, **changes}
        record(kind, stream=locked, by=by, changes=facts)
    return message


def accept_side(message: Message, *, by: Actor, join: bool) -> None:
    """An agent says that a held message belongs to its side thread; with `join` its sender is of the circle from then
    on. Event `side.accepted`; accepting twice does nothing. Raises WrongCircle."""
    at = clock.now()
    with transaction.atomic():
        locked = lock(message.ticket)
        found = Message.objects.select_for_update(of=("self",)).select_related("contact").get(pk=message.pk)
        side = SideThread.objects.select_related("thread").get(pk=found.thread_id)
        if not found.is_held:
            return
        if join and found.contact:
            _check_circle(locked, list({*side.people.all(), found.contact}))
            side.people.add(found.contact)
        found.is_held = False
        found.save(update_fields=["is_held"])
        changes = _answered(locked, side, at)
        save(locked, at)
        facts = {"message": found.pk, "side": side.pk, "joined": join, **changes}
        record("side.accepted", stream=locked, by=by, changes=facts)


def _answered(ticket: Ticket, side: SideThread, at: datetime) -> dict[str, Any]:
    SideThread.objects.filter(pk=side.pk).update(remind_at=None, waits_since=None)
    return _our_turn(ticket, at)


def _our_turn(ticket: Ticket, at: datetime) -> dict[str, Any]:
    return dict(apply_changes(ticket, {"ball": Ball.US}, at=at)) if ticket.ball == Ball.THIRD_PARTY else {}


def remind(side_id: int) -> None:
    """Nobody has answered until the time one has set. Event `side.reminded`. Inside the transaction of the job; does
    nothing where the reminder was taken back, and raises Retry where it is later by now."""
    side = SideThread.objects.select_related("thread__ticket").filter(pk=side_id, remind_at__isnull=False).first()
    if side is None or side.remind_at is None:
        return
    at, locked = clock.now(), lock(side.ticket, follow=True)
    if (early := (side.remind_at - at).total_seconds()) > 0:
        raise Retry(early)
    if SideThread.objects.filter(pk=side.pk, remind_at__lte=at).update(remind_at=None):
        changes = _our_turn(locked, at)
        save(locked, at)
        record("side.reminded", stream=locked, by=Actor.system("tresen"), changes={"side": side.pk, **changes})
