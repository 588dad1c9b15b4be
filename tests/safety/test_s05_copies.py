"""S5: a forged mail of the requester with an attacker in Cc, on an open ticket: he does not take part, nothing that
leaves later goes to him, and the addresses we give out cannot be guessed (P2)."""

from __future__ import annotations

import re
from base64 import b32decode
from typing import Any

import pytest

from tests.flows.conftest import MAILBOX, RunningDesk, mail
from tests.outside import Sink, wait_for

pytestmark = pytest.mark.once

CAROL, MALLORY = "carol@shop.example", "mallory@evil.example"
SECRET = "The code of the door is 4711."


@pytest.fixture(scope="module")
def answered(mail_desk: RunningDesk, outside: Sink) -> tuple[str, Any]:
    """Carol's ticket with something in it that is nobody else's, and our last mail about it."""
    mail_desk.send(mail("Which code?", subject="S5", message_id="<s5@shop.example>"), sender=CAROL)
    number = mail_desk.wait_ticket("S5")["number"]
    outside.wait(CAROL)
    mail_desk.api("POST", f"/tickets/{number}/messages", {"kind": "reply", "body_text": SECRET})
    return number, outside.wait(CAROL, count=2)[1].mail


def test_s05_an_attacker_in_copy_of_a_later_mail_gets_nothing(
    mail_desk: RunningDesk, outside: Sink, answered: tuple[str, Any]
) -> None:
    number, ours = answered
    ways = [
        {"subject": f"Re: S5 [#{number}]", "cc": f"Mallory <{MALLORY}>"},
        {"subject": "Re: S5", "in_reply_to": "<s5@shop.example>", "cc": MALLORY},
        {"subject": "Re: S5", "in_reply_to": ours["Message-ID"], "to": f"{MAILBOX}, {MALLORY}"},
        {"subject": "Re: S5", "in_reply_to": ours["Message-ID"], "reply_to": MALLORY},
        {"subject": "Re: S5", "in_reply_to": ours["Message-ID"], "x_original_to": MALLORY, "bcc": MALLORY},
    ]
    for n, way in enumerate(ways):
        mail_desk.send(mail(f"Forged {n}.", sender=f"Carol Brandt <{CAROL}>", **way), sender=CAROL)
    wait_for(lambda: sum("Forged" in m["body_text"] for m in mail_desk.messages(number)) == len(ways), what="all mails")
    agent = mail_desk.signed_in()
    page = agent.get(f"/desk/tickets/{number}/")
    assert not page.tree.css(f'#composer-to input[value="{MALLORY}"]'), "a reply would go to the attacker"
    assert "On this mail, but not on the ticket" in page.text, "the agent is offered him"
    assert f"wants answers at {MALLORY}" in page.text
    mail_desk.api("POST", f"/tickets/{number}/messages", {"kind": "reply", "body_text": "As I wrote."})
    outside.wait(CAROL, count=3)
    assert outside.to(MALLORY) == []


def test_s05_the_attackers_own_mail_is_held_and_shows_him_nothing(
    mail_desk: RunningDesk, outside: Sink, answered: tuple[str, Any]
) -> None:
    """He was in copy, so he has our Message-ID from a quoted mail; writing to it shows him nothing."""
    number, ours = answered
    raw = mail("What was it?", subject="Re: S5", sender=MALLORY, in_reply_to=ours["Message-ID"])
    mail_desk.send(raw, sender=MALLORY)
    held = wait_for(lambda: next((m for m in mail_desk.messages(number) if "What was it?" in m["body_text"]), None))
    assert held["held"]
    mail_desk.send(mail("Hello.", subject="S5 control", sender="dan@shop.example"), sender="dan@shop.example")
    outside.wait("dan@shop.example")
    assert outside.to(MALLORY) == []


def test_s05_addresses_and_ids_carry_128_bits_that_no_number_tells(outside: Sink, answered: tuple[str, Any]) -> None:
    for received in outside.to(CAROL):
        address = received.mail["Reply-To"].addresses[0].addr_spec
        found = re.fullmatch(r"help\+\d+\.[ran]\.[a-z2-7]{1,4}\.([a-z2-7]{26})@desk\.example", address)
        assert found and len(b32decode(found[1].upper() + "======")) * 8 >= 128
        assert len(address.partition("@")[0]) <= 64
        assert re.search(r"\.[a-z2-7]{26}@desk\.example>$", received.mail["Message-ID"])
