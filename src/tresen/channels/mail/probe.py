"""Tests a mailbox step by step: the name, the port, the encryption, the sign-in, the folder, the sending. It runs as a
job and keeps each step as it is taken, so that one can watch it. Reads and sends nothing."""

from __future__ import annotations

import imaplib
import poplib
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from tresen.channels.mail import imap, pop
from tresen.channels.mail.jobs import test_mailbox
from tresen.channels.mail.models import Incoming, Mailbox, MailboxTest, Security
from tresen.channels.mail.probe_faults import FAULTS, NoFolder, name_fault
from tresen.channels.mail.transport import OFFERED, Relay, open_relay, relay_for
from tresen.kit import clock
from tresen.spine.jobs.models import WorkerBeat

TIMEOUT_SECONDS = 15
ALIVE = timedelta(seconds=60)
Found = tuple[str, dict[str, Any]]
Plan = list[tuple[str, Callable[[], Found]]]


def start_test(mailbox: Mailbox) -> None:
    """Queues a test of the saved settings; the one before is forgotten."""
    with transaction.atomic():
        MailboxTest.objects.filter(mailbox=mailbox).delete()
        test = MailboxTest.objects.create(mailbox=mailbox, asked_at=clock.now(), steps=_waiting(_plan(mailbox)))
        test_mailbox.enqueue(test_id=test.pk, priority=10)


def run_test(test_id: int) -> None:
    """Takes the steps, each after the one before; writes down how far it is. Does nothing for a test that has ended
    or was replaced."""
    test = MailboxTest.objects.select_related("mailbox").filter(pk=test_id, ended_at=None).first()
    if test is None:
        return
    plan = _plan(test.mailbox)
    steps, failed = _waiting(plan), False
    for place, (_key, act) in enumerate(plan):
        if failed:
            break
        began = time.monotonic()
        try:
            code, values = act()
            ok, detail = True, ""
        except FAULTS as fault:
            (code, values), ok, detail = name_fault(fault), False, str(fault)[:300]
            failed = True
        steps[place] |= {"ok": ok, "code": code, "values": values, "detail": detail,
                         "seconds": round(time.monotonic() - began, 1)}  # fmt: skip
        MailboxTest.objects.filter(pk=test.pk).update(steps=steps)
    MailboxTest.objects.filter(pk=test.pk).update(ended_at=clock.now())


def _waiting(plan: Plan) -> list[dict[str, Any]]:
    return [{"key": key, "ok": None, "code": "waits", "values": {}, "detail": "", "seconds": 0} for key, _ in plan]


def _plan(mailbox: Mailbox) -> Plan:
    plan: Plan = []
    if mailbox.incoming in {Incoming.IMAP, Incoming.POP}:
        way = str(mailbox.incoming)
        host, port, security = (getattr(mailbox, f"{way}_{what}") for what in ("host", "port", "security"))
        plan += _line("in", way, host, port, security)
        plan.append(("in:sign_in", lambda: _sign_in(mailbox, way)))
        if way == "imap":
            plan.append(("in:folder", lambda: _folders(mailbox)))
    elif mailbox.incoming == Incoming.LISTENER:
        plan.append(("in:listener", _listener))
    if mailbox.smtp_host or settings.ENVIRONMENT.smtp_url:
        relay = relay_for(_without_secret(mailbox))
        assert relay
        plan += _line("out", "smtp", relay.host, relay.port, relay.security)
        plan += [
            ("out:sign_in", lambda: _with_relay(mailbox, _signed_in)),
            ("out:sending", lambda: _with_relay(mailbox, lambda server, _: _sending(server, mailbox))),
        ]
    return plan


def _without_secret(mailbox: Mailbox) -> Mailbox:
    """For where the mail goes: a secret that does not open is told at its own step."""
    bare = Mailbox(smtp_host=mailbox.smtp_host, smtp_port=mailbox.smtp_port, smtp_security=mailbox.smtp_security)
    return bare


