"""Spool first: the bytes of a mail are in the database before anybody is told that we have it (safety decision 1)."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Length

from tresen.channels.mail.fairness import arrivals
from tresen.channels.mail.models import FetchedByPop, Mailbox, Outcome, RawMail, Refusal
from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Identity
from tresen.kit import clock
from tresen.kit.faults import fault_point

MAX_MAIL_BYTES = 36 * 1024 * 1024
HEAD_BYTES = 16 * 1024
FROM = re.compile(rb"^from:[^\r\n]{0,300}?([\w.+-]{1,64}@[\w.-]{1,190})", re.IGNORECASE | re.MULTILINE | re.ASCII)


class MailTooLarge(Exception):
    """More than MAX_MAIL_BYTES; the mail was not accepted."""


def mailbox_for(recipient: str) -> Mailbox | None:
    """The active mailbox of an envelope recipient; whatever stands behind a `+` is for the intake to read."""
    local, _, domain = fold_mail(recipient.strip().strip("<>")).rpartition("@")
    local = local.lower().partition("+")[0]
    return Mailbox.objects.filter(address__iexact=f"{local}@{domain}", is_active=True).first()


def store_mail(
    raw: bytes, *, mailbox: Mailbox, source: str, envelope_from: str = "", envelope_to: str = "",
    uidvalidity: int | None = None, uid: int | None = None, uidl: str = "",
) -> RawMail | None:  # fmt: skip
    """Writes the mail and the job that will read it, in one transaction; when this returns, it is safe.

    None when the very same UID (IMAP) or unique name (POP3, `uidl`) of the mailbox is already there. Raises
    MailTooLarge, and database errors: then nothing was accepted.
    """
    from tresen.channels.mail.jobs import process_mail

    if len(raw) > MAX_MAIL_BYTES:
        raise MailTooLarge
    packed, digest = zlib.compress(raw, 1), hashlib.sha256(raw).hexdigest()
    try:
        with transaction.atomic():
            row = RawMail.objects.create(
                mailbox=mailbox, source=source, envelope_from=envelope_from[:320], envelope_to=envelope_to[:320],
                uidvalidity=uidvalidity, uid=uid, raw=packed, size=len(raw), sha256=digest, received_at=clock.now(),
            )  # fmt: skip
            if uidl:
                FetchedByPop.objects.create(mailbox=mailbox, uidl=uidl, seen_at=row.received_at, stored=True)
            order = _priority(mailbox, envelope_from or claimed_sender(raw))
            process_mail.enqueue(raw_id=row.pk, key=f"mail:{row.pk}", priority=order)
            fault_point("spool:before_commit")
    except IntegrityError:
        if uid is None and not uidl:
            raise
        return None
    fault_point("spool:after_commit")
    return row


@dataclass(frozen=True)
class Delivery:
    """One mail as a mail server hands it over: packed already, so that the transaction is short."""

    mailbox: Mailbox
    source: str
    envelope_from: str
    envelope_to: str
    packed: bytes
    size: int
    sha256: str


def pack(raw: bytes, targets: list[tuple[Mailbox, str]], *, source: str, envelope_from: str) -> list[Delivery]:
    """The mail for each mailbox it is for (with the address it was sent to). Raises MailTooLarge."""
    if len(raw) > MAX_MAIL_BYTES:
        raise MailTooLarge
    packed, digest = zlib.compress(raw, 1), hashlib.sha256(raw).hexdigest()
    return [
        Delivery(mailbox, source, envelope_from[:320], address[:320], packed, len(raw), digest)
        for mailbox, address in targets
    ]


def store_deliveries(deliveries: list[Delivery]) -> None:
    """Writes mails and the jobs that will read them in one transaction: all are safe when this returns, or none is.

    Raises database errors.
    """
    from tresen.channels.mail.jobs import process_mail

    at = clock.now()
    rows = [
        RawMail(
            mailbox=one.mailbox, source=one.source, envelope_from=one.envelope_from, envelope_to=one.envelope_to,
            raw=one.packed, size=one.size, sha256=one.sha256, received_at=at,
        )
        for one in deliveries
    ]  # fmt: skip
    with transaction.atomic():
        stored = RawMail.objects.bulk_create(rows)
        process_mail.enqueue_all(
            (f"mail:{row.pk}", {"raw_id": row.pk}, _priority(one.mailbox, one.envelope_from))
            for row, one in zip(stored, deliveries, strict=True)
        )
        fault_point("spool:before_commit")
    fault_point("spool:after_commit")


def _priority(mailbox: Mailbox, sender: str) -> int:
    """Whose turn it will be: a flood stands behind everybody else (fairness.py)."""
    folded = fold_mail(sender)
    return arrivals.priority(
        folded, mailbox.pk, is_known=lambda: Identity.objects.filter(kind="mail", folded=folded).exists()
    )


def claimed_sender(raw: bytes) -> str:
    """An address out of the From line, for mail that comes without an envelope; a guess, good for its turn alone."""
    found = FROM.search(raw[:HEAD_BYTES])
    return found[1].decode("ascii") if found else ""


def store_too_large(
    head: bytes, *, size: int, mailbox: Mailbox, source: str, uidvalidity: int | None = None, uid: int | None = None,
    uidl: str = "",
) -> None:  # fmt: skip
    """Records a mail beyond the limit that another server had accepted already: its headers, its size in bytes, and
    that a person must look. Recorded once; its sender hears of it (too_large.py)."""
    from tresen.channels.mail.jobs import look_at_too_large

    at = clock.now()
    row = RawMail(
        mailbox=mailbox, source=source, envelope_to=mailbox.address, uidvalidity=uidvalidity,
        uid=uid, raw=zlib.compress(head, 1), size=size, sha256=hashlib.sha256(head).hexdigest(), received_at=at,
        outcome=Outcome.QUARANTINED, reason={"code": "too_large", "detail": f"{size} bytes"}, handled_at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            if uidl:
                FetchedByPop.objects.create(mailbox=mailbox, uidl=uidl, seen_at=at)
            row.save()
            look_at_too_large.enqueue(raw_id=row.pk, key=f"too-large:{row.pk}")
    except IntegrityError:
        return


def raw_bytes(row: RawMail) -> bytes:
    """The mail byte for byte as it came."""
    return zlib.decompress(bytes(row.raw))


def still_kept(rows: QuerySet[RawMail]) -> QuerySet[RawMail]:
    """Those of the rows whose bytes are there. Asks for their length: to compare them the database would read them."""
    return rows.alias(kept=Length("raw")).filter(kept__gt=0)


def count_refusal(reason: str) -> None:
    """Counts mail that was refused at the door: `recipient`, `size`, `form` or `call` (of a provider)."""
    today: date = clock.now().date()
    with transaction.atomic():
        Refusal.objects.bulk_create([Refusal(day=today, reason=reason)], ignore_conflicts=True)
        Refusal.objects.filter(day=today, reason=reason).update(count=F("count") + 1)
