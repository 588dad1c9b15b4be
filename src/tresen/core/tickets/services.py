"""Changes to tickets. One intention = one function here = one transaction = one event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from tresen.core.people.models import Agent, Brand, Contact, Team
from tresen.core.people.services import main_mail, main_organisation
from tresen.core.tickets.changes import Changes, apply_changes, refuse_unfinished, refuse_unstarted, shown, value_now
from tresen.core.tickets.choices import (
    FINISHED,
    Ball,
    Channel,
    Delivery,
    Impact,
    MessageKind,
    ParticipantRole,
    StatusCategory,
    TicketType,
    Trust,
    Urgency,
)
from tresen.core.tickets.content import Content
from tresen.core.tickets.field_models import CustomField
from tresen.core.tickets.first_team import first_team
from tresen.core.tickets.models import Attachment, Message, Participant, Status, Thread, Ticket
from tresen.core.tickets.numbers import take_number
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.operations import add_step
from tresen.core.tickets.priorities import priority_for
from tresen.core.tickets.rows import (
    MAX_PARTICIPANTS,
    StaleTicket,
    adopt,
    lock,
    mark_undelivered,
    save,
    show_last,
    shown_text,
    take_part,
    write_message,
)
from tresen.core.tickets.sides import turn_by_delivery
from tresen.kit import clock
from tresen.kit.language import guess_language
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

# Puts rows beside a new ticket; gives what its event tells of them.
Beside = Callable[[Ticket], dict[str, Any]]
# So much of a first message tells its language.
SAID = 4000


def create_ticket(
    *, by: Actor, requester: Contact, subject: str, content: Content, channel: str, brand: Brand | None = None,
    team: Team | None = None, assignee: Agent | None = None, kind: str = MessageKind.RECEIVED,
    impact: int = Impact.ONE, urgency: int = Urgency.MEDIUM, type: str = TicketType.INCIDENT,
    trust: str = Trust.CLAIMED, copies: Sequence[Contact] = (), files: Iterable[Attachment] = (),
    recipients: Sequence[dict[str, str]] = (), why: dict[str, Any] | None = None, author: Agent | None = None,
    follows: Ticket | None = None, follows_reason: str = "", is_unconfirmed: bool = False, quiet: bool = False,
    number: str = "", set: dict[str, Any] | None = None, first: Message | None = None, author_name: str = "",
    asks: Iterable[CustomField] = (), beside: Beside | None = None,
) -> Ticket:  # fmt: skip
    """A new ticket with its first message, at once numbered.

    `author`: the agent who writes the first message (a note or reply) instead of the requester. `copies`: people in
    Cc, who join as claimed and get no automatic mail. `quiet`: nothing is answered automatically. `number`: one taken
    before by a caller who is in a transaction already. `set`: fields that are to be other than usual from the start
    (see changes.FIELDS). `first`: a message of another ticket that begins this one (see moving.py) instead of one
    that is written anew. `author_name`: a rule that writes it. `asks`: custom fields that a person was asked for and
    had to fill in, where always needed; mail asks for none. Event `ticket.created`. Raises WrongValue.
    """
    brand = brand or Brand.objects.default()
    number, at = number or take_number(brand), clock.now()
    subject = " ".join(subject.split())[:300] or content.preview[:80] or "…"
    team, told = _begin_with_team(brand, team, set or {})
    with transaction.atomic():
        status, organisation = Status.objects.default_of(StatusCategory.NEW), main_organisation(requester)
        priority = priority_for(brand, requester, organisation, impact=impact, urgency=urgency)
        ticket = Ticket.objects.create(
            number=number, brand=brand, subject=subject, status=status, status_category=status.category,
            ball=Ball.US, ball_since=at, impact=impact, urgency=urgency, priority=priority, type=type, channel=channel,
            team=team, level=team.level if team else 1, assignee=assignee, requester=requester, follows=follows,
            organisation=organisation, is_unconfirmed=is_unconfirmed, follows_reason=follows_reason,
            language=_language_of(None if author or author_name else content, subject, requester, brand),
            last_message_at=at, last_kind=kind, last_text=shown_text(content.preview),
            last_author=(author_name or str(author or requester))[:160], created_at=at, updated_at=at,
        )  # fmt: skip
        thread = Thread.objects.create(ticket=ticket)
        _begin_with_people(ticket, trust, copies, min(at, first.created_at) if first else at)
        message = adopt(ticket, first) if first else write_message(
            ticket, kind=kind, channel=channel, content=content, at=at, agent=author, author_name=author_name,
            contact=None if author or author_name else requester, trust=trust, files=files, recipients=recipients,
            why=why, thread=thread,
        )  # fmt: skip
        if set or first:
            apply_changes(ticket, set or {}, at=at)
            ticket.save()
        refuse_unstarted(ticket, asks)
        ticket.opening, more = message, {**told, **(beside(ticket) if beside else {})}
        facts = {"message": message.pk, "channel": channel, "quiet": quiet, **more}
        record("ticket.created", stream=ticket, by=by, changes=facts)
    return ticket


def _language_of(content: Content | None, subject: str, requester: Contact, brand: Brand) -> str:
    """That of what the requester wrote (None: not he wrote it), where one can tell; else his, else the brand's."""
    said = f"{subject}\n{content.reply_text or content.text}" if content else ""
    return guess_language(said[:SAID]) or requester.language or brand.language


