"""R4, R5, R6: poison stops nobody and is kept; stored bytes are the sent ones; what is the same mail."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable

import pytest

from tests.flows.conftest import RunningDesk, mail
from tests.outside import wait_for

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


def test_r04_a_quarantined_mail_can_be_tried_again(mail_desk: RunningDesk) -> None:
    number = _bring(mail_desk, POISON["nested parts"]())
    wait_for(lambda: _ledger(mail_desk)["waiting"] == 0, every=1, what="the mail to be read")
    before = _ledger(mail_desk)["quarantined"]
    done = mail_desk.instance.cli("mail", "retry", str(number))
    assert done.returncode == 0, done.stderr
    wait_for(lambda: _ledger(mail_desk)["waiting"] == 0, every=1, what="the mail to be read again")
    assert _ledger(mail_desk)["quarantined"] == before


@pytest.mark.sqlite_only
def test_r05_the_stored_bytes_are_the_bytes_sent(mail_desk: RunningDesk) -> None:
    import zlib

    for raw in (mail("Grüße", subject="good bytes"), POISON["nested parts"](), POISON["NUL"]()):
        number = _bring(mail_desk, raw)
        database = sqlite3.connect(mail_desk.instance.data / "tresen.sqlite3")
        packed, digest, size = database.execute(
            "SELECT raw, sha256, size FROM mail_rawmail WHERE id = ?", (number,)
        ).fetchone()
        database.close()
        assert zlib.decompress(packed) == raw and size == len(raw)
        assert digest == hashlib.sha256(raw).hexdigest()


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
