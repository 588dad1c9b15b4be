"""The rows of a ticket: locked, saved, joined, written. Inside the transaction of whoever changes something."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Exists, OuterRef

from tresen.core.people.models import Agent, Contact
from tresen.core.tickets.choices import UNDELIVERED, UNSENT, ThreadKind
from tresen.core.tickets.content import MOST_IMAGES, Content
from tresen.core.tickets.models import Attachment, Message, Participant, Thread, Ticket
from tresen.spine.events.models import Event

# People from outside, and colleagues beside them.
MAX_PARTICIPANTS = 48
MOST_COLLEAGUES = 200


class StaleTicket(Exception):
    """Somebody else changed the ticket meanwhile. `ticket` is as it is now; `fields` maps a field to its value now."""

    def __init__(self, ticket: Ticket, fields: dict[str, Any]) -> None:
        super().__init__("the ticket has changed")
        self.ticket, self.fields = ticket, fields


class TooManyParticipants(Exception):
    """A ticket has at most 48 people from outside, and 200 colleagues."""


def lock(ticket: Ticket, expected_version: int | None = None, *, follow: bool | None = None) -> Ticket:
    """The ticket as it is now, held until the transaction ends. Raises StaleTicket, also for one that was merged: who
    may do something here may not do it there.

    `follow`: True for what belongs wherever the ticket went, whoever may see that (mail that comes in, a reply whose
    time has come); False for the merged ticket itself.
    """
    locked = _lock(ticket.pk)
    while follow and locked.merged_into_id is not None:
        locked = _lock(locked.merged_into_id)
    if follow is None and locked.merged_into_id is not None:
        raise StaleTicket(locked, {})
    if expected_version is not None and locked.version != expected_version:
        raise StaleTicket(locked, {})
    return locked


def ticket_of(event: Event) -> Ticket | None:
    """The ticket to which it happened: for reactions the row of the change itself, else as it is now; None when it is
    gone."""
    row = event.stream_row
    return row if isinstance(row, Ticket) else Ticket.objects.filter(pk=event.stream_id).first()


def hold(keys: Iterable[int]) -> None:
    """Locks all of these tickets at once, in the order of their keys: first of all where one transaction changes
    several. What follows from the first (a rule that takes a number, makes a tag) locks rows for which others wait who
    hold the next. Nothing where each change is a transaction of its own."""
    if connection.features.has_select_for_update and connection.in_atomic_block:
        rows = Ticket.objects.select_for_update(of=("self",)).filter(pk__in=sorted(keys)).order_by("pk")
        list(rows.values_list("pk", flat=True))


def _lock(key: int) -> Ticket:
    rows = Ticket.objects.select_for_update(of=("self",))
    found = rows.select_related("status", "team", "assignee__user").filter(pk=key).first()
    # PostgreSQL joins anew after it has waited for the row, but only with the rows it had found before: one whose
    # status, team or assignee has changed in this moment is not found by that statement.
    return found or rows.get(pk=key)


def save(ticket: Ticket, at: datetime) -> None:
    """Saves the locked ticket under a new version."""
    ticket.version += 1
    ticket.updated_at = at
    ticket.save()


def take_part(ticket: Ticket, person: Any, role: str, trust: str, at: datetime) -> Participant:
    """A contact or agent takes part; whoever does so already stays as he is. Raises TooManyParticipants."""
    kind, most = ("contact", MAX_PARTICIPANTS) if isinstance(person, Contact) else ("agent", MOST_COLLEAGUES)
    who: dict[str, Any] = {kind: person}
    there = list(ticket.participants.exclude(**{kind: None}))
    for row in there:
        if getattr(row, f"{kind}_id") == person.pk:
            return row
    if len(there) >= most:
        raise TooManyParticipants
    try:
        with transaction.atomic():
            return Participant.objects.create(ticket=ticket, **who, role=role, trust=trust, joined_at=at)
    except IntegrityError:  # somebody else let the same person in meanwhile
        return Participant.objects.get(ticket=ticket, **who)


def write_message(
    ticket: Ticket, *, kind: str, channel: str, content: Content, at: datetime, contact: Contact | None = None,
    agent: Agent | None = None, trust: str, files: Iterable[Attachment] = (),
    recipients: Sequence[dict[str, str]] = (), why: dict[str, Any] | None = None, is_held: bool = False,
    is_automatic: bool = False, delivery: str = "", author_name: str = "", shows: bool = True,
    thread: Thread | None = None,
) -> Message:  # fmt: skip
    """A message with its files, on the main thread; it is the ticket's last one in lists unless `shows` is off."""
    thread = thread or ticket.threads.get(kind="main")
    message = Message.objects.create(
        ticket=ticket, thread=thread, is_side=thread.kind == ThreadKind.SIDE, kind=kind, channel=channel,
        contact=contact, agent=agent, author_name=(author_name or str(agent or contact or ""))[:160],
        subject=content.subject[:300], text=content.text, reply_text=content.reply_text,
        html_source=content.html_source, html=content.html, html_version=content.html_version,
        blocked_images=min(content.blocked_images, MOST_IMAGES), recipients=list(recipients), trust=trust,
        is_held=is_held, is_automatic=is_automatic, why=why or {}, delivery=delivery,
        delivery_at=at if delivery else None, created_at=at,
    )  # fmt: skip
    for file in files:
        file.message, file.draft = message, None
        # An upload that was swept meanwhile must not come back as a row without its bytes.
        file.save(force_update=not file._state.adding)
    if shows and not is_held and not is_automatic:
        show_last(ticket, message, content.preview)
    return message


def adopt(ticket: Ticket, message: Message) -> Message:
    """A message of another ticket is put on this one, let in if it was held; lists show it if it is the newest. One of
    a side thread takes its thread along: it must never come among what the customer sees."""
    if message.is_side:
        Thread.objects.filter(pk=message.thread_id).update(ticket=ticket)
        message.ticket = ticket
        message.save(update_fields=["ticket"])
        return message
    message.ticket, message.thread, message.is_held = ticket, ticket.threads.get(kind="main"), False
    message.save(update_fields=["ticket", "thread", "is_held", "why"])
    show_last_there_is(ticket)
    return message


def show_last(ticket: Ticket, message: Message, preview: str) -> None:
    """What lists show of the ticket's last message; the ticket is not saved."""
    ticket.last_message_at, ticket.last_kind = message.created_at, message.kind
    ticket.last_text = shown_text(preview)
    ticket.last_author = message.author_name


def shown_text(preview: str) -> str:
    """The start of a message as lists show it."""
    return " ".join(preview[:800].split())[:160]


def show_last_there_is(ticket: Ticket) -> None:
    """The same, after the last message has been taken away."""
    seen = ticket.messages.filter(is_held=False, is_automatic=False, is_side=False).exclude(delivery__in=UNSENT)
    last = seen.order_by("-created_at", "-pk").first()
    if last:
        show_last(ticket, last, last.reply_text or last.text)


def mark_undelivered(ticket: Ticket, *, at: datetime) -> None:
    """Whether a reply on the ticket has not arrived and nobody has dealt with that; lists show it."""
    waits = Message.objects.filter(ticket=OuterRef("pk"), delivery__in=UNDELIVERED, delivery_noted=False)
    now = Ticket.objects.filter(pk=ticket.pk).annotate(now=Exists(waits)).values_list("now", flat=True).get()
    if now != ticket.is_undelivered:
        Ticket.objects.filter(pk=ticket.pk).update(is_undelivered=now, updated_at=at)
        ticket.is_undelivered, ticket.updated_at = now, at