def _begin_with_team(
    brand: Brand, team: Team | None, wanted: dict[str, Any]
) -> tuple[Team | None, dict[str, Any]]:  # fmt: skip
    """The team, and what the event tells of it where nothing but category or brand says so."""
    found = first_team(brand, wanted.get("category")) if team is None and "team" not in wanted else None
    return (found.team, {"team_by": found.told}) if found else (team, {})


def _begin_with_people(ticket: Ticket, trust: str, copies: Sequence[Contact], joined_at: datetime) -> None:
    Participant.objects.create(
        ticket=ticket, contact=ticket.requester, role=ParticipantRole.REQUESTER, trust=trust, joined_at=joined_at
    )
    for contact in copies[: MAX_PARTICIPANTS - 1]:
        take_part(ticket, contact, ParticipantRole.CC, Trust.CLAIMED, ticket.created_at)


def add_reply(
    ticket: Ticket, *, by: Actor, agent: Agent, content: Content, files: Iterable[Attachment] = (),
    set: dict[str, Any] | None = None, recipients: Sequence[dict[str, str]] | None = None,
    expected_version: int | None = None, operation: Operation | None = None,
) -> Message:  # fmt: skip
    """An agent's answer to the people on the ticket; leaves by the channel's reaction to `reply.added`.

    `set`: fields to change with it, in the same event. `recipients`: who of the participants gets it (default: all;
    see `default_recipients`). Raises StaleTicket, WrongValue.
    """
    at = clock.now()
    with transaction.atomic():
        locked = lock(ticket, expected_version)
        to = list(default_recipients(locked) if recipients is None else recipients)
        message = write_message(
            locked, kind=MessageKind.REPLY, channel=Channel.MAIL if to else Channel.WEB, content=content, at=at,
            agent=agent, trust=Trust.SIGNED_IN, files=files, recipients=to,
            delivery=Delivery.QUEUED if to else Delivery.NONE,
        )  # fmt: skip
        wanted = dict(set or {})
        if locked.status_category == StatusCategory.NEW and "status" not in wanted:
            wanted["status"] = Status.objects.default_of(StatusCategory.OPEN)
        refuse_unfinished(locked, wanted, by)
        changes = apply_changes(locked, wanted, at=at)
        locked.first_response_at = locked.first_response_at or at
        save(locked, at)
        told = {"message": message.pk, **changes}
        add_step(operation, record("reply.added", stream=locked, by=by, changes=told, undo=changes.undo))
    return message


def add_note(
    ticket: Ticket, *, by: Actor, agent: Agent, content: Content, files: Iterable[Attachment] = (),
    set: dict[str, Any] | None = None, channel: str = Channel.WEB, expected_version: int | None = None,
    why: dict[str, Any] | None = None, operation: Operation | None = None, follow: bool | None = None,
) -> Message:  # fmt: skip
    """An internal note, for colleagues only; `why`: how it came here, if by mail; `follow`: see rows.lock. Event
    `note.added`.

    Raises StaleTicket, WrongValue.
    """
    at = clock.now()
    with transaction.atomic():
        locked = lock(ticket, expected_version, follow=follow)
        message = write_message(
            locked, kind=MessageKind.NOTE, channel=channel, content=content, at=at, agent=agent,
            trust=Trust.SIGNED_IN, files=files, why=why,
        )  # fmt: skip
        refuse_unfinished(locked, set or {}, by)
        changes = apply_changes(locked, dict(set or {}), at=at)
        save(locked, at)
        told = {"message": message.pk, **changes}
        add_step(operation, record("note.added", stream=locked, by=by, changes=told, undo=changes.undo))
    return message


