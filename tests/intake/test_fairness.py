"""One sender's flood, or a crowd in one mailbox, stands behind everybody else's mail."""

from __future__ import annotations

import pytest

from tests.intake.conftest import Desk, mail
from tresen.channels.mail import fairness, spool
from tresen.channels.mail.fairness import CROWD, CROWDED, FLOOD, FLOODING, MANY, OFTEN, USUAL, Arrivals
from tresen.channels.mail.models import RawMail
from tresen.channels.mail.spool import claimed_sender, pack, store_deliveries, store_mail
from tresen.core.people.services import create_contact
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "arrivals", Arrivals())


def test_the_order_follows_how_much_came_lately() -> None:
    now = [1000.0]
    arrivals = Arrivals(clock=lambda: now[0])

    def one(sender: str, mailbox: int = 1, known: bool = False) -> int:
        return arrivals.priority(sender, mailbox, is_known=lambda: known)

    assert {one("a", n) for n in range(MANY)} == {USUAL}
    assert one("a") == OFTEN and one("b") == USUAL
    assert [one("a", n) for n in range(FLOOD)][-1] == FLOODING
    now[0] += fairness.SENDER_SECONDS + 1
    assert one("a") == USUAL
    assert {one(f"x{n}") for n in range(CROWDED - 1)} == {USUAL}
    assert one("y") == CROWD and one("y", known=True) == USUAL and one("y", mailbox=2) == USUAL
    assert one("") == CROWD, "no sender at all is nobody one knows"
    now[0] += fairness.MAILBOX_SECONDS + 1
    assert one("z") == USUAL


def test_everybody_else_is_read_before_a_flood(desk: Desk) -> None:
    for number in range(MANY + 15):
        store_mail(mail(f"{number}", sender="flood@evil.example"), mailbox=desk.mailbox, source="smtp",
                   envelope_from="Flood@evil.example")  # fmt: skip
    late = store_mail(mail("Just one.", sender="carol@shop.example"), mailbox=desk.mailbox, source="smtp",
                      envelope_from="carol@shop.example")  # fmt: skip
    assert late
    drain("mail-in", limit=MANY + 1)
    late.refresh_from_db()
    assert late.outcome == "new"
    assert RawMail.objects.filter(outcome="received").count() == 15
    drain("mail-in")
    assert not RawMail.objects.filter(outcome="received").exists(), "the flood is read, too, later"


def test_a_known_contact_goes_before_strangers_in_a_crowded_mailbox(desk: Desk) -> None:
    create_contact(name="Carol", mails=["carol@shop.example"], by=Actor.system("test"))
    for number in range(CROWDED):
        spool.arrivals.priority(f"x{number}@evil.example", desk.mailbox.pk, is_known=lambda: False)
    for sender in ("stranger@evil.example", "carol@shop.example"):
        store_deliveries(pack(mail(sender=sender), [(desk.mailbox, "help@desk.example")], source="smtp",
                              envelope_from=sender))  # fmt: skip
    assert list(Job.objects.order_by("id").values_list("priority", flat=True)) == [CROWD, USUAL]


@pytest.mark.parametrize(
    ("head", "sender"),
    [
        (b"From: Carol <carol@shop.example>", "carol@shop.example"),
        (b"Subject: x\r\nFROM: carol@shop.example", "carol@shop.example"),
        (b"X-From: eve@evil.example", ""),
        (b"From: nobody", ""),
        (b"From: " + b"x" * 400 + b"@a.example", ""),
        (b"\xff\xfe", ""),
    ],
)
def test_mail_without_an_envelope_is_ordered_by_its_from_line(head: bytes, sender: str) -> None:
    assert claimed_sender(head + b"\r\n\r\nx") == sender
