"""From raw bytes to exactly one outcome: the steps a received mail goes through, in order.

Reading (in the box), classifying and storing files are done before the transaction; the last step hands the mail to
the core in one transaction that also writes the outcome into the ledger. A step that decides sets `arrival.outcome`.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import DatabaseError, OperationalError, transaction
from django.db.models import QuerySet

from tresen.channels.mail import authenticity, dkim_check, dkim_dns
from tresen.channels.mail.arrival import Arrival
from tresen.channels.mail.box import signers_in_box
from tresen.channels.mail.filing import NUMBERED, PLANS, file_report
from tresen.channels.mail.limits import mail_limits
from tresen.channels.mail.matching import find_evidence, follow_moves
from tresen.channels.mail.merged import follow_merges
from tresen.channels.mail.models import MessageReference, Outbox, Outcome, RawMail
from tresen.channels.mail.plus import tags_of, team_and_brand
from tresen.channels.mail.reader import MailUnreadable, read_mail
from tresen.channels.mail.signing import is_own_loop, read_message_ids
from tresen.channels.mail.spool import raw_bytes
from tresen.channels.mail.table import choose_plan
from tresen.channels.mail.texts import text_hash
from tresen.core.people.identities import fold_mail, is_mail_address
from tresen.core.people.services import agent_by_mail, find_contact
from tresen.core.tickets.content import prepare_file
from tresen.core.tickets.models import Message
from tresen.core.tickets.numbers import take_number
from tresen.kit import clock, files
from tresen.kit.crypto import token_hash
from tresen.kit.durability import durable_with_the_next
from tresen.kit.faults import fault_point
from tresen.kit.prepared import prepared
from tresen.spine.jobs.registry import Retry
from tresen.spine.limits.services import close, hit, reached

log = logging.getLogger("tresen.mail")
REPORTS = frozenset({"bounce", "receipt", "feedback"})
DELIVERED_TO = frozenset({"delivered-to", "x-original-to", "envelope-to"})
TRIES = 3
# What filing a mail writes into its row.
WRITTEN = ["header_id", "subject", "sender", "duplicate_key", "message", "ticket", "outcome", "reason", "handled_at"]
DEATHS = 5
TRY_AGAIN_SECONDS = 20
TRACE_HEADERS = re.compile(
    rb"^(received|return-path|delivered-to|x-original-to|envelope-to|authentication-results|arc-[\w-]+|dkim-signature"
    rb"|x-spam[\w-]*|x-virus[\w-]*|x-received|received-spf)\s*:",
    re.IGNORECASE,
)


@prepared
def _with_mailbox(raw_id: int) -> QuerySet[RawMail]:
    return RawMail.objects.select_related("mailbox__brand", "mailbox__team").filter(pk=raw_id)


@prepared
def _held(raw_id: int) -> QuerySet[RawMail]:
    return RawMail.objects.select_for_update().only("outcome").filter(pk=raw_id)


def take_in(raw_id: int) -> None:
    """Reads and files one stored mail; does nothing when that has been done, or when it is gone. Raises for another
    try."""
    row = next(iter(_with_mailbox.rows(raw_id)), None)
    if row is None:
        log.warning("mail %d is gone and cannot be read", raw_id)
        return
    if row.outcome != Outcome.RECEIVED or row.mailbox is None:
        return
    if row.attempts >= DEATHS:  # each try so far has killed its worker
        quarantine(row, code="died", detail="reading it ended the worker each time")
        return
    row.attempts += 1
    with durable_with_the_next():
        RawMail.objects.filter(pk=row.pk).update(attempts=row.attempts)
    arrival = Arrival(row, row.mailbox, raw_bytes(row))
    filed = False
    try:
        for step in STEPS:
            step(arrival)
            if arrival.outcome:
                break
        with transaction.atomic():
            if any(one.outcome == Outcome.RECEIVED for one in _held.rows(row.pk)):
                _hand_over(arrival)
                fault_point("intake:before_commit")
                filed = True
    except MailUnreadable as fault:
        if fault.code == "busy":
            raise _later(row, fault) from fault
        if not fault.final and row.attempts < TRIES:
            raise
        quarantine(row, code=fault.code, detail=fault.detail, facts=fault.facts)
    except Exception as fault:
        if isinstance(fault, OSError | OperationalError) and not is_beyond_limits(fault):
            raise _later(row, fault) from fault  # a full disk, a database that is away: it is not the mail's fault
        if row.attempts < TRIES:
            raise
        log.exception("mail %d could not be filed", row.pk)
        quarantine(row, code="fault", detail=f"{type(fault).__name__}: {fault}")
    finally:
        if not filed:
            for file in arrival.files:
                files.remove(file.storage_key)


def is_beyond_limits(fault: Exception) -> bool:
    """PostgreSQL calls it operational when a value is more than it can hold (class 54), but it never will be less."""
    return str(getattr(fault.__cause__, "sqlstate", None) or "").startswith("54")


def _later(row: RawMail, fault: Exception) -> Retry:
    """Another try soon, as often as it takes; this one is not counted against the mail."""
    with suppress(DatabaseError):
        RawMail.objects.filter(pk=row.pk).update(attempts=row.attempts - 1)
    return Retry(TRY_AGAIN_SECONDS, f"{type(fault).__name__}: {fault}")


def quarantine(row: RawMail, *, code: str, detail: str, facts: dict[str, Any] | None = None) -> None:
    """Keeps a mail that we cannot read, for a person to see and to try again; `facts`: what its headers said."""
    known = facts or {}
    RawMail.objects.filter(pk=row.pk, outcome=Outcome.RECEIVED).update(
        outcome=Outcome.QUARANTINED,
        reason={"code": code, "detail": detail[:300]},
        handled_at=clock.now(),
        subject=(known.get("subject") or "")[:300],
        sender=((known.get("sender") or {}).get("address") or row.envelope_from)[:320],
    )
    log.error("mail %d is in quarantine: %s", row.pk, code)


def read(arrival: Arrival) -> None:
    """Turns the bytes into facts, in the box. The envelope's sender goes on top as the server that delivers would put
    it there (RFC 5321, 4.4), above any Return-Path the sender wrote himself."""
    row = arrival.row
    path = f"Return-Path: <{row.envelope_from}>\r\n" if row.source in {"smtp", "lmtp"} else ""
    arrival.mail = read_mail(path.encode("utf-8", "replace") + arrival.raw)


def find_duplicate(arrival: Arrival) -> None:
    """The same mail again: same mailbox, Message-ID and content. Equal id with other content is another mail."""
    header_id = arrival.mail.get("message_id") or ""
    content = hashlib.sha256(_without_trace(arrival.raw)).hexdigest()
    arrival.duplicate_key = hashlib.sha256(
        f"{arrival.mailbox.pk}\0{header_id}\0{content}".encode("utf-8", "surrogatepass")
    ).hexdigest()
    if same := _equal.rows(arrival.duplicate_key, arrival.row.pk):
        arrival.duplicate_key = None
        arrival.decide(Outcome.DUPLICATE, of=same[0].pk)


@prepared
def _equal(duplicate_key: str, other_than: int) -> QuerySet[RawMail]:
    return RawMail.objects.filter(duplicate_key=duplicate_key).exclude(pk=other_than).only("pk").order_by("pk")[:1]


def _without_trace(raw: bytes) -> bytes:
    """The mail without the headers that servers add on the way, and with one kind of line end."""
    raw = raw.replace(b"\r\n", b"\n")
    head, _, body = raw.partition(b"\n\n")
    kept = [h for h in re.split(rb"\n(?![ \t])", head) if not TRACE_HEADERS.match(h)]
    return b"\n".join(kept) + b"\n\n" + body.rstrip()


def recognise_own(arrival: Arrival) -> None:
    """Our own mail coming back unchanged: kept in the ledger, no ticket."""
    header_id = arrival.mail.get("message_id") or ""
    loop = next((v for k, v in arrival.headers if k.lower() == "x-tresen-loop"), "")
    if not loop or not is_own_loop(loop, header_id):
        return
    if Outbox.objects.filter(header_id=header_id.lower(), content_hash=text_hash(arrival.mail["text"])).exists():
        arrival.decide(Outcome.OWN, id=header_id[:200])


def stop_circle(arrival: Arrival) -> None:
    """A mail that has passed more servers than any way is long (RFC 5321, 6.3) waits for a person."""
    if arrival.is_circling and not arrival.row.reason.get("released"):
        arrival.decide(Outcome.SUSPENDED, by="servers", limit=mail_limits().most_servers)


def file_bounce(arrival: Arrival) -> None:
    """A report about a mail of ours (come back, read, complained about): tied to that message when it holds one of our
    ids, else filed quietly."""
    kind = arrival.mail["kind"]
    if kind not in REPORTS:
        return
    report = arrival.mail["bounce"] or {}
    ids = read_message_ids(" ".join(report.get("message_ids", [])))
    arrival.decide(Outcome.AUTOMATIC, kind=kind, ids=[own.header for own in ids])


def find_sender(arrival: Arrival) -> None:
    """Who wrote it: the From address, or what stands for it; never more than a claim."""
    sender = arrival.mail["sender"]
    arrival.sender, arrival.sender_name = sender.get("address") or "", sender.get("name") or ""
    if not is_mail_address(arrival.sender):
        arrival.sender = arrival.row.envelope_from if is_mail_address(arrival.row.envelope_from) else ""
    arrival.verdict = authenticity.verdict(
        arrival.headers, authserv_id=arrival.mailbox.authserv_id, sender=arrival.sender
    )
    if arrival.verdict == authenticity.UNKNOWN and arrival.mailbox.checks_dkim and arrival.sender:
        proven = dkim_check.proves(
            arrival.raw, arrival.headers, sender=arrival.sender, ask=dkim_dns.ask_dns, check=signers_in_box
        )
        arrival.verdict = authenticity.PASS if proven else authenticity.UNKNOWN
    if arrival.sender:
        arrival.contact = find_contact(mail=arrival.sender)
        arrival.agent = agent_by_mail(arrival.sender)


def choose_place(arrival: Arrival) -> None:
    """Brand and team of a new ticket: the mailbox's, or those named behind a plus in the address (plus.py)."""
    named = [value for name, value in arrival.headers if name.lower() in DELIVERED_TO]
    listed = [a["address"] for a in [*arrival.mail["to"], *arrival.mail["cc"]]]
    tags = tags_of([arrival.row.envelope_to, *named, *listed], mailbox=arrival.mailbox)
    team, brand = team_and_brand(tags)
    arrival.team, arrival.brand = team or arrival.mailbox.team, brand or arrival.mailbox.brand


