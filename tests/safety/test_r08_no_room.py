"""R8: while nothing can be stored (disk full, database away or read-only, no memory) mail is put off and never taken:
4xx by SMTP, 503 by HTTP, exit 75 on the command line, untouched in the mailbox; afterwards all of it arrives by itself
(P14)."""

from __future__ import annotations

import base64
import os
import re
import resource
import secrets
import smtplib
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tests.flows.conftest import MAILBOX, RunningDesk, mail
from tests.instance import Instance
from tests.intake import hooks
from tests.outside import Dovecot, wait_for

SMALL_FILE = 64 * 1024
UNLIMITED = resource.RLIM_INFINITY


def _letter(subject: str, *, kilobytes: int = 300) -> bytes:
    """A mail that cannot be packed smaller: it needs room."""
    noise = base64.encodebytes(secrets.token_bytes(kilobytes * 768)).decode().replace("\n", "\r\n")
    return mail(noise, subject=subject, sender=f"{secrets.token_hex(6)}@shop.example")


def _limit(desk: RunningDesk, what: int, size: int, *names: str) -> None:
    for name, pid in desk.instance.children().items():
        if name in names:
            resource.prlimit(pid, what, (size, UNLIMITED))


@contextmanager
def no_disk(desk: RunningDesk) -> Iterator[Callable[[], None]]:
    """No process of the desk can write beyond the start of a file."""
    _limit(desk, resource.RLIMIT_FSIZE, SMALL_FILE, "web", "work", "listen")
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_FILE, UNLIMITED))
    _limit(desk, resource.RLIMIT_FSIZE, UNLIMITED, "web", "work", "listen")


@contextmanager
def no_database(desk: RunningDesk) -> Iterator[Callable[[], None]]:
    """The database server lets nobody in."""
    url = desk.instance.environment["TRESEN_DATABASE_URL"]
    name = re.search(r"/(\w+)\?", url)
    assert name
    with psycopg.connect(url.replace(f"/{name[1]}?", "/postgres?"), autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name[1]}" ALLOW_CONNECTIONS false')
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name[1]])
        yield lambda: None
        connection.execute(f'ALTER DATABASE "{name[1]}" ALLOW_CONNECTIONS true')


@contextmanager
def read_only(desk: RunningDesk) -> Iterator[Callable[[], None]]:
    """The database server takes no changes, as a replica does that was not promoted."""
    url = desk.instance.environment["TRESEN_DATABASE_URL"]
    name = re.search(r"/(\w+)\?", url)
    assert name
    with psycopg.connect(url.replace(f"/{name[1]}?", "/postgres?"), autocommit=True) as connection:
        for wanted in ("on", "off"):
            connection.execute(f'ALTER DATABASE "{name[1]}" SET default_transaction_read_only = {wanted}')
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name[1]])
            if wanted == "on":
                yield lambda: None


def _by_smtp(desk: RunningDesk, raw: bytes) -> int:
    with smtplib.SMTP("127.0.0.1", desk.instance.smtp_port, timeout=90) as server:
        server.ehlo()
        server.mail("carol@shop.example")
        code, _ = server.rcpt(MAILBOX)
        return server.data(raw)[0] if code == 250 else code


def _by_hook(desk: RunningDesk, key: str, sent: hooks.Sent) -> int:
    headers = {"Content-Type": sent.content_type, **sent.headers}
    request = urllib.request.Request(f"{desk.instance.url}/hooks/mail/{key}/", sent.body, headers)
    try:
        with urllib.request.urlopen(request, timeout=90) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as fault:
        return fault.code


def _command(desk: RunningDesk, *words: str, given: bytes = b"", before: Callable[[], None]) -> int:
    program = [sys.executable, "-m", "tresen.faces.cli.main", *words]
    done = subprocess.run(program, env=desk.instance.environment, input=given, capture_output=True, timeout=120,
                          preexec_fn=before)  # fmt: skip
    return done.returncode


def _new_mailbox(desk: RunningDesk, **fields: str) -> str:
    """Made in the settings; the text of its page."""
    admin = desk.signed_in()
    admin.get("/settings/mailboxes/new/")
    page = admin.fill("form.s-form", **fields)
    assert page.status == 200 and "is there" in page.text, page.text[:600]
    return page.text


