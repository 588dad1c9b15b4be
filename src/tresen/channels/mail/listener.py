"""The door for mail servers: SMTP and LMTP. A mail is answered with 250 only when it is safely stored.

It is no relay: it takes mail for our mailboxes and nothing else (RFC 5321, RFC 2033).
"""

from __future__ import annotations

import asyncio
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import Error as DatabaseFault
from django.db import connections

from tresen.channels.mail.listener_tls import Certificates
from tresen.channels.mail.models import Mailbox
from tresen.channels.mail.spool import MAX_MAIL_BYTES, count_refusal, mailbox_for, pack
from tresen.channels.mail.writer import Writer

log = logging.getLogger("tresen.listener")
MAX_RECIPIENTS = 50
# Lines longer than RFC 5321 allows are common in real mail; only the size of the whole mail is limited.
READ_LIMIT = MAX_MAIL_BYTES + 64 * 1024
END = b"\r\n.\r\n"
TOO_MUCH = "552 5.3.4 The mail is larger than 36 MB"
SMUGGLED = "550 5.6.0 A dot alone on a line that does not end as mail lines do (RFC 5321, 2.3.8)"
ANNOUNCED = re.compile(r"\bSIZE=(\d{1,20})(?!\d)", re.IGNORECASE)
LONE_DOT = re.compile(rb"[\r\n]\.[\r\n]")
# What is packed in passing; larger mail does not hold up the other sessions.
SMALL = 64 * 1024
TRY_LATER = "451 4.3.0 Cannot store the mail just now, please try again"


# Two threads keep their connections: opening one for each question costs more than the question.
LOOKING_UP = ThreadPoolExecutor(2, "listener-ask")
PACKING = ThreadPoolExecutor(2, "listener-pack")


