"""S6: somebody sends tickets in a victim's name by every open way: the victim gets one mail an hour at most, with none
of the submitted words; the tickets wait for confirmation (P3)."""

from __future__ import annotations

import re

import pytest

from tests.flows.conftest import RunningDesk, mail
from tests.outside import Sink, wait_for
from tests.safety.mail_desk import all_tickets
from tests.visitor import Visitor

pytestmark = pytest.mark.once

VICTIM = "victim@elsewhere.example"
MARKER = "BUY-OUR-PILLS"


def by_web(desk: RunningDesk, n: int) -> int:
    """One request through the portal in the victim's name; the status of the answer."""
    attacker = Visitor(desk.instance.url)
    attacker.get("/requests/new/")
    page = attacker.fill(
        "form.p-form", name=f"{MARKER} {n}", email=VICTIM, subject=f"{MARKER} subject {n}", text=f"{MARKER} text {n}"
    )
    return page.status


def by_mail(desk: RunningDesk, n: int) -> None:
    """One forged mail."""
    forged = mail(f"{MARKER} text {n}", subject=f"{MARKER} mail {n}", sender=f"{MARKER} <{VICTIM}>")
    desk.send(forged, sender=VICTIM)


def by_api(desk: RunningDesk, n: int) -> int:
    """A program that passes on what somebody typed elsewhere; the status of the answer."""
    said = {"subject": f"{MARKER} program {n}", "body_text": f"{MARKER} text {n}"}
    return desk.api("POST", "/tickets", {**said, "requester": {"email": VICTIM, "name": f"{MARKER} {n}"}})[0]


def test_s06_a_victim_gets_one_mail_and_none_of_the_attackers_words(
    mail_desk: RunningDesk, outside: Sink, full_size: bool
) -> None:
    many = 50 if full_size else 6
    assert {by_api(mail_desk, n) for n in range(many)} == {201}
    for n in range(many):
        by_mail(mail_desk, n)
    codes = [by_web(mail_desk, n) for n in range(many)]
    assert set(codes) == {200, 429} and codes.count(200) == 3
    # The desk takes up to twenty mails an hour of one sender, and three requests of the portal.
    expected = many + min(many, 20) + 3
    found = wait_for(lambda: len(t := all_tickets(mail_desk)) >= expected and t, what="the tickets", seconds=60)
    assert len(found) == expected and {t["requester"]["email"] for t in found} == {VICTIM}
    _wait_for_confirmation(mail_desk, {t["number"]: t["channel"] for t in found})

    # Asking for the links is no way round it.
    visitor = Visitor(mail_desk.instance.url)
    visitor.get("/requests/link/")
    visitor.fill("form.p-form", email=VICTIM)
    # What was queued before somebody else's confirmation has left or has been refused when that arrives.
    mail_desk.send(mail("Hello", subject="control", sender="Carol <carol@shop.example>"))
    outside.wait("carol@shop.example", seconds=60)
    received = outside.to(VICTIM)
    assert len(received) == 1
    assert MARKER not in received[0].raw.decode(errors="replace") and MARKER not in received[0].text


def _wait_for_confirmation(desk: RunningDesk, channels: dict[str, str]) -> None:
    """Requests of every way are marked: agents see that the address is not confirmed."""
    agent = desk.signed_in()
    for channel, trust in (("web", "anonymous"), ("mail", "claimed"), ("api", "claimed")):
        numbers = [number for number, way in channels.items() if way == channel][:3]
        assert len(numbers) == 3, channel
        for number in numbers:
            assert desk.messages(number)[0]["trust"] == trust, channel
            page = agent.get(f"/desk/tickets/{number}/")
            assert page.status == 200
            assert re.search("address not confirmed", page.text, re.IGNORECASE), (channel, page.text[:1500])