def find_ticket(arrival: Arrival) -> None:
    """Where it may belong (matching.py), and how it will be filed (table.py)."""
    addresses = [a["address"] for a in [*arrival.mail["to"], *arrival.mail["cc"]]]
    brand = arrival.brand or arrival.mailbox.brand
    found = find_evidence(
        headers=arrival.headers, envelope_to=arrival.row.envelope_to, addresses=addresses,
        subject=arrival.mail["subject"], brand=brand, mailbox_id=arrival.mailbox.pk,
    )  # fmt: skip
    if found:
        found = follow_moves(found, headers=arrival.headers, contact=arrival.contact, brand=brand)
        found = follow_merges(found, headers=arrival.headers, contact=arrival.contact)
    arrival.evidence = found
    arrival.plan = choose_plan(arrival)


def limit_sender(arrival: Arrival) -> None:
    """More new tickets than the limits allow are set aside, for a person to take in: of one address, which then
    pauses, and of addresses never seen before in one mailbox. A sender's ticket is counted when there is one
    (`_hand_over`): a try that fails on the way is none."""
    if not _is_limited(arrival):
        return
    limits, sender = mail_limits(), _counted(arrival)
    most = limits.new_tickets_per_sender
    if reached("mail:new-ticket", sender, limit=most):
        close("mail:new-ticket", sender, limit=most, seconds=limits.sender_pause_minutes * 60)
        arrival.decide(Outcome.SUSPENDED, by="sender", limit=most, sender=arrival.sender)
    elif arrival.contact is None:
        most = limits.new_senders_per_mailbox
        if reached("mail:new-senders", str(arrival.mailbox.pk), limit=most):
            arrival.decide(Outcome.SUSPENDED, by="mailbox", limit=most, sender=arrival.sender)


