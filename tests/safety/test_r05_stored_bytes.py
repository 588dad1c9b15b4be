"""R5: the stored bytes are the bytes sent, with their checksum, of good, quarantined and suspended mail (P15)."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass
from typing import Any

import psycopg

from tests.flows.conftest import RunningDesk, mail
from tests.instance import Instance
from tests.safety.mail_desk import bring, send_all, wait_until_read
from tests.safety.test_r04_poison_mail import POISON

NESTED = POISON["nested parts"]()


def test_r05_the_stored_bytes_are_the_bytes_sent(mail_desk: RunningDesk) -> None:
    """Of a good mail, of those that cannot be read, and of one that is set aside; by both ways in."""
    sent = {bring(mail_desk, raw): raw for raw in (mail("Grüße", subject="good bytes"), POISON["NUL"](), NESTED)}
    many = [
        mail(f".\r\n.. dots and ümlauts {n} \tin the end \r\n.", subject=f"many {n}", sender="flood@shop.example")
        for n in range(21)
    ]
    send_all(mail_desk, [("flood@shop.example", "", raw) for raw in many])
    wait_until_read(mail_desk, seconds=60)
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
