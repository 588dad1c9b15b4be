"""What is to leave: rows first, then a job that hands each over, with its true state shown (promise P16)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from tresen.channels.mail.compose import compose, sender_mailbox
from tresen.channels.mail.limits import mail_limits
from tresen.channels.mail.loops import note_withheld
from tresen.channels.mail.models import Mailbox, Outbox, OutboxKind, OutboxState
from tresen.channels.mail.signing import SIGNED_AS, make_message_id
from tresen.channels.mail.texts import text_hash
from tresen.channels.mail.transport import Deferred, Refused, deliver
from tresen.core.people.identities import fold_mail, sendable
from tresen.core.people.models import Identity
from tresen.core.people.principals import Principal
from tresen.core.people.services import main_identity
from tresen.core.tickets import services as tickets
from tresen.core.tickets.choices import Delivery
from tresen.core.tickets.models import Message, Ticket
from tresen.kit import clock
from tresen.kit.crypto import SealBroken
from tresen.kit.faults import fault_point
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.models import Job, JobState
from tresen.spine.jobs.registry import Retry
from tresen.spine.limits.services import any_reached, hit

BY = Actor.system("mail")
log = logging.getLogger("tresen.outbox")
GIVE_UP_AFTER = timedelta(days=5)
FIRST_WAIT, LONGEST_WAIT = 300, 4000
MOST_RETURNED = 48
TAKEN_WAIT_SECONDS = 10
WAITING = (OutboxState.QUEUED, OutboxState.DEFERRED)
LOST = (OutboxState.FAILED, OutboxState.BOUNCED)


def queue(
    kind: str, *, ticket: Ticket, message: Message | None, recipients: list[dict[str, str]],
    mailbox: Mailbox | None = None,
) -> Outbox | None:  # fmt: skip
    """A row in the outbox and the job that sends it, in the caller's transaction; from `mailbox`, or the one that
    answers for the ticket. None without any mailbox."""
    from tresen.channels.mail.jobs import send_mail

    mailbox = mailbox or sender_mailbox(ticket)
    if mailbox is None:
        return None
    header_id = make_message_id(
        kind=SIGNED_AS[OutboxKind(kind)], ticket_id=ticket.pk,
        message_id=message.pk if message else 0, domain=mailbox.address.rpartition("@")[2],
    )  # fmt: skip
    row = Outbox.objects.create(
        kind=kind, mailbox=mailbox, ticket=ticket, message=message, header_id=header_id, recipients=recipients,
        created_at=clock.now(),
    )  # fmt: skip
    send_mail.enqueue(outbox_id=row.pk, key=_key(row))
    return row


def _key(row: Outbox) -> str:
    return f"send:{row.pk}"


def may_answer_automatically(address: str, *, mailbox_id: int, verified: bool | None = None) -> bool:
    """The caps of automatic mail (limits.py): so many an hour to an address, more once it is verified, so many a day;
    so many an hour from a mailbox. Counts the mail when it may go."""
    folded, mailbox, limits = fold_mail(address), str(mailbox_id), mail_limits()
    if verified is None:
        verified = Identity.objects.filter(kind="mail", folded=folded, verified_at__isnull=False).exists()
    an_hour = limits.auto_verified_per_hour if verified else limits.auto_unverified_per_hour
    if not all((an_hour, limits.auto_per_day, limits.auto_per_mailbox)):
        return False
    over_all = (("mail:auto-day", folded, limits.auto_per_day), ("mail:auto-mailbox", mailbox, limits.auto_per_mailbox))
    if any_reached(*over_all):
        return False
    if not hit("mail:auto-hour", folded, limit=an_hour, seconds=3600):
        return False
    hit("mail:auto-day", folded, limit=limits.auto_per_day, seconds=86400)
    hit("mail:auto-mailbox", mailbox, limit=limits.auto_per_mailbox, seconds=3600)
    return True


def queue_acknowledgement(ticket: Ticket) -> None:
    """The confirmation of receipt to the requester, if the caps allow it; one a ticket."""
    to_whom, mailbox = main_identity(ticket.requester), sender_mailbox(ticket)
    if not to_whom or mailbox is None or not mailbox.acknowledges:
        return
    if not ticket.opening and ticket.outgoing.filter(kind="ack").exists():  # not in the moment in which it is made
        return
    address = to_whom.value
    if not may_answer_automatically(address, mailbox_id=mailbox.pk, verified=to_whom.verified_at is not None):
        note_withheld(address, mailbox=mailbox)
    else:
        to = [{"role": "to", "name": "" if ticket.is_unconfirmed else ticket.requester.name, "address": address}]
        queue(OutboxKind.ACKNOWLEDGEMENT, ticket=ticket, message=None, recipients=to, mailbox=mailbox)


def _living_jobs(row: Outbox) -> int:
    """How many jobs are at work on the row now; one whose lease is over has died."""
    return Job.objects.filter(unique_key=_key(row), state=JobState.RUNNING, lease_until__gt=clock.now()).count()


def _rests(row: Outbox) -> bool:
    """The ticket on which its message is by now, else that it was written for, lies in the bin: what has not left
    stays there with it, until the ticket is restored."""
    ticket = row.message.ticket_id if row.message else row.ticket_id
    return Ticket.objects.filter(pk=ticket, deleted_at__isnull=False).exists()


def go_on_sending(ticket_id: int) -> None:
    """The ticket is out of the bin: what rested there leaves now, with five days of trying before it. In the caller's
    transaction."""
    from tresen.channels.mail.jobs import send_mail

    of_it = Q(message__ticket=ticket_id) | Q(message=None, ticket=ticket_id)
    for row in Outbox.objects.filter(of_it, state__in=WAITING).order_by("pk"):
        Outbox.objects.filter(pk=row.pk).update(requeued_at=clock.now())
        send_mail.hurry(_key(row))
        send_mail.enqueue(outbox_id=row.pk, key=_key(row))


def _take(row: Outbox) -> bool:
    """Makes the row this job's until the try is noted. False while another job, one that lives, hands it over."""
    with transaction.atomic():
        found = Outbox.objects.select_for_update().filter(pk=row.pk, state__in=WAITING).first()
        if found is None or (found.taken_at and _living_jobs(row) > 1):
            return False
        return bool(Outbox.objects.filter(pk=row.pk).update(taken_at=clock.now()))


