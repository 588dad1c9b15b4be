"""R10: two desks that confirm each other's mail; a dumb responder without any header and with changing subject; our own
address as sender: automatic mail stops at the caps, tickets are bounded, one alert (P3)."""

from __future__ import annotations

import itertools
import smtplib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope

from tests.flows.conftest import ADMIN, MAILBOX, RunningDesk, mail
from tests.instance import Instance
from tests.outside import Sink, wait_for

pytestmark = pytest.mark.once

NEW_TICKETS_AN_HOUR = 20


def _delivering(ports: dict[str, int]) -> Callable[[Envelope], str]:
    """The mail server between desks: what it takes it hands over beside, by the domain of the recipient."""

    def deliver(recipient: str, sender: str, content: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", ports[recipient.rpartition("@")[2]], timeout=30) as out:
            out.sendmail(sender, [recipient], content)

    def answer(envelope: Envelope) -> str:
        for recipient in envelope.rcpt_tos:
            if recipient.rpartition("@")[2] in ports:
                facts = (recipient, envelope.mail_from or "", bytes(envelope.content or b""))
                threading.Thread(target=deliver, args=facts).start()
        return "250 OK"

    return answer


def _settle(desks: list[RunningDesk]) -> list[int]:
    """How many tickets each has once nothing changes any more."""
    seen: list[list[tuple[int, int]]] = []

    def is_quiet() -> bool:
        seen.append([(len(t := desk.tickets()), sum(one["version"] for one in t)) for desk in desks])
        return len(seen) > 3 and seen[-4:] == [seen[-1]] * 4

    wait_for(is_quiet, every=0.4, seconds=60, what="both to fall silent")
    return [tickets for tickets, _ in seen[-1]]


def test_r10_two_desks_that_confirm_each_other_fall_silent(
    mail_desk: RunningDesk, new_instance: Callable[..., Instance], outside: Sink
) -> None:
    other = RunningDesk(new_instance(TRESEN_SMTP_URL=outside.url)).start()
    visitor = other.signed_in()
    visitor.get("/settings/mailboxes/")
    assert visitor.page
    visitor.get(visitor.page.link(MAILBOX))
    visitor.fill("form.s-form", address="help@other.example")
    ports = {"desk.example": mail_desk.instance.smtp_port, "other.example": other.instance.smtp_port}
    outside.answer = _delivering(ports)
    # One desk writes to the other's mailbox as a customer would: a ticket there, confirmed to the address here.
    start = mail("Hello, desk.", subject="R10", sender=f"Desk One <{MAILBOX}>", to="help@other.example")
    other.send(start, sender=MAILBOX, to="help@other.example")
    number = other.wait_ticket("R10")["number"]
    outside.wait(MAILBOX)
    other.api("POST", f"/tickets/{number}/messages", {"kind": "reply", "body_text": "Which printer?"})
    mail_desk.wait_ticket(f"Re: R10 [#{number}]")
    counts = _settle([mail_desk, other])
    outside.answer = lambda envelope: "250 OK"
    assert counts == [1, 1]
    # A slow run also tells agents of the first desk what has happened there: no mail between the two.
    passed = [m for m in outside.mails if {MAILBOX, "help@other.example"} & set(m.recipients)]
    assert len(passed) <= 3, "a confirmation, a reply, and at most the other's confirmation of that"


def _answering(desk: RunningDesk, sender: str, per_mail: int) -> Callable[[Envelope], str]:
    """A machine that answers every mail with some of its own: no header says so, the subject is another each time."""
    number = itertools.count(1)

    def answer(envelope: Envelope) -> str:
        if sender in envelope.rcpt_tos:
            for _ in range(per_mail):
                raw = mail(f"I am machine {next(number)}.", subject=f"dumb {next(number)}", sender=sender)
                threading.Thread(target=desk.send, args=(raw,), kwargs={"sender": sender}).start()
        return "250 OK"

    return answer


def test_r10_a_dumb_responder_is_answered_up_to_the_caps_and_told_once(
    mail_desk: RunningDesk, outside: Sink, full_size: bool
) -> None:
    sender, many = "dumb@shop.example", 60 if full_size else 24
    outside.answer = _answering(mail_desk, sender, many)
    mail_desk.send(mail("I am a machine.", subject="dumb 0", sender=sender), sender=sender)

    def mine() -> list[dict[str, Any]]:
        return [t for t in mail_desk.tickets() if t["requester"]["email"] == sender]

    wait_for(lambda: len(mine()) >= NEW_TICKETS_AN_HOUR, seconds=60, what="its mail to be filed")
    agent = mail_desk.signed_in()
    wait_for(lambda: "suspended" in agent.get("/settings/mail/ledger/").html, what="the rest to be set aside")
    assert len(mine()) == NEW_TICKETS_AN_HOUR
    assert len(outside.to(sender)) == 1, "one confirmation an hour to an address that is not verified"
    if full_size:  # it is looked for once a minute; tests/intake/test_loops.py looks at the cause
        wait_for(lambda: [m for m in outside.to(ADMIN) if sender in m.text], seconds=150, every=1, what="the alert")
        assert len([m for m in outside.to(ADMIN) if sender in m.text]) == 1
    outside.answer = lambda envelope: "250 OK"


def test_r10_our_own_address_as_sender_is_never_answered(mail_desk: RunningDesk, outside: Sink) -> None:
    for n in range(3):
        mail_desk.send(mail("From myself.", subject=f"own {n}", sender=MAILBOX), sender=MAILBOX)
    mail_desk.send(mail("Scan.", subject="own plus", sender=MAILBOX.replace("@", "+x@")), sender=MAILBOX)
    mail_desk.wait_ticket("own plus")
    mail_desk.send(mail("Hello.", subject="r10 control", sender="dan@shop.example"), sender="dan@shop.example")
    outside.wait("dan@shop.example")
    ours = [m for m in outside.mails if m.sender == MAILBOX]
    assert not [m for m in ours if any(r.endswith("@desk.example") and r != ADMIN for r in m.recipients)]
