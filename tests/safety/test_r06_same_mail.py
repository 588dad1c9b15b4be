"""R6: what is the same mail: equal bytes are one, other content or another sender under the same id is two, with no id
or a broken one as well; one mail to two mailboxes, with a crash of the listener between, is once on both (P14)."""

from __future__ import annotations

import smtplib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flows.conftest import RunningDesk, mail
from tests.instance import Instance
from tests.outside import Sink, wait_for
from tests.safety.mail_desk import ledger, wait_until_read

# Message-ID lines that name nothing, or nothing for sure.
NO_IDS = {
    "none": b"",
    "empty": b"Message-ID:\r\n",
    "no brackets": b"Message-ID: 12 34\r\n",
    "half": b"Message-ID: <half@\r\n",
    "two": b"Message-ID: <a@shop.example>\r\nMessage-ID: <b@shop.example>\r\n",
}


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
    wait_until_read(desk, seconds=60)
    subjects = [ticket["subject"] for ticket in desk.tickets() if ticket["subject"].startswith("r6 both")]
    assert sorted(subjects) == sorted(f"r6 both {n}" for n in range(mails) for _ in "ab")
    counts = ledger(desk)
    assert counts["received"] == counts["new"] + counts["duplicate"] and counts["new"] == 2 * mails


def _is_taken(desk: RunningDesk, raw: bytes) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", desk.instance.smtp_port, timeout=10) as server:
            return not server.sendmail("b@shop.example", ["help@desk.example", "sales@desk.example"], raw)
    except (OSError, smtplib.SMTPException):
        return False


def test_r06_equal_is_one_and_other_content_or_sender_is_two(mail_desk: RunningDesk) -> None:
    same = mail("One.", subject="r6 same", message_id="<r6@shop.example>")
    mails = [(same, ""), (same, "")]
    squat = mail("Other.", subject="r6 squat", sender="eve@evil.example", message_id="<r6@shop.example>")
    mails.append((squat, "eve@evil.example"))
    for name, header_id in NO_IDS.items():
        raw = mail("Nameless.", subject=f"r6 {name}", message_id="{}").replace(b"Message-ID: {}\r\n", header_id)
        mails += [(raw, ""), (raw, ""), (raw.replace(b"Nameless.", b"Nameless too."), "")]
    for raw, sender in mails:
        mail_desk.send(raw, sender=sender or "carol@shop.example")
    wait_until_read(mail_desk, seconds=60)
    found = Counter(ticket["subject"] for ticket in mail_desk.tickets())
    assert found == {"r6 same": 1, "r6 squat": 1, **{f"r6 {name}": 2 for name in NO_IDS}}
    assert ledger(mail_desk)["duplicate"] == 1 + len(NO_IDS)
