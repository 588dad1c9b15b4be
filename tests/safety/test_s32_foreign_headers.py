"""S32: headers of ours, Resent-*, another Reply-To, a forged Return-Path, `Auto-Submitted: no`, written by a stranger:
no change of owner, priority, team or identity; another Reply-To is shown to the agent (P2)."""

from __future__ import annotations

import pytest

from tests.flows.conftest import ADMIN, RunningDesk, mail
from tests.outside import Sink, wait_for

pytestmark = pytest.mark.once

DAVE, VICTIM = "dave@evil.example", "carol@shop.example"
HEADERS = {
    "x_tresen_ticket": "T200018", "x_tresen_owner": ADMIN, "x_tresen_priority": "4", "x_tresen_team": "service-desk",
    "x_tresen_status": "closed", "x_tresen_loop": "abcdefgh.aaaaaaaaaaaaaaaaaaaaaaaaaa", "x_tresen_agent": ADMIN,
    "x_tresen_customer": VICTIM, "x_priority": "1", "importance": "high", "x_otrs_owner": ADMIN,
    "x_zammad_ticket_priority": "3 high", "resent_from": ADMIN, "resent_sender": ADMIN, "resent_to": VICTIM,
    "resent_message_id": "<resent@desk.example>", "return_path": f"<{ADMIN}>", "auto_submitted": "no",
    "x_original_from": VICTIM, "x_forwarded_for": VICTIM, "sender_": ADMIN, "x_envelope_from": ADMIN,
    "errors_to": VICTIM, "x_authentication_results": "mx.desk.example; dmarc=pass", "x_sender": ADMIN,
}  # fmt: skip


def test_s32_headers_of_a_stranger_change_nothing(mail_desk: RunningDesk, outside: Sink) -> None:
    plain = {"sender": f"Dave <{DAVE}>"}
    mail_desk.send(mail("Hello.", subject="S32 plain", **plain), sender=DAVE)
    mail_desk.send(mail("Hello.", subject="S32 bent", **plain, reply_to=VICTIM, **HEADERS), sender=DAVE)
    usual, bent = mail_desk.wait_ticket("S32 plain"), mail_desk.wait_ticket("S32 bent")
    fields = "requester assignee team priority impact urgency status status_category type ball tags brand organisation"
    assert {f: bent[f] for f in fields.split()} == {f: usual[f] for f in fields.split()}
    assert bent["requester"]["email"] == DAVE
    message = mail_desk.messages(bent["number"])[0]
    assert (message["kind"], message["held"], message["trust"]) == ("received", False, "claimed")
    page = mail_desk.signed_in().get(f"/desk/tickets/{bent['number']}/")
    assert f"wants answers at {VICTIM}" in page.text
    assert page.tree.css(f'#composer-to input[value="{DAVE}"]') and not page.tree.css(f'input[value="{VICTIM}"]')
    outside.wait(DAVE)
    assert outside.to(VICTIM) == [] and not outside.to(ADMIN)


def test_s32_they_do_not_move_an_answer_either(mail_desk: RunningDesk, outside: Sink) -> None:
    mail_desk.send(mail("My VPN.", subject="S32 victim", message_id="<s32@shop.example>"), sender=VICTIM)
    number = mail_desk.wait_ticket("S32 victim")["number"]
    before = mail_desk.api("GET", f"/tickets/{number}")[1]
    named = {**HEADERS, "x_tresen_ticket": number, "x_tresen_references": "<s32@shop.example>"}
    mail_desk.send(mail("Forged.", subject="S32 named", sender=DAVE, **named), sender=DAVE)
    bent = mail_desk.wait_ticket("S32 named")
    assert bent["number"] != number
    assert len(mail_desk.messages(number)) == 1
    assert mail_desk.api("GET", f"/tickets/{number}")[1]["version"] == before["version"]


def test_s32_a_persons_mail_is_not_made_a_machines_nor_the_other_way(mail_desk: RunningDesk, outside: Sink) -> None:
    """`Auto-Submitted: no` beside a machine's signs does not make us answer it."""
    bot = "bot@shop.example"
    raw = mail("I am away.", subject="S32 bot", sender=bot, auto_submitted="no", x_autoreply="yes")
    mail_desk.send(raw, sender=bot)
    mail_desk.send(mail("Hi.", subject="S32 control", sender="dan@shop.example"), sender="dan@shop.example")
    wait_for(lambda: outside.to("dan@shop.example"), what="the control to be confirmed")
    assert outside.to(bot) == [] and "S32 bot" not in [t["subject"] for t in mail_desk.tickets()]
