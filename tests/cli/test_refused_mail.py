"""Mail that is refused at the door is counted by its reason, and `tresen mail ledger` says how often."""

from __future__ import annotations

import re
import smtplib

import pytest

from tests.flows.conftest import MAILBOX, RunningDesk, mail

pytestmark = pytest.mark.sqlite_only
LIMIT = 36 * 1024 * 1024


def _refused(desk: RunningDesk, reason: str) -> int:
    ran = desk.instance.cli("mail", "ledger")
    assert ran.returncode == 0, ran.stderr
    told = re.search(rf"^refused at the door, {reason}: (\d+)$", ran.stdout, re.MULTILINE)
    return int(told[1]) if told else 0


def test_mail_that_is_refused_for_its_size_is_counted(desk: RunningDesk) -> None:
    before = _refused(desk, "size")
    with smtplib.SMTP("127.0.0.1", desk.instance.smtp_port, timeout=30) as server:
        server.ehlo()
        announced, _ = server.mail("carol@shop.example", [f"SIZE={LIMIT + 1}"])
        assert announced == 552
        server.rset()
        assert server.mail("carol@shop.example")[0] == 250 and server.rcpt(MAILBOX)[0] == 250
        sent, _ = server.data(b"Subject: long\r\n\r\n" + (b"0123456789abcdef" * 50 + b"\r\n") * (LIMIT // 800))
        assert sent == 552
    assert _refused(desk, "size") == before + 2
    piped = desk.instance.cli("mail", "receive", "--to", MAILBOX, "-", given=b"x" * (LIMIT + 1))
    assert piped.returncode == 1 and "36 MB" in piped.stderr
    assert _refused(desk, "size") == before + 3


def test_mail_that_is_taken_is_not_counted_as_refused(desk: RunningDesk) -> None:
    before = _refused(desk, "size"), _refused(desk, "recipient")
    desk.send(mail("Hello.", subject="A mail of the usual size"))
    desk.wait_ticket("A mail of the usual size")
    assert (_refused(desk, "size"), _refused(desk, "recipient")) == before