def add_received(
    ticket: Ticket, *, by: Actor, contact: Contact | None, content: Content, channel: str, trust: str,
    files: Iterable[Attachment] = (), recipients: Sequence[dict[str, str]] = (), why: dict[str, Any] | None = None,
    is_held: bool = False, is_automatic: bool = False, author_name: str = "", set: dict[str, Any] | None = None,
    expected_version: int | None = None, follow: bool | None = None,
) -> Message:  # fmt: skip
    """A message from outside on a ticket. It reopens and gives us the ball, unless it is held for an agent to accept
    or came from a machine; `set`: fields to change with it, which go before; `follow`: see rows.lock. Events
    `message.received` (with `quiet` for automatic ones), `message.held`. Raises StaleTicket, WrongValue."""
    at = clock.now()
    with transaction.atomic():
        locked = lock(ticket, expected_version, follow=follow)
        if locked.deleted_at:  # in this very moment: nothing that comes in is lost
            locked.deleted_at = None
            record("ticket.restored", stream=locked, by=by)
        if locked.pk != ticket.pk:  # it was merged in this very moment
            why = {"merged": ticket.number, **(why or {})}
        message = write_message(
            locked, kind=MessageKind.RECEIVED, channel=channel, content=content, at=at, contact=contact, trust=trust,
            files=files, recipients=recipients, why=why, is_held=is_held, is_automatic=is_automatic,
            author_name=author_name,
        )  # fmt: skip
        changes = Changes() if is_held or is_automatic else reopen(locked, at, set)
        save(locked, at)
        kind, told = "message.held" if is_held else "message.received", {"message": message.pk, "quiet": is_automatic}
        record(kind, stream=locked, by=by, changes={**told, **changes}, undo=changes.undo)
    return message


def accept_held(message: Message, *, by: Actor, join: bool = False) -> Message:
    """An agent says that a held message belongs here; with `join` its sender joins the ticket.

    Event `message.accepted`; accepting twice does nothing. Raises TooManyParticipants.
    """
    at = clock.now()
    with transaction.atomic():
        locked = lock(message.ticket)
        found = Message.objects.select_for_update().get(pk=message.pk)
        if not found.is_held or found.is_side:  # that of a side thread: sides.accept_side
            return found
        found.is_held = False
        found.save(update_fields=["is_held"])
        if join and found.contact:
            take_part(locked, found.contact, ParticipantRole.CC, Trust.CLAIMED, found.created_at)
        changes = reopen(locked, at)
        show_last(locked, found, found.reply_text or found.text)
        save(locked, at)
        record("message.accepted", stream=locked, by=by, changes={"message": found.pk, "joined": join, **changes})
    return found


def update_ticket(
    ticket: Ticket, *, by: Actor, set: dict[str, Any], expected_version: int | None = None,
    expected: dict[str, Any] | None = None, operation: Operation | None = None,
) -> Ticket:  # fmt: skip
    """Changes fields (see changes.FIELDS). Event `ticket.changed`, none when nothing changes.

    `expected_version`: refuse if anything changed since; `expected`: refuse if one of these fields has another value
    now, or if the ticket was merged or deleted; `operation`: what it is part of, so that it can be undone
    (operations.py). Raises StaleTicket, WrongValue.
    """
    at = clock.now()
    with transaction.atomic():
        locked = lock(ticket, expected_version, follow=False)
        if locked.merged_into_id or locked.deleted_at:
            raise StaleTicket(locked, {f: value_now(locked, f) for f in set})
        seen = {f: (value_now(locked, f), old) for f, old in (expected or {}).items()}
        others = {f: now for f, (now, old) in seen.items() if shown(now) != shown(old)}
        if others:
            raise StaleTicket(locked, others)
        refuse_unfinished(locked, set, by)
        changes = apply_changes(locked, set, at=at)
        if changes:
            save(locked, at)
            event = record("ticket.changed", stream=locked, by=by, changes=dict(changes), undo=changes.undo)
            add_step(operation, event)
    return locked


def reopen_ticket(ticket: Ticket, *, by: Actor) -> Ticket:
    """The requester says that it is not solved. Event `ticket.changed`."""
    status = Status.objects.default_of(StatusCategory.OPEN)
    return update_ticket(ticket, by=by, set={"status": status})


