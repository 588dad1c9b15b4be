"""R4, R5, R6: poison stops nobody and is kept; stored bytes are the sent ones; what is the same mail."""

from __future__ import annotations

import hashlib
import re
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.flows.conftest import RunningDesk, mail
from tests.instance import Instance
from tests.outside import wait_for
from tests.safety.mail_desk import send_all

POISON: dict[str, Callable[[], bytes]] = {
    "nested comments": lambda: b"From: " + b"(" * 5000 + b"x" + b")" * 5000 + b" <p@evil.example>\r\n\r\nx\r\n",
    "nested parts": lambda: b"From: p@evil.example\r\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(80)
    ),
    "ten thousand parts": lambda: b"From: p@evil.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    + b"--b\r\n\r\nx\r\n" * 10000,
    "unclosed tags": lambda: b"From: p@evil.example\r\nContent-Type: text/html\r\n\r\n" + b"<div><b " * 60000,
    "NUL": lambda: b"From: p@evil.example\r\nSubject: nul \x00 byte\r\n\r\na\x00b\r\n",
    "huge header": lambda: b"From: p@evil.example\r\nX-Big: " + b"y" * 300_000 + b"\r\n\r\nx\r\n",
}  # fmt: skip
NESTED = POISON["nested parts"]()


def _ledger(desk: RunningDesk) -> dict[str, int]:
    done = desk.instance.cli("mail", "ledger")
    assert done.returncode == 0, done.stdout + done.stderr
    return {name: int(count) for name, count in re.findall(r"^\s*(\w+)\s+(\d+)$", done.stdout, re.MULTILINE)}


def _bring(desk: RunningDesk, raw: bytes) -> int:
    done = desk.instance.cli("mail", "receive", "--to", "help@desk.example", "-", given=raw)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.rsplit(" ", 1)[1])


def test_r04_poison_stops_nobody_and_is_kept(mail_desk: RunningDesk, full_size: bool) -> None:
    good = 100 if full_size else 12
    before = _ledger(mail_desk)["received"]
    for make in POISON.values():
        _bring(mail_desk, make())
    for number in range(good):
        mail_desk.send(mail("Good.", subject=f"good {number}", sender=f"g{number}@shop.example"))
    wait_for(lambda: _ledger(mail_desk)["waiting"] == 0, every=1, seconds=120, what="all mail to be read")
    counts = _ledger(mail_desk)
    assert counts["received"] == before + len(POISON) + good
    assert {f"good {n}" for n in range(good)} <= {t["subject"] for t in mail_desk.tickets()}
    assert counts["quarantined"] >= 2, "the parts beyond the limits cannot be read"


def test_r05_the_stored_bytes_are_the_bytes_sent(mail_desk: RunningDesk) -> None:
    """Of a good mail, of those that cannot be read, and of one that is set aside; by both ways in."""
    sent = {_bring(mail_desk, raw): raw for raw in (mail("Grüße", subject="good bytes"), POISON["NUL"](), NESTED)}
    many = [
        mail(f".\r\n.. dots and ümlauts {n} \tin the end \r\n.", subject=f"many {n}", sender="flood@shop.example")
        for n in range(21)
    ]
    send_all(mail_desk, [("flood@shop.example", "", raw) for raw in many])
    wait_for(lambda: _ledger(mail_desk)["waiting"] == 0, every=0.5, seconds=60, what="all mail to be read")
    last = max(sent)
    stored = _stored(mail_desk.instance)
    sent |= dict(zip(sorted(n for n in stored if n > last), many, strict=True))
    for number, raw in sent.items():
        row = stored[number]
        assert zlib.decompress(row.packed) == raw and row.size == len(raw)
        assert row.digest == hashlib.sha256(raw).hexdigest()
    assert {"new", "quarantined", "suspended"} <= {stored[number].outcome for number in sent}


@dataclass(frozen=True)
class Stored:
    """What the database holds of a mail."""

    packed: bytes
    digest: str
    size: int
    outcome: str


def _stored(instance: Instance) -> dict[int, Stored]:
    query = "SELECT id, raw, sha256, size, outcome FROM mail_rawmail"
    url = instance.environment.get("TRESEN_DATABASE_URL", "")
    opened: Any = psycopg.connect(url) if url else sqlite3.connect(instance.data / "tresen.sqlite3")
    with closing(opened) as database:
        rows = database.execute(query).fetchall()
    return {pk: Stored(bytes(packed), digest, size, outcome) for pk, packed, digest, size, outcome in rows}


def test_r06_equal_is_one_and_other_content_or_sender_is_two(mail_desk: RunningDesk) -> None:
    def subjects(subject: str) -> int:
        wait_for(lambda: _ledger(mail_desk)["waiting"] == 0, every=1, what="all mail to be read")
        return sum(ticket["subject"] == subject for ticket in mail_desk.tickets())

    same = mail("One.", subject="r6 same", message_id="<r6@shop.example>")
    mail_desk.send(same)
    mail_desk.send(same)
    assert subjects("r6 same") == 1
    squat = mail("Other.", subject="r6 squat", sender="eve@evil.example", message_id="<r6@shop.example>")
    mail_desk.send(squat, sender="eve@evil.example")
    assert subjects("r6 squat") == 1
    nameless = mail("Nameless.", subject="r6 nameless", message_id="").replace(b"Message-ID: \r\n", b"")
    mail_desk.send(nameless)
    mail_desk.send(nameless)
    assert subjects("r6 nameless") == 1
    mail_desk.send(nameless.replace(b"Nameless.", b"Nameless too."))
    assert subjects("r6 nameless") == 2
