"""R3: whatever comes, every accepted mail is in exactly one outcome and `tresen mail ledger` proves it (P14)."""

from __future__ import annotations

import random
import re
import smtplib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.flows.conftest import MAILBOX, RunningDesk
from tests.safety.mail_desk import wait_until_read

SEED = 20261127
CORPUS = sorted((Path(__file__).parents[1] / "mail" / "corpus").glob("*.eml"))


def _bytes(dice: random.Random, raw: bytes) -> bytes:
    data = bytearray(raw)
    for _ in range(dice.randint(1, 20)):
        data[dice.randrange(len(data))] = dice.randrange(256)
    return bytes(data)


def _cut(dice: random.Random, raw: bytes) -> bytes:
    return raw[: dice.randrange(1, len(raw) + 1)]


def _repeated(dice: random.Random, raw: bytes) -> bytes:
    start, size = dice.randrange(len(raw)), dice.randint(1, 400)
    return raw[:start] + raw[start : start + size] * dice.randint(2, 60) + raw[start:]


def _headers(dice: random.Random, raw: bytes) -> bytes:
    head, gap, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = head.split(b"\n")
    dice.shuffle(lines)
    return b"\n".join(lines) + gap + body


def _joined(dice: random.Random, raw: bytes) -> bytes:
    other = dice.choice(CORPUS).read_bytes()
    return raw[: dice.randrange(len(raw))] + other[dice.randrange(len(other)) :]


def _noise(dice: random.Random, raw: bytes) -> bytes:
    return dice.randbytes(dice.randint(1, 3000))


WAYS: list[Callable[[random.Random, bytes], bytes]] = [_bytes, _cut, _repeated, _headers, _joined, _noise]


def _fuzzed(count: int) -> list[bytes]:
    dice = random.Random(SEED)
    made = []
    for _ in range(count):
        raw = dice.choice(CORPUS).read_bytes()[:200_000]
        for way in dice.choices(WAYS, weights=[6, 3, 3, 3, 3, 1], k=dice.randint(1, 3)):
            raw = way(dice, raw) or b"x"
        made.append(raw)
    return made


def _ledger(desk: RunningDesk, *options: str) -> dict[str, int]:
    done = desk.instance.cli("mail", "ledger", *options, seconds=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "the ledger closes" in done.stdout
    return {name: int(count) for name, count in re.findall(r"^\s*(\w+)\s+(\d+)$", done.stdout, re.MULTILINE)}


def _sent(desk: RunningDesk, mails: list[bytes]) -> int:
    """How many of them the door took."""
    taken = 0
    server: Any = None
    for number, raw in enumerate(mails):
        if server is None:
            server = smtplib.SMTP("127.0.0.1", desk.instance.smtp_port, timeout=60)
        try:
            server.sendmail(f"f{number}@evil.example", [MAILBOX], raw)
            taken += 1
        except smtplib.SMTPResponseException:
            server.rset()
        except smtplib.SMTPServerDisconnected:
            server = None
    if server:
        server.quit()
    return taken


def test_r03_the_ledger_closes_over_a_fuzz_corpus(
    mail_desk: RunningDesk, full_size: bool, record_property: Callable[[str, object], None]
) -> None:
    count = 10_000 if full_size else 50
    print("seed", SEED)
    before = _ledger(mail_desk)["received"]
    taken = _sent(mail_desk, _fuzzed(count))
    assert taken > count * 0.9
    _ledger(mail_desk)  # closes at every moment, also while mail is read
    wait_until_read(mail_desk, seconds=1800)
    counts = _ledger(mail_desk)
    assert counts["received"] == before + taken
    assert counts["received"] == sum(n for name, n in counts.items() if name != "received")
    record_property("outcomes", ", ".join(f"{name} {n}" for name, n in counts.items() if n))

    today = datetime.now(UTC).date()
    days = ("--from", str(today - timedelta(days=1)), "--to", str(today + timedelta(days=1)))
    assert _ledger(mail_desk, *days) == counts
    assert _ledger(mail_desk, "--mailbox", MAILBOX)["received"] == counts["received"]
    assert _ledger(mail_desk, "--from", str(today + timedelta(days=2)))["received"] == 0
    unknown = mail_desk.instance.cli("mail", "ledger", "--mailbox", "nobody@desk.example")
    assert unknown.returncode == 1 and "no mailbox" in unknown.stderr
    page = mail_desk.signed_in().get("/settings/mail/ledger/sum/")
    assert f"The sum closes: {counts['received']} mails received" in page.text
