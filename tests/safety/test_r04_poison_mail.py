"""R4: poison stops nobody and is kept (P15)."""

from __future__ import annotations

from collections.abc import Callable

from tests.flows.conftest import ADMIN, RunningDesk, mail
from tests.outside import Sink, wait_for
from tests.safety.mail_desk import bring, ledger, wait_until_read

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
UNREADABLE = {
    "nested comments": "comments deeper",
    "nested parts": "nested deeper than we follow",
    "ten thousand parts": "more parts than we open",
    "huge header": "larger than any honest mail needs",
}


def test_r04_poison_stops_nobody_and_is_kept(mail_desk: RunningDesk, outside: Sink, full_size: bool) -> None:
    good = 100 if full_size else 12
    before = ledger(mail_desk)["received"]
    brought = {name: (bring(mail_desk, raw), raw) for name, raw in ((name, make()) for name, make in POISON.items())}
    for number in range(good):
        mail_desk.send(mail("Good.", subject=f"good {number}", sender=f"g{number}@shop.example"))
    wait_until_read(mail_desk, seconds=120)
    counts = ledger(mail_desk)
    assert counts["received"] == before + len(POISON) + good
    assert {f"good {n}" for n in range(good)} <= {t["subject"] for t in mail_desk.tickets()}
    admin = mail_desk.signed_in()
    listed = admin.get("/settings/mail/ledger/?outcome=open").text
    for name, reason in UNREADABLE.items():
        number, raw = brought[name]
        assert reason in listed and "Take in once more" in admin.get(f"/settings/mail/ledger/{number}/").text
        assert admin.get(f"/settings/mail/ledger/{number}/raw/").body == raw
    assert counts["quarantined"] >= len(UNREADABLE)
    if full_size:  # it is looked for once a minute; tests/intake/test_alarms.py looks at the cause
        wait_for(lambda: "could not be read" in str([m.text for m in outside.to(ADMIN)]), seconds=150, what="the alert")
