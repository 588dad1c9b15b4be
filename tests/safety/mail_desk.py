"""One running desk for the mail promises of a module, so that it is started once."""

from __future__ import annotations

import re
import smtplib
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from typing import Any

import psycopg

from tests.flows.conftest import MAILBOX, RunningDesk
from tests.instance import Instance
from tests.outside import Received, wait_for


def all_tickets(desk: RunningDesk) -> list[dict[str, Any]]:
    """Every ticket of the desk, however many there are."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        status, answer = desk.api("GET", f"/tickets?limit=100{cursor}")
        assert status == 200, answer
        found += answer["items"]
        if not answer["next"]:
            return found
        cursor = f"&cursor={answer['next']}"


def ledger(desk: RunningDesk) -> dict[str, int]:
    """What `tresen mail ledger` counts, by outcome; it must close."""
    done = desk.instance.cli("mail", "ledger")
    assert done.returncode == 0, done.stdout + done.stderr
    return {name: int(count) for name, count in re.findall(r"^\s*(\w+)\s+(\d+)$", done.stdout, re.MULTILINE)}


def all_is_read(instance: Instance) -> bool:
    """Whether no mail waits to be read. Asked of the database itself: a command each time would take a second."""
    url = instance.environment.get("TRESEN_DATABASE_URL", "")
    opened: Any = psycopg.connect(url) if url else sqlite3.connect(instance.data / "tresen.sqlite3", timeout=20)
    with closing(opened) as database:
        found = database.execute("SELECT count(*) FROM mail_rawmail WHERE outcome = 'received'").fetchone()
    return bool(found == (0,))


def wait_until_read(desk: RunningDesk, *, seconds: float) -> None:
    """Until no mail waits to be read."""
    wait_for(lambda: all_is_read(desk.instance), every=0.1, seconds=seconds, what="all mail to be read")


def bring(desk: RunningDesk, raw: bytes) -> int:
    """One mail by the pipe; its number in the ledger."""
    done = desk.instance.cli("mail", "receive", "--to", MAILBOX, "-", given=raw)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.rsplit(" ", 1)[1])


def send_all(desk: RunningDesk, mails: Iterable[tuple[str, str, bytes]]) -> None:
    """Many mails over one connection: envelope sender, envelope recipient, bytes."""
    with smtplib.SMTP("127.0.0.1", desk.instance.smtp_port, timeout=60) as server:
        for sender, recipient, raw in mails:
            server.sendmail(sender, [recipient or MAILBOX], raw)


def link_in(received: Received) -> str:
    """The personal link that a mail of ours carries."""
    found = re.search(r"http://127\.0\.0\.1:\d+/t/[\w-]{20,}/", received.text)
    assert found, received.text
    return found.group()
