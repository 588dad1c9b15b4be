"""S57: an agent sends as a foreign mailbox, with an arbitrary From or Bcc, to an address that is not on the ticket,
through the interface and the desk: refused, and nothing leaves (P4)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flows.conftest import MAILBOX, RunningDesk, mail
from tests.outside import Received, Sink, wait_for
from tests.visitor import Visitor

pytestmark = pytest.mark.once

CAROL, EVE = "carol@shop.example", "eve@evil.example"


def a_ticket(desk: RunningDesk, subject: str) -> str:
    desk.send(mail("Help.", subject=subject))
    return str(desk.wait_ticket(subject)["number"])


@pytest.mark.parametrize(
    "more",
    [
        {"to": [EVE]}, {"cc": [EVE]}, {"to": [CAROL], "cc": [EVE]}, {"to": [{"email": EVE, "name": "Carol"}]},
        {"bcc": [EVE]}, {"from": EVE}, {"sender": EVE}, {"mailbox": 1}, {"mailbox": "other@desk.example"},
        {"reply_to": EVE}, {"headers": {"Bcc": EVE}}, {"recipients": [{"role": "to", "address": EVE}]},
        {"channel": "mail", "agent": 1}, {"to": [MAILBOX]}, {"to": ["CAROL@shop.example.evil.example"]},
    ],
)  # fmt: skip
def test_s57_through_the_interface(mail_desk: RunningDesk, outside: Sink, more: dict[str, Any]) -> None:
    number = _number(mail_desk)
    before = len(mail_desk.messages(number))
    text = f"Must not leave: {sorted(more)}"
    status, answer = mail_desk.api("POST", f"/tickets/{number}/messages", {"kind": "reply", "body_text": text, **more})
    assert status == 400, answer
    assert len(mail_desk.messages(number)) == before
    assert outside.to(EVE) == []


_made: dict[str, str] = {}


def _number(desk: RunningDesk) -> str:
    if "s57" not in _made:
        _made["s57"] = a_ticket(desk, "s57")
    return _made["s57"]


def the_reply(outside: Sink, text: str) -> Received:
    found: Received = wait_for(lambda: next((m for m in outside.to(CAROL) if text in m.text), None), what="the reply")
    return found


def test_s57_through_the_desk_only_people_on_the_ticket_are_written_to(mail_desk: RunningDesk, outside: Sink) -> None:
    number = a_ticket(mail_desk, "s57 desk")
    agent: Visitor = mail_desk.signed_in()
    agent.get(f"/desk/tickets/{number}/")
    agent.fill("form.composer", kind="reply", reply_text="From the desk.", to=[CAROL, EVE])
    received = the_reply(outside, "From the desk.")
    assert received.recipients == (CAROL,) and received.sender == MAILBOX
    assert [a.addr_spec for a in received.mail["From"].addresses] == [MAILBOX] and received.mail["Bcc"] is None
    assert outside.to(EVE) == []


def test_s57_a_copy_joins_the_ticket_by_a_deliberate_act_that_everybody_sees(
    mail_desk: RunningDesk, outside: Sink
) -> None:
    number = a_ticket(mail_desk, "s57 copy")
    agent: Visitor = mail_desk.signed_in()
    agent.get(f"/desk/tickets/{number}/")
    agent.fill("form.composer", kind="reply", reply_text="With a copy.", add_cc="bob@shop.example")
    received = the_reply(outside, "With a copy.")
    assert set(received.recipients) == {CAROL, "bob@shop.example"}
    assert [a.addr_spec for a in received.mail["Cc"].addresses] == ["bob@shop.example"]
    status, events = mail_desk.api("GET", f"/tickets/{number}/events?limit=100")
    assert status == 200 and "participant.added" in [event["kind"] for event in events["items"]]
    for wrong in (MAILBOX, "nobody", "ada@desk.example", f"x@y.example\r\nBcc: {EVE}"):
        agent.get(f"/desk/tickets/{number}/")
        page = agent.fill("form.composer", kind="reply", reply_text="Not this.", add_cc=wrong)
        assert page.status == 422 and "cannot be taken in copy" in page.text
    assert outside.to(EVE) == []


def test_s57_a_blind_copy_is_seen_by_colleagues_and_by_no_header(mail_desk: RunningDesk, outside: Sink) -> None:
    """Bcc holds people on the ticket and whom an agent writes there deliberately: the envelope alone names them."""
    number = a_ticket(mail_desk, "s57 blind")
    agent: Visitor = mail_desk.signed_in()
    agent.get(f"/desk/tickets/{number}/")
    agent.fill("form.composer", kind="reply", reply_text="With a blind copy.", add_bcc="bea@shop.example")
    received = the_reply(outside, "With a blind copy.")
    assert set(received.recipients) == {CAROL, "bea@shop.example"} and received.sender == MAILBOX
    assert b"bea@shop.example" not in received.mail.as_bytes() and received.mail["Bcc"] is None
    page = agent.get(f"/desk/tickets/{number}/")
    assert "blind copy to" in page.text and "bea@shop.example" in str(page.tree.html)
    assert not page.tree.css('#composer-to input[value="bea@shop.example"]'), "the next reply does not go there"
    # What comes back from there is a stranger's: held, and shown to nobody outside.
    back = {"subject": "Re: s57 blind", "in_reply_to": received.mail["Message-ID"]}
    mail_desk.send(mail("Thanks, Bea", sender="bea@shop.example", **back), sender="bea@shop.example")
    answered = wait_for(lambda: [m for m in mail_desk.messages(number) if "Thanks, Bea" in m["body_text"]], what="hers")
    assert answered[0]["held"]
    for wrong in (MAILBOX, "nobody", "ada@desk.example", f"x@y.example\r\nTo: {EVE}"):
        agent.get(f"/desk/tickets/{number}/")
        page = agent.fill("form.composer", kind="reply", reply_text="Not this.", add_bcc=wrong)
        assert page.status == 422 and "cannot be taken in copy" in page.text
    agent.get(f"/desk/tickets/{number}/")
    alone = agent.fill("form.composer", kind="reply", reply_text="Blind alone.", to=[], add_bcc="bea@shop.example")
    assert alone.status == 422 and "needs somebody in To or Cc" in alone.text