def _is_limited(arrival: Arrival) -> bool:
    return arrival.plan in NUMBERED and not arrival.row.reason.get("released")


def _counted(arrival: Arrival) -> str:
    return fold_mail(arrival.sender) or f"envelope:{fold_mail(arrival.row.envelope_from)}"


def take_ticket_number(arrival: Arrival) -> None:
    """The counters' rows are locked for this moment only, not for the transaction that follows."""
    if arrival.plan not in NUMBERED:
        return
    with durable_with_the_next(), transaction.atomic():
        if arrival.contact is None and _is_limited(arrival):
            most = mail_limits().new_senders_per_mailbox
            hit("mail:new-senders", str(arrival.mailbox.pk), limit=most, seconds=3600)
        arrival.number = take_number(arrival.brand or arrival.mailbox.brand)


def store_files(arrival: Arrival) -> None:
    """Puts the attachments into the store, before the transaction; names and types are ours."""
    if arrival.plan == "quietly":
        return
    passed_on = arrival.mail["forwarded"] if arrival.plan == "forwarded" else None
    for part in [*arrival.mail["attachments"], *(passed_on["attachments"] if passed_on else [])]:
        arrival.files.append(
            prepare_file(
                [part["data"]], filename=part["filename"] or "",
                content_id=part.get("content_id") or "", is_inline=bool(part.get("inline")),
            )
        )  # fmt: skip