def send(outbox_id: int) -> None:
    """Hands one row over to the server. Raises Retry when it must wait; does nothing when it has left,
    or rests with its ticket in the bin."""
    row = (
        Outbox.objects.select_related("mailbox", "ticket__brand", "ticket__requester", "message__agent__user")
        .filter(pk=outbox_id, state__in=WAITING)
        .first()
    )
    if row is None or _rests(row):
        return
    if not _take(row):
        raise Retry(TAKEN_WAIT_SECONDS, "another job is handing it over")
    try:
        mail = compose(row)
        body = mail.get_body(("plain",))
        content_hash = text_hash(body.get_content() if body else "")
        row.subject = row.subject or str(mail["Subject"] or "")[:400]
        recipients = row.remaining or [sendable(r["address"]) for r in row.recipients]
        fault_point("send:before")
        refused = deliver(mail, sender=row.mailbox.address, recipients=recipients, mailbox=row.mailbox)
        fault_point("send:after")
    except Refused as fault:
        _settle(row, OutboxState.FAILED, str(fault))
    except (Deferred, SealBroken, OSError) as fault:
        _defer(row, str(fault) or type(fault).__name__)
    except (LookupError, ValueError) as fault:
        log.exception("mail %d cannot be composed", row.pk)
        _settle(row, OutboxState.FAILED, f"{type(fault).__name__}: {fault}")
    except Exception as fault:  # whatever it is, the row tells it and is tried for five days
        log.exception("mail %d cannot be sent", row.pk)
        _defer(row, f"{type(fault).__name__}: {fault}")
    else:
        row.content_hash = content_hash
        _settle_parts(row, refused)


def _settle_parts(row: Outbox, refused: dict[str, tuple[int, str]]) -> None:
    """It left for some or all: who was refused for now is tried again alone, who was refused for good is named."""
    words = "; ".join(f"{who}: {code} {said}" for who, (code, said) in refused.items())
    row.remaining = [who for who, (code, _) in refused.items() if code < 500]
    if row.remaining:
        _defer(row, words)
    else:
        _settle(row, OutboxState.SENT, words)


def _settle(row: Outbox, state: str, words: str) -> None:
    with transaction.atomic():
        found = _note_try(row, words, has_left=state == OutboxState.SENT)
        found.sent_at = clock.now() if state == OutboxState.SENT else None
        found.next_try_at = None
        if found.state in WAITING:  # nobody gave it up meanwhile
            everybody = {fold_mail(r["address"]) for r in found.recipients} == set(found.reached)
            done = OutboxState.DELIVERED if everybody else OutboxState.SENT
            found.state = OutboxState.BOUNCED if found.returned else done if state == OutboxState.SENT else state
        found.save()
        if found.message:
            tickets.set_delivery(found.message, state=Delivery(found.state), detail=found.last_error, by=BY)


def _note_try(row: Outbox, words: str, *, has_left: bool = False) -> Outbox:
    """The row as it is now, locked, with what this try found out: a report may have come while the mail was on its
    way. Not saved."""
    found = Outbox.objects.select_for_update(of=("self",)).select_related("message__ticket").get(pk=row.pk)
    if has_left and found.state == OutboxState.FAILED:  # given up while it was on its way: it has left all the same
        found.state = OutboxState.QUEUED
    found.attempts, found.taken_at = row.attempts + 1, None
    found.subject, found.content_hash, found.remaining = row.subject, row.content_hash, row.remaining
    if found.state in WAITING:
        found.last_error = "; ".join([*found.returned, words] if words else found.returned)[:500]
    return found