def _line(side: str, way: str, host: str, port: int, security: str) -> Plan:
    return [
        (f"{side}:name", lambda: _resolve(host)),
        (f"{side}:port", lambda: _reach(host, port)),
        (f"{side}:encryption", lambda: _encrypt(way, host, port, security)),
    ]


def _resolve(host: str) -> Found:
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return "found", {"host": host, "addresses": ", ".join(dict.fromkeys(str(one[4][0]) for one in found[:6]))}


def _reach(host: str, port: int) -> Found:
    with socket.create_connection((host, port), timeout=TIMEOUT_SECONDS):
        return "reached", {"port": port}


def _encrypt(way: str, host: str, port: int, security: str) -> Found:
    """A handshake of its own, so that a fault of the certificate is not taken for another."""
    if security in {Security.PLAIN, OFFERED}:
        return ("plain" if security == Security.PLAIN else "offered"), {}
    context = ssl.create_default_context()
    if security == Security.TLS:
        with (
            socket.create_connection((host, port), timeout=TIMEOUT_SECONDS) as bare,
            context.wrap_socket(bare, server_hostname=host) as line,
        ):
            return _certificate(line)
    server: Any
    if way == "imap":
        server = imaplib.IMAP4(host, port, timeout=TIMEOUT_SECONDS)
        act = server.starttls
    elif way == "pop":
        server = poplib.POP3(host, port, timeout=TIMEOUT_SECONDS)
        act = server.stls
    else:
        server = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        act = server.starttls
    try:
        act(context) if way == "imap" else act(context=context)
        return _certificate(server.sock)
    finally:
        server.sock.close()


def _certificate(line: ssl.SSLSocket) -> Found:
    ends = str((line.getpeercert() or {}).get("notAfter", ""))
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)
    return "encrypted", {"version": line.version() or "", "until": until.date().isoformat()}


def _sign_in(mailbox: Mailbox, way: str) -> Found:
    if way == "pop":
        server = pop.connect(mailbox, timeout=TIMEOUT_SECONDS)
        try:
            count, _ = server.stat()
            server.uidl()
            server.quit()
        finally:
            server.close()
        return "signed_in_pop", {"user": mailbox.pop_user, "count": count}
    with imap.opened(mailbox, timeout=TIMEOUT_SECONDS):
        return "signed_in", {"user": mailbox.imap_user}


def _folders(mailbox: Mailbox) -> Found:
    with imap.opened(mailbox, timeout=TIMEOUT_SECONDS) as server:
        names = [folder.name for folder in server.folder.list()]
        for wanted in filter(None, (mailbox.imap_folder, mailbox.imap_move_to)):
            if wanted not in names:
                raise NoFolder(wanted, names)
    return "folders", {"folder": mailbox.imap_folder}


def _listener() -> Found:
    last = WorkerBeat.objects.filter(kind="listener").aggregate(last=Max("seen_at"))["last"]
    if last is None or last < clock.now() - ALIVE:
        raise ConnectionAbortedError("no sign of life")
    return "listens", {"place": settings.ENVIRONMENT.listen_smtp}


def _with_relay(mailbox: Mailbox, act: Callable[[smtplib.SMTP, Relay], Found]) -> Found:
    relay = relay_for(mailbox)
    assert relay
    with open_relay(relay, timeout=TIMEOUT_SECONDS) as server:
        return act(server, relay)


def _signed_in(server: smtplib.SMTP, relay: Relay) -> Found:
    server.noop()
    return ("signed_in", {"user": relay.user}) if relay.user else ("accepted", {})


def _sending(server: smtplib.SMTP, mailbox: Mailbox) -> Found:
    """Whether a mail from the mailbox to itself would be taken; it is taken back before it begins."""
    server.ehlo_or_helo_if_needed()
    for code, words in (server.mail(mailbox.address), server.rcpt(mailbox.address)):
        if code >= 300:
            raise smtplib.SMTPSenderRefused(code, words, mailbox.address)
    server.rset()
    return "sends", {"address": mailbox.address}