def close_ticket(ticket: Ticket, *, by: Actor) -> Ticket:
    """The requester says that it is solved; what we said was solved is closed by that. Event `ticket.changed`."""
    solved = ticket.status_category in FINISHED
    status = Status.objects.default_of(StatusCategory.CLOSED if solved else StatusCategory.SOLVED)
    return update_ticket(ticket, by=by, set={"status": status})


def add_participant(
    ticket: Ticket, *, by: Actor, contact: Contact | None = None, agent: Agent | None = None,
    role: str = ParticipantRole.CC, trust: str = Trust.CLAIMED,
) -> Participant:  # fmt: skip
    """Somebody joins the ticket by an agent's act, or by his own who sees it. Event `participant.added`. Raises
    TooManyParticipants."""
    at = clock.now()
    with transaction.atomic():
        locked = lock(ticket, None, follow=False)
        joined = take_part(locked, contact or agent, role, trust, at)
        save(locked, at)
        record("participant.added", stream=locked, by=by, changes={"name": str(contact or agent), "role": role})
    return joined


def remove_participant(participant: Participant, *, by: Actor) -> None:
    """Somebody leaves the ticket; his links to it die. The requester cannot leave. Event `participant.removed`."""
    if participant.role == ParticipantRole.REQUESTER:
        raise ValueError("a ticket has a requester")
    at = clock.now()
    with transaction.atomic():
        locked = lock(participant.ticket, None, follow=False)
        locked.links.filter(contact=participant.contact, revoked_at=None).update(revoked_at=at)
        name = str(participant.contact or participant.agent)
        participant.delete()
        save(locked, at)
        record("participant.removed", stream=locked, by=by, changes={"name": name})


def confirm_requester(ticket: Ticket, *, by: Actor, keep_link: int | None = None) -> None:
    """The requester has shown that the address is his: the ticket loses its mark, and browsers that followed it
    without that proof see it no longer, but for the link `keep_link`. Event `ticket.confirmed`."""
    at = clock.now()
    with transaction.atomic():
        locked = lock(ticket, follow=False)
        if not locked.is_unconfirmed:
            return
        locked.is_unconfirmed = False
        locked.links.filter(by_mail=False, revoked_at=None).exclude(pk=keep_link or 0).update(revoked_at=at)
        save(locked, at)
        record("ticket.confirmed", stream=locked, by=by)


def set_delivery(message: Message, *, state: str, detail: str = "", by: Actor) -> None:
    """Where an outgoing message is now. Event `delivery.changed`, none when nothing changes; with `side` where it is a
    partner's turn since, or no longer."""
    with transaction.atomic():
        locked = lock(message.ticket, follow=True)
        found = Message.objects.select_for_update().get(pk=message.pk)
        if (found.delivery, found.delivery_detail) == (state, detail[:500]):
            return
        old, found.delivery, found.delivery_detail = found.delivery, state, detail[:500]
        found.delivery_at = clock.now()
        found.delivery_noted = False
        found.save(update_fields=["delivery", "delivery_detail", "delivery_at", "delivery_noted"])
        mark_undelivered(locked, at=found.delivery_at)
        told = {"message": found.pk, "delivery": [old, state], **turn_by_delivery(found, old)}
        record("delivery.changed", stream=locked, by=by, changes=told)


def default_recipients(ticket: Ticket) -> list[dict[str, str]]:
    """The requester in To and the people in copy in Cc, each with the address we write to."""
    rows = ticket.participants.filter(contact__isnull=False).select_related("contact")
    listed = []
    for row in rows.prefetch_related("contact__identities").order_by("id"):
        contact = row.contact
        if contact and (address := main_mail(contact)):
            role = "to" if row.role == ParticipantRole.REQUESTER else "cc"
            listed.append({"role": role, "name": contact.name, "address": address})
    return sorted(listed, key=lambda r: r["role"] != "to")


def reopen(ticket: Ticket, at: datetime, set: dict[str, Any] | None = None) -> Changes:
    """It is our turn and the ticket is open again, on the locked and unsaved ticket; what changed by that."""
    if set and "status" in set:
        return apply_changes(ticket, set, at=at)
    wanted: dict[str, Any] = {"ball": Ball.US, **(set or {})}
    if ticket.status_category != StatusCategory.NEW and ticket.status_category != StatusCategory.OPEN:
        wanted["status"] = Status.objects.default_of(StatusCategory.OPEN)
    return apply_changes(ticket, wanted, at=at)