class Intake:
    """aiosmtpd's handler: asks the database about recipients, stores what comes."""

    def __init__(self, source: str, writer: Writer) -> None:
        self.source, self.writer = source, writer

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accepts our own addresses only."""
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            mailbox = await _ask(mailbox_for, address)
            if mailbox is None:
                await _ask(count_refusal, "recipient")
                return "550 5.1.1 No such mailbox here"
        except DatabaseFault:
            return TRY_LATER
        _targets(envelope).setdefault(mailbox.pk, (mailbox, address))
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Stores the mail once for each mailbox it is for; 250 after the commit, 451 when that is not possible."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode("utf-8", "surrogateescape")
        try:
            loop, targets = asyncio.get_running_loop(), list(_targets(envelope).values())
            act = partial(pack, raw, targets, source=self.source, envelope_from=envelope.mail_from or "")
            deliveries = act() if len(raw) < SMALL else await loop.run_in_executor(PACKING, act)
            await asyncio.wrap_future(self.writer.store(deliveries))
        except (DatabaseFault, OSError, MemoryError) as fault:
            log.error("a mail could not be stored: %s", fault)
            return self.each(TRY_LATER, envelope)
        return self.each("250 2.0.0 Stored", envelope)

    def each(self, answer: str, envelope: Envelope) -> str:
        """LMTP answers once for each recipient (RFC 2033, 4.2); all share the fate of the mail."""
        return "\r\n".join([answer] * len(envelope.rcpt_tos)) if self.source == "lmtp" else answer

    async def handle_VRFY(self, server: SMTP, session: Session, envelope: Envelope, address: str) -> str:
        """Tells nothing about addresses (RFC 5321, 7.3)."""
        return "502 5.5.1 Addresses are not verified here"

    async def handle_exception(self, error: Exception) -> str:
        """A fault of ours is never the end of a mail: the sender keeps it."""
        log.error("the listener stumbled", exc_info=error)
        return TRY_LATER


def _targets(envelope: Envelope) -> dict[int, tuple[Mailbox, str]]:
    """The mailboxes of an envelope, each with the first address it was named by."""
    found: dict[int, tuple[Mailbox, str]] = envelope.__dict__.setdefault("targets", {})
    return found


async def _ask(function: Any, *args: Any) -> Any:
    return await asyncio.get_running_loop().run_in_executor(LOOKING_UP, _asked, function, args)


def _asked(function: Any, args: tuple[Any, ...]) -> Any:
    try:
        return function(*args)
    except DatabaseFault:
        connections.close_all()  # the next question opens a new one
        raise


class _Patient:
    """Takes lines of any length, and nothing for the end of a mail that another server might not take for it."""

    line_length_limit = READ_LIMIT

    async def smtp_DATA(self: Any, arg: str | None) -> None:
        """The mail itself (RFC 5321, 4.1.1.4 and 4.5.2). The library's own way reads line by line, and takes the dots
        away before one can see whether they stood in a place where a second mail may hide."""
        if await self.check_helo_needed():
            return
        if not self.envelope.rcpt_tos:
            await self.push("503 5.5.1 Error: need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        raw, envelope = await _read_mail(self._reader), self.envelope
        if raw is None or len(raw) > MAX_MAIL_BYTES:
            answer = await self._refused("size", TOO_MUCH)
        elif LONE_DOT.search(raw):
            answer = await self._refused("form", SMUGGLED)
        else:
            envelope.content = envelope.original_content = raw[2:].replace(b"\r\n.", b"\r\n").removeprefix(b".")
            answer = await self._call_handler_hook("DATA")
        self._set_post_data_state()
        await self.push(answer)

    async def _refused(self: Any, reason: str, answer: str) -> str:
        await _count(reason)
        return str(self.event_handler.each(answer, self.envelope))

    async def smtp_MAIL(self: Any, arg: str | None) -> None:
        """Counts what is refused because of the size it announces (RFC 1870, 6): the library asks no handler then."""
        announced = ANNOUNCED.search(arg or "")
        if announced and int(announced.group(1)) > MAX_MAIL_BYTES:
            await _count("size")
        await super().smtp_MAIL(arg)  # type: ignore[misc]


async def _read_mail(reader: asyncio.StreamReader) -> bytes | None:
    """Everything up to the end of the mail, dots as they were sent, CRLF before it and behind its last line; None when
    it was more than a mail may be. Only CR LF dot CR LF ends it."""
    buffer: bytearray = reader._buffer  # type: ignore[attr-defined]
    buffer[:0] = b"\r\n"  # the end may come at once
    is_too_much = False
    while True:
        try:
            found = await reader.readuntil(END)
        except asyncio.LimitOverrunError as more:
            is_too_much = True
            await reader.readexactly(more.consumed)
            continue
        return None if is_too_much else found[: -len(END) + 2]


async def _count(reason: str) -> None:
    try:
        await _ask(count_refusal, reason)
    except DatabaseFault as fault:
        log.error("a refusal could not be counted: %s", fault)


class PatientSMTP(_Patient, SMTP):
    """SMTP that takes over-long lines."""


class PatientLMTP(_Patient, LMTP):
    """The same by LMTP."""


class Door:
    """One place where mail is taken in; `open()` listens, and each session gets its protocol from `session()`."""

    def __init__(self, source: str, place: str, writer: Writer) -> None:
        self.source, self.place = source, place
        self.intake, self.certificates = Intake(source, writer), Certificates()

    def session(self) -> SMTP:
        """The protocol for a new connection. STARTTLS is offered everywhere but on a socket of this machine."""
        kind = PatientLMTP if self.source == "lmtp" else PatientSMTP
        tls = None if self.place.startswith("unix:") else self.certificates.context()
        return kind(
            self.intake, data_size_limit=MAX_MAIL_BYTES, enable_SMTPUTF8=True, decode_data=False, hostname="tresen",
            ident="Tresen", timeout=300, tls_context=tls,
        )  # fmt: skip

    async def open(self) -> asyncio.Server:
        """Listens at `host:port` or `unix:/path`. Raises OSError when the place is taken, CertificateFault."""
        loop = asyncio.get_running_loop()
        if self.place.startswith("unix:"):
            return await loop.create_unix_server(self.session, path=self.place.removeprefix("unix:"))
        self.certificates.context()
        host, _, port = self.place.rpartition(":")
        return await loop.create_server(self.session, host=host.strip("[]") or "127.0.0.1", port=int(port))
