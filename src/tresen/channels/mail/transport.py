"""Takes a composed mail to the outgoing server, or into the outgoing folder where none is set."""

from __future__ import annotations

import mailbox as maildirs
import smtplib
import ssl
import time
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.cache import cache

from tresen.channels.mail.dkim_keys import signed
from tresen.channels.mail.models import Mailbox, Security, SignIn
from tresen.channels.mail.oauth.tokens import bearer, forget_access, token_for

TIMEOUT_SECONDS = 60
# How long the server's good-bye is waited for: nothing hangs on it.
PARTING_SECONDS = 5
# A server that took so long to fail is left alone for a while, so that the mail of other servers gets its turn.
SLOW_SECONDS, LEFT_ALONE_SECONDS = 10, 120
# STARTTLS when the server offers it.
OFFERED = "offered"
PORTS: dict[str, int] = {Security.TLS: 465, Security.STARTTLS: 587}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Deferred(Exception):
    """Not now: the server said 4xx or cannot be reached. To be tried again."""


class Refused(Exception):
    """Never: the server said 5xx, for the mail or for all its recipients."""


@dataclass(frozen=True)
class Relay:
    """Where outgoing mail is handed over."""

    host: str
    port: int
    security: str  # a Security, or OFFERED
    user: str = ""
    password: str = ""
    # Signs in by a token of this mailbox instead of the password.
    mailbox: Mailbox | None = None


def relay_for(mailbox: Mailbox | None) -> Relay | None:
    """The mailbox's own server, else TRESEN_SMTP_URL, else None: then mail goes into the outgoing folder.

    Raises crypto.SealBroken when the stored password cannot be opened.
    """
    if mailbox and mailbox.sign_in != SignIn.PASSWORD:
        return Relay(mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security, mailbox.smtp_user, mailbox=mailbox)
    if mailbox and mailbox.smtp_host:
        return Relay(mailbox.smtp_host, mailbox.smtp_port, mailbox.smtp_security, mailbox.smtp_user,
                     mailbox.password("smtp"))  # fmt: skip
    url = settings.ENVIRONMENT.smtp_url
    return relay_from_url(url) if url else None


def relay_from_url(url: str) -> Relay:
    """smtp://user:password@host:port (STARTTLS when offered), smtp+starttls://… (demanded), smtps://… (TLS)."""
    parts = urlsplit(url)
    security = {"smtps": Security.TLS, "smtp+starttls": Security.STARTTLS}.get(parts.scheme, OFFERED)
    port = parts.port or PORTS.get(security, 25)
    return Relay(parts.hostname or "localhost", port, security, unquote(parts.username or ""),
                 unquote(parts.password or ""))  # fmt: skip


def outgoing_folder() -> Path:
    """The Maildir for mail that has no relay to leave by."""
    return Path(settings.DATA) / "outgoing"


def deliver(
    mail: EmailMessage, *, sender: str, recipients: list[str], mailbox: Mailbox | None
) -> dict[str, tuple[int, str]]:
    """Hands the mail over; answers which recipients were refused, each with code and words (empty: none).

    It is signed where its domain has a key (dkim_keys.py). Raises Deferred or Refused when it left for nobody. What
    goes wrong before the mail itself (connection, greeting, sign-in) is never final: the next try may find it mended.
    """
    relay = relay_for(mailbox)
    if relay is None:
        try:
            maildirs.Maildir(outgoing_folder(), create=True).add(signed(mail.as_bytes(), sender=sender))
        except OSError as fault:
            raise Deferred(f"{type(fault).__name__}: {fault}") from fault
        return {}
    session = _open_unless_silent(relay)
    try:
        refused = _hand_over(session, mail, sender=sender, recipients=recipients)
    except smtplib.SMTPRecipientsRefused as fault:
        raise _judged(fault.recipients) from fault
    except smtplib.SMTPResponseException as fault:
        raise (Refused if fault.smtp_code >= 500 else Deferred)(_words(fault)) from fault
    except (OSError, smtplib.SMTPException) as fault:
        raise Deferred(_words(fault)) from fault
    finally:
        _part(session)
    return {who: (code, _text(said)) for who, (code, said) in refused.items()}


