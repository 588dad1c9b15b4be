"""S4: From = an agent, with a true reply token but without a passing proof, or with a forged one: kept as unproven, no
public speech, no command, the agent sees that it waits (P2)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flows.conftest import ADMIN, MAILBOX, RunningDesk, mail
from tests.outside import Sink, wait_for
from tests.visitor import Visitor

pytestmark = pytest.mark.once

SERVER = "mx.desk.example"
CAROL = "carol@shop.example"
PASSED = f"{SERVER}; dmarc=pass header.from=desk.example"
# What an attacker writes himself: below or beside what our own server says, or in words that only look like it.
FORGED = {
    "nothing": [],
    "of another server": [f"mx.evil.example; {PASSED.partition('; ')[2]}"],
    "below ours": [f"{SERVER}; dmarc=fail (p=none) header.from=desk.example", PASSED],
    "ours in a longer name": [f"{SERVER}.evil.example; {PASSED.partition('; ')[2]}"],
    "in a comment": [f"{SERVER}; dmarc=fail (p=none; dmarc=pass) header.from=desk.example"],
    "in quotes": [f'{SERVER}; spf=pass smtp.mailfrom="x; dmarc=pass"@evil.example'],
    "of another domain": [f"{SERVER}; dkim=pass header.d=evil.example"],
    "passed for another domain": [f"{SERVER}; dmarc=pass header.from=evil.example"],
    "a longer domain": [f"{SERVER}; dkim=pass header.d=notdesk.example"],
    "folded": [f"{SERVER};\r\n dmarc=fail header.from=desk.example"],
}
COMMANDS = "#close\n!assign me\nstatus: solved\n@@priority=1\n\nPlease transfer the money to FORGED."


@pytest.fixture(scope="module")
def ticket(mail_desk: RunningDesk, outside: Sink) -> tuple[str, Any]:
    """Carol's ticket, and the mail of ours about it that somebody else has in hand."""
    visitor = mail_desk.signed_in()
    visitor.get("/settings/mailboxes/")
    assert visitor.page
    visitor.get(visitor.page.link(MAILBOX))
    visitor.fill("form.s-form", authserv_id=SERVER)
    mail_desk.send(mail("My VPN is down.", subject="S4", message_id="<s4@shop.example>"), sender=CAROL)
    number = mail_desk.wait_ticket("S4")["number"]
    outside.wait(CAROL)
    mail_desk.api("POST", f"/tickets/{number}/messages", {"kind": "reply", "body_text": "Try again."})
    return number, outside.wait(CAROL, count=2)[1].mail


def _send(desk: RunningDesk, ours: Any, proofs: list[str], text: str, *, by: str) -> None:
    facts = {"subject": "Re: S4", "sender": f"Ada Admin <{ADMIN}>"}
    facts |= {"in_reply_to": ours["Message-ID"]} if by == "id" else {}
    head = "".join(f"Authentication-Results: {proof}\r\n" for proof in proofs).encode()
    to = ours["Reply-To"].addresses[0].addr_spec if by == "address" else MAILBOX
    desk.send(head + mail(text, **facts), sender=ADMIN, to=to)


@pytest.mark.parametrize("by", ["id", "address"])
def test_s04_an_agent_without_proof_waits_and_changes_nothing(
    mail_desk: RunningDesk, outside: Sink, ticket: tuple[str, Any], by: str
) -> None:
    number, ours = ticket
    before = mail_desk.api("GET", f"/tickets/{number}")[1]
    sent = len(outside.mails)
    for name, proofs in FORGED.items():
        _send(mail_desk, ours, proofs, f"{COMMANDS}\n{name} by {by}", by=by)
    wanted = {f"{name} by {by}" for name in FORGED}

    def arrived() -> list[dict[str, Any]]:
        return [m for m in mail_desk.messages(number) if any(one in m["body_text"] for one in wanted)]

    wait_for(lambda: len(arrived()) == len(FORGED), what="all forged mail", seconds=60)
    assert all((m["held"], m["kind"]) == (True, "received") for m in arrived())
    after = mail_desk.api("GET", f"/tickets/{number}")[1]
    for field in ("status", "priority", "assignee", "team", "requester", "ball"):
        assert after[field] == before[field], field
    page = mail_desk.signed_in().get(f"/desk/tickets/{number}/")
    assert "claims to come from a colleague" in page.text
    mail_desk.send(mail("Hello.", subject=f"control {by}", sender="Dan <dan@shop.example>"), sender="dan@shop.example")
    outside.wait("dan@shop.example")
    assert not [m for m in outside.mails[sent:] if "FORGED" in m.raw.decode(errors="replace")]


def test_s04_the_list_says_that_something_is_held(mail_desk: RunningDesk, ticket: tuple[str, Any]) -> None:
    agent: Visitor = mail_desk.signed_in()
    page = agent.get("/desk/views/held/")
    assert ticket[0] in page.text.replace("\xa0", " ").replace(" ", "").replace("-", "")


def test_s04_control_a_proven_agent_is_kept_as_a_note(mail_desk: RunningDesk, ticket: tuple[str, Any]) -> None:
    number, ours = ticket
    _send(mail_desk, ours, [PASSED], "I know why.", by="id")
    note = wait_for(lambda: next((m for m in mail_desk.messages(number) if "I know why." in m["body_text"]), None))
    assert (note["kind"], note["held"]) == ("note", False)