@pytest.mark.imap
@pytest.mark.parametrize(
    "trouble", [pytest.param(no_disk, marks=pytest.mark.sqlite_only),
                pytest.param(no_database, marks=[pytest.mark.postgres_only, pytest.mark.full]),
                pytest.param(read_only, marks=[pytest.mark.postgres_only, pytest.mark.full])],
)  # fmt: skip
def test_r08_what_cannot_be_stored_is_put_off_on_every_way_in(
    new_instance: Callable[..., Instance], dovecot: Dovecot, trouble: Callable[[RunningDesk], object]
) -> None:
    desk = RunningDesk(new_instance(TRESEN_LEASE_SECONDS="1")).start()
    secret = hooks.OWN_SECRET
    shown = _new_mailbox(desk, address="hook@desk.example", incoming="hook", hook_provider="signed",
                         hook_password=secret)  # fmt: skip
    key = re.search(r"/hooks/mail/([\w-]+)/", shown)
    assert key
    user = f"r08-{trouble.__name__}"
    _new_mailbox(desk, address="imap@desk.example", incoming="imap", imap_host="127.0.0.1", imap_user=user,
                 imap_port=str(dovecot.port), imap_security="plain", imap_password=dovecot.password)  # fmt: skip
    admin, not_yet = desk.signed_in(), "not fetched yet"
    wait_for(lambda: not_yet not in admin.get("/settings/mailboxes/").text, what="the first look", every=1)
    called = hooks.signed(_letter("by hook"), secret=secret, name="r08", ago=0, url="")
    by_smtp, by_pipe, by_imap = _letter("by smtp"), _letter("by pipe"), _letter("by imap")

    with trouble(desk) as before:  # type: ignore[attr-defined]
        dovecot.deliver(user, by_imap)
        assert 400 <= _by_smtp(desk, by_smtp) < 500
        assert _by_hook(desk, key[1], called) == 503
        assert _command(desk, "mail", "receive", "--to", MAILBOX, "-", given=by_pipe, before=before) == 75
        # While the listener itself is at the mailbox, the command leaves it to it and says so.
        wait_for(
            lambda: _command(desk, "mail", "fetch", before=before) == 1, seconds=60, every=1, what="a failed fetch"
        )
        with dovecot.connect(user) as connection:
            connection.select("INBOX", readonly=True)
            assert connection.search(None, "UNSEEN")[1] == [b"1"], "mail in the mailbox is untouched"

    wait_for(lambda: _by_smtp(desk, by_smtp) == 250, seconds=60, what="the listener to take mail again", every=1)
    called = hooks.signed(called.body, secret=secret, name="r08", ago=0, url="")
    wait_for(lambda: _by_hook(desk, key[1], called) == 200, seconds=60, what="the hook to take mail again", every=1)
    assert _command(desk, "mail", "receive", "--to", MAILBOX, "-", given=by_pipe, before=lambda: None) == 0
    subjects = {"by smtp", "by hook", "by pipe", "by imap"}
    wait_for(lambda: {ticket["subject"] for ticket in desk.tickets()} == subjects, seconds=90, what="all four", every=1)
    done = desk.instance.cli("mail", "ledger")
    assert done.returncode == 0 and re.search(r"received\s+4\b", done.stdout), done.stdout


@pytest.mark.full
def test_r08_without_memory_a_large_mail_is_not_taken_and_the_next_ones_are(
    new_instance: Callable[..., Instance],
) -> None:
    desk = RunningDesk(new_instance()).start()
    pid = desk.instance.children()["listen"]
    with open(f"/proc/{pid}/status") as file:
        size = int(re.search(r"VmSize:\s+(\d+)", file.read())[1]) * 1024  # type: ignore[index]
    _limit(desk, resource.RLIMIT_AS, size + 12 * 1024 * 1024, "listen")
    large = _letter("large", kilobytes=20 * 1024)
    try:
        assert not 200 <= _by_smtp(desk, large) < 300
    except (OSError, smtplib.SMTPException):
        pass  # a line that is cut is no promise either: the sender keeps his mail
    if desk.instance.children().get("listen") == pid:
        os.kill(pid, 0)
        _limit(desk, resource.RLIMIT_AS, UNLIMITED, "listen")

    def taken() -> bool:
        try:
            return _by_smtp(desk, large) == 250
        except (OSError, smtplib.SMTPException):
            return False

    wait_for(taken, seconds=60, what="the same mail to be taken", every=1)
    assert desk.wait_ticket("large")