STEPS: list[Callable[[Arrival], None]] = [
    read,
    find_duplicate,
    recognise_own,
    stop_circle,
    file_bounce,
    find_sender,
    choose_place,
    find_ticket,
    limit_sender,
    store_files,
    take_ticket_number,
]


def _hand_over(arrival: Arrival) -> None:
    """Files the mail and writes its outcome. Inside one transaction."""
    message: Message | None = None
    row = arrival.row
    if arrival.outcome == Outcome.AUTOMATIC:
        file_report(arrival)
    elif not arrival.outcome:
        if _is_limited(arrival):
            hit("mail:new-ticket", _counted(arrival), limit=mail_limits().new_tickets_per_sender, seconds=3600)
        message = PLANS[arrival.plan](arrival)
    row.header_id = (arrival.mail.get("message_id") or "")[:998]
    row.subject, row.sender = arrival.mail["subject"][:300], arrival.sender[:320]
    row.duplicate_key = arrival.duplicate_key
    if message:
        row.message, row.ticket = message, message.ticket
    reason: dict[str, Any] = dict(arrival.reason)
    row.outcome, row.reason, row.handled_at = arrival.outcome, reason, clock.now()
    row.save(update_fields=WRITTEN)  # never the bytes
    if message and row.header_id:
        MessageReference.objects.create(
            header_id=row.header_id, header_id_hash=token_hash(row.header_id), mailbox=arrival.mailbox,
            ticket=message.ticket, message=message, created_at=row.received_at,
        )  # fmt: skip
