"""The door for mail servers: SMTP and LMTP. A mail is answered with 250 only when it is safely stored.

It is no relay: it takes mail for our mailboxes and nothing else (RFC 5321, RFC 2033).
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import Error as DatabaseFault
from django.db import close_old_connections

from tresen.channels.mail.models import Mailbox
from tresen.channels.mail.spool import MAX_MAIL_BYTES, count_refusal, mailbox_for, store_mail

log = logging.getLogger("tresen.listener")
MAX_RECIPIENTS = 50
# Lines longer than RFC 5321 allows are common in real mail; the size limit of the whole mail still holds.
LINE_LIMIT = MAX_MAIL_BYTES
TOO_LARGE = (b"552 ", b"500 Line too long")
TRY_LATER = "451 4.3.0 Cannot store the mail just now, please try again"


class Intake:
    """aiosmtpd's handler: asks the database about recipients, stores what comes."""

    def __init__(self, source: str) -> None:
        self.source = source

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accepts our own addresses only."""
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            mailbox = await asyncio.to_thread(_in_thread, mailbox_for, address)
            if mailbox is None:
                await asyncio.to_thread(_in_thread, count_refusal, "recipient")
                return "550 5.1.1 No such mailbox here"
        except DatabaseFault:
            return TRY_LATER
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Stores the mail once for each mailbox it is for; 250 after the commit, 451 when that is not possible."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode("utf-8", "surrogateescape")
        try:
            stored = await asyncio.to_thread(_in_thread, self._store, raw, envelope)
        except (DatabaseFault, OSError, MemoryError) as fault:
            log.error("a mail could not be stored: %s", fault)
            return self._each(TRY_LATER, envelope)
        if not stored:
            return self._each("550 5.1.1 No such mailbox here", envelope)
        return self._each("250 2.0.0 Stored", envelope)

    def _each(self, answer: str, envelope: Envelope) -> str:
        """LMTP answers once for each recipient (RFC 2033, 4.2); all share the fate of the mail."""
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if self.source == "lmtp" else answer

    def _store(self, raw: bytes, envelope: Envelope) -> int:
        targets: dict[int, tuple[Mailbox, str]] = {}
        for address in envelope.rcpt_tos:
            if mailbox := mailbox_for(address):
                targets.setdefault(mailbox.pk, (mailbox, address))
        for mailbox, address in targets.values():
            store_mail(raw, mailbox=mailbox, source=self.source, envelope_from=envelope.mail_from or "",
                       envelope_to=address)  # fmt: skip
        return len(targets)

    async def handle_VRFY(self, server: SMTP, session: Session, envelope: Envelope, address: str) -> str:
        """Tells nothing about addresses (RFC 5321, 7.3)."""
        return "252 2.1.5 Cannot verify, but will take mail for our mailboxes"

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours is never the end of a mail: the sender keeps it."""
        log.error("the listener stumbled", exc_info=error)
        return TRY_LATER


def _in_thread(function: Any, *args: Any) -> Any:
    close_old_connections()
    try:
        return function(*args)
    finally:
        close_old_connections()


class _Patient:
    """Takes over-long lines; the size limit of the whole mail holds, and what it refuses is counted."""

    line_length_limit = LINE_LIMIT

    async def push(self, status: str | bytes) -> None:
        """Sends an answer. 552 is told to mail beyond the limit (RFC 1870, 6): announced by SIZE, or sent all the
        same; the library asks no handler then. So is the 500 for one line that is longer than a whole mail may be."""
        told = status.encode() if isinstance(status, str) else status
        if told.startswith(TOO_LARGE):
            try:
                await asyncio.to_thread(_in_thread, count_refusal, "size")
            except DatabaseFault as fault:
                log.error("a refusal could not be counted: %s", fault)
        await super().push(status)  # type: ignore[misc]


class PatientSMTP(_Patient, SMTP):
    """SMTP that takes over-long lines."""


class PatientLMTP(_Patient, LMTP):
    """The same by LMTP."""


def _protocol(source: str) -> SMTP:
    kind = PatientLMTP if source == "lmtp" else PatientSMTP
    return kind(
        Intake(source), data_size_limit=MAX_MAIL_BYTES, enable_SMTPUTF8=True, decode_data=False, hostname="tresen",
        ident="Tresen", timeout=300,
    )  # fmt: skip


async def open_door(source: str, place: str) -> asyncio.Server:
    """Listens at `host:port` or `unix:/path`. Raises OSError when the place is taken."""
    loop = asyncio.get_running_loop()
    if place.startswith("unix:"):
        return await loop.create_unix_server(lambda: _protocol(source), path=place.removeprefix("unix:"))
    host, _, port = place.rpartition(":")
    return await loop.create_server(lambda: _protocol(source), host=host.strip("[]") or "127.0.0.1", port=int(port))