def _open_unless_silent(relay: Relay) -> smtplib.SMTP:
    """As `open_relay`, but raises Deferred; at once where the server kept us waiting in vain a moment ago."""
    known = f"silent-relay:{relay.host}:{relay.port}"
    if said := cache.get(known):
        raise Deferred(said)
    begun = time.monotonic()
    try:
        return open_relay(relay)
    except (OSError, smtplib.SMTPException) as fault:
        if time.monotonic() - begun >= SLOW_SECONDS:
            cache.set(known, _words(fault), LEFT_ALONE_SECONDS)
        raise Deferred(_words(fault)) from fault


def _part(server: smtplib.SMTP) -> None:
    """Ends the session. Whatever the server says to that, what became of the mail is settled (RFC 5321, 4.1.1.10)."""
    try:
        if server.sock:
            server.sock.settimeout(PARTING_SECONDS)
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _hand_over(
    server: smtplib.SMTP, mail: EmailMessage, *, sender: str, recipients: list[str]
) -> dict[str, tuple[int, bytes]]:
    """One transaction. Where the server offers it, it is asked to report what became of the mail (RFC 3461).

    The bytes are made here, not by smtplib: nothing may change after they are signed.
    """
    server.ehlo_or_helo_if_needed()
    options: list[str] = []
    for_each: list[str] = []
    if server.has_extn("dsn"):
        automatic = mail["Auto-Submitted"] is not None
        options = ["RET=HDRS"]
        for_each = ["NOTIFY=FAILURE" if automatic else "NOTIFY=SUCCESS,FAILURE"]
    policy: Any = mail.policy
    if not all(address.isascii() for address in (sender, *recipients)):
        if not server.has_extn("smtputf8"):
            raise Refused("the server cannot carry an address with such letters (SMTPUTF8)")
        policy = policy.clone(utf8=True)
        options = [*options, "SMTPUTF8", "BODY=8BITMIME"]
    raw = signed(mail.as_bytes(policy=policy), sender=sender)
    return server.sendmail(sender, recipients, raw, mail_options=options, rcpt_options=for_each)


def open_relay(relay: Relay, *, timeout: float = TIMEOUT_SECONDS) -> smtplib.SMTP:
    """A session with the relay, encrypted and signed in as asked. Raises OSError, smtplib.SMTPException."""
    token = token_for(relay.mailbox, "smtp") if relay.mailbox else ""
    context = ssl.create_default_context()
    if relay.security == Security.TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(relay.host, relay.port, timeout=timeout, context=context)
    else:
        server = smtplib.SMTP(relay.host, relay.port, timeout=timeout)
        server.ehlo()
        _encrypt(server, relay, context)
    if relay.mailbox:
        _sign_in(server, relay.mailbox, token)
    elif relay.user:
        server.login(relay.user, relay.password)
    return server


def _sign_in(server: smtplib.SMTP, mailbox: Mailbox, token: str) -> None:
    server.ehlo_or_helo_if_needed()
    try:  # asked a second time, the server tells why not, and wants an empty answer
        server.auth("XOAUTH2", lambda asked=None: "" if asked else bearer(mailbox.smtp_user, token))
    except smtplib.SMTPAuthenticationError:
        forget_access(mailbox)
        raise


def _encrypt(server: smtplib.SMTP, relay: Relay, context: ssl.SSLContext) -> None:
    """STARTTLS where it is asked for or offered. A password never goes over an open line to another machine."""
    offered = server.has_extn("starttls")
    if relay.security == Security.STARTTLS or (relay.security == OFFERED and offered):
        if relay.security == OFFERED and not relay.user:
            # Without a password to protect, encryption that is not verified is still better than none (RFC 7435).
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        server.starttls(context=context)
        server.ehlo()
    elif relay.user and relay.host not in LOOPBACK:
        server.close()
        raise smtplib.SMTPException("the server offers no encryption, so the password is not sent")


def _judged(recipients: dict[str, tuple[int, bytes]]) -> Exception:
    words = "; ".join(f"{who}: {code} {_text(said)}" for who, (code, said) in recipients.items())
    return Refused(words) if all(code >= 500 for code, _ in recipients.values()) else Deferred(words)


def _words(fault: Exception) -> str:
    """What the server said, else what went wrong."""
    if isinstance(fault, smtplib.SMTPResponseException):
        return f"{fault.smtp_code} {_text(fault.smtp_error)}"
    return f"{type(fault).__name__}: {fault}"


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