def _defer(row: Outbox, words: str) -> None:
    if clock.now() - (row.requeued_at or row.created_at) > GIVE_UP_AFTER:
        _settle(row, OutboxState.FAILED, words)
        return
    wait = min(FIRST_WAIT * 2**row.attempts, LONGEST_WAIT)
    with transaction.atomic():
        found = _note_try(row, words)
        if found.state not in WAITING:  # somebody gave it up meanwhile
            Outbox.objects.filter(pk=row.pk).update(taken_at=None)
            return
        found.state, found.next_try_at = OutboxState.DEFERRED, clock.now() + timedelta(seconds=wait)
        found.save()
        if found.message:
            delivery = Delivery.BOUNCED if found.returned else Delivery.DEFERRED
            tickets.set_delivery(found.message, state=delivery, detail=found.last_error, by=BY)
    raise Retry(wait, words)


def send_again(row: Outbox, *, by: Actor) -> None:
    """An agent wants a mail that failed, came back or waits to be tried now, under the same Message-ID. One that is
    being handed over at this moment is left alone."""
    from tresen.channels.mail.jobs import send_mail

    with transaction.atomic():
        resting = Q(state__in=LOST) | Q(state=OutboxState.DEFERRED, taken_at=None)
        if not _living_jobs(row):
            resting |= Q(state=OutboxState.DEFERRED)
        changed = Outbox.objects.filter(resting, pk=row.pk).update(
            state=OutboxState.QUEUED, requeued_at=clock.now(), attempts=0, next_try_at=None, reached=[], returned=[]
        )
        if changed:
            key = _key(row)
            send_mail.hurry(key)
            send_mail.enqueue(outbox_id=row.pk, key=key)
            if row.message:
                tickets.set_delivery(row.message, state=Delivery.QUEUED, by=by)


def give_up(row: Outbox, *, by: Actor) -> None:
    """An administrator wants a mail that waits not to be tried any more: it has failed, and who wrote it sees that."""
    with transaction.atomic():
        found = Outbox.objects.select_for_update().filter(pk=row.pk, state__in=WAITING).first()
        if found is None:
            return
        words = f"given up by {by.name}; {found.last_error}".rstrip("; ")[:500]
        found.state, found.last_error, found.next_try_at, found.remaining = OutboxState.FAILED, words, None, []
        found.save()
        if found.message:
            tickets.set_delivery(found.message, state=Delivery.FAILED, detail=words, by=by)


def mark_returned(row: Outbox, *, words: str) -> None:
    """It came back for somebody. Whoever still has to get it gets it all the same: a row that waits goes on waiting,
    and is shown as come back from now on."""
    with transaction.atomic():
        found = Outbox.objects.select_for_update(of=("self",)).select_related("message__ticket").get(pk=row.pk)
        if words not in found.returned:
            found.returned = [*found.returned, words][-MOST_RETURNED:]
        found.last_error = "; ".join(found.returned)[:500]
        if found.state not in WAITING:
            found.state = OutboxState.BOUNCED
        found.save(update_fields=["returned", "last_error", "state"])
        if found.message:
            tickets.set_delivery(found.message, state=Delivery.BOUNCED, detail=found.last_error, by=BY)


def mark_delivered(row: Outbox, *, addresses: list[str]) -> None:
    """A server has reported that the mail is in the mailbox of these recipients (RFC 3464, action "delivered"; not
    "relayed", which says nothing of the end). Delivered is what has reached everybody."""
    with transaction.atomic():
        found = Outbox.objects.select_for_update(of=("self",)).select_related("message__ticket").get(pk=row.pk)
        sent_to = {fold_mail(r["address"]) for r in found.recipients}
        reached = sorted({*found.reached, *(fold_mail(a) for a in addresses)} & sent_to)
        if reached == found.reached:
            return
        found.reached = reached
        whole = set(reached) == sent_to and found.state == OutboxState.SENT
        if whole:
            found.state = OutboxState.DELIVERED
        found.save(update_fields=["reached", "state"])
        if whole and found.message:
            tickets.set_delivery(found.message, state=Delivery.DELIVERED, by=BY)


def outbox_for(principal: Principal, *, states: Sequence[str] = ()) -> QuerySet[Outbox]:
    """What is to leave or has left, newest first: all of it for who keeps mailboxes, nothing for anybody else."""
    rows = Outbox.objects.select_related("ticket", "mailbox", "message").order_by("-pk")
    shown = rows.filter(state__in=states) if states else rows
    return shown if principal.may("set_mail") else rows.none()


def stuck_mail() -> QuerySet[Outbox]:
    """Mails that could not be sent or came back, where nobody has dealt with that."""
    return Outbox.objects.filter(state__in=LOST).exclude(message__delivery_noted=True)
