"""R6: one mail to two mailboxes, with a crash of the listener between: it is on both, once on each (P14)."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flows.conftest import RunningDesk, mail
from tests.instance import Instance
from tests.outside import Sink, wait_for


def _ledger(desk: RunningDesk) -> dict[str, int]:
    done = desk.instance.cli("mail", "ledger")
    assert done.returncode == 0, done.stdout + done.stderr
    return {name: int(count) for name, count in re.findall(r"^\s*(\w+)\s+(\d+)$", done.stdout, re.MULTILINE)}


@pytest.mark.parametrize("place", ["spool:before_commit", "spool:after_commit"])
def test_r06_one_mail_to_two_mailboxes_with_a_crash_between_is_on_both(
    new_instance: Callable[..., Instance], sink: Sink, tmp_path: Path, full_size: bool, place: str
) -> None:
    """The listener dies while it stores: the sender was not told that it is safe, so he comes again."""
    plugs = tmp_path / "plugs"
    plugs.mkdir()
    desk = RunningDesk(new_instance(TRESEN_SMTP_URL=sink.url, TRESEN_FAULT=f"{place}:kill:{plugs}")).start()
    visitor = desk.signed_in()
    visitor.get("/settings/mailboxes/new/")
    page = visitor.fill("form.s-form", address="sales@desk.example")
    assert page.status == 200, page.text[:500]
    mails = 10 if full_size else 2
    for number in range(mails):
        (plugs / str(number)).touch()
        raw = mail("For both.", subject=f"r6 both {number}", sender=f"b{number}@shop.example")
        wait_for(lambda raw=raw: _is_taken(desk, raw), every=0.2, seconds=60, what="the mail to be accepted")
    assert not list(plugs.iterdir()), "the listener was killed as often as meant"
    wait_for(lambda: _ledger(desk)["waiting"] == 0, every=1, seconds=60, what="all mail to be read")
    subjects = [ticket["subject"] for ticket in desk.tickets() if ticket["subject"].startswith("r6 both")]
    assert sorted(subjects) == sorted(f"r6 both {n}" for n in range(mails) for _ in "ab")
    counts = _ledger(desk)
    assert counts["received"] == counts["new"] + counts["duplicate"] and counts["new"] == 2 * mails


def _is_taken(desk: RunningDesk, raw: bytes) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", desk.instance.smtp_port, timeout=10) as server:
            return not server.sendmail("b@shop.example", ["help@desk.example", "sales@desk.example"], raw)
    except (OSError, smtplib.SMTPException):
        return False
