"""S7: somebody opens requests in the name of a service that mails codes, or of ourselves, to read here what that
service sends to us: he sees nothing of it (P2)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.flows.conftest import MAILBOX, RunningDesk, mail
from tests.outside import Sink, wait_for
from tests.visitor import Visitor

pytestmark = pytest.mark.once

SERVICE = "no-reply@chat.example"
CODE = "Your confirmation code is 918273"
EVE = "eve@evil.example"


def _request(desk: RunningDesk, email: str) -> tuple[Visitor, str]:
    """A request through the portal; the browser that sent it, and the page it may follow."""
    visitor = Visitor(desk.instance.url)
    visitor.get("/requests/new/")
    page = visitor.fill("form.p-form", name="Support", email=email, subject=f"S7 {email}", text="Hello.")
    assert page.status == 200, page.text[:500]
    found = re.search(r"/t/[\w-]{20,}/|/requests/[A-Z]+\d+/", page.html)
    return visitor, found.group() if found else page.url


def _seen(visitor: Visitor, path: str) -> str:
    """Everything that browser can come to see."""
    pages = [visitor.get(path), visitor.get("/requests/"), visitor.get("/")]
    return "\n".join(page.html for page in pages)


def test_s07_a_request_in_our_own_name_is_not_taken(mail_desk: RunningDesk) -> None:
    visitor = Visitor(mail_desk.instance.url)
    visitor.get("/requests/new/")
    page = visitor.fill("form.p-form", name="Support", email=MAILBOX, subject="S7 own", text="Hello.")
    assert page.status == 422
    assert "S7 own" not in [ticket["subject"] for ticket in mail_desk.tickets()]


@pytest.mark.parametrize("email", [SERVICE, "support@chat.example"])
def test_s07_a_request_in_the_name_of_a_service_shows_none_of_its_mail(mail_desk: RunningDesk, email: str) -> None:
    visitor, path = _request(mail_desk, email)
    ticket = mail_desk.wait_ticket(f"S7 {email}")
    marks = [f"{email} plain", f"{email} number"]
    ways = [{"subject": "Confirm your address"}, {"subject": f"Confirm your address, [#{ticket['number']}]"}]
    for mark, way in zip(marks, ways, strict=True):
        mail_desk.send(mail(f"{CODE} {mark}", sender=f"Chat <{email}>", **way), sender=email)

    def filed() -> bool:
        texts = [m["body_text"] for t in mail_desk.tickets() for m in mail_desk.messages(t["number"])]
        return all(any(mark in text for text in texts) for mark in marks)

    wait_for(filed, what="both mails to be filed", seconds=60)
    assert CODE not in _seen(visitor, path)


def _code_mail(desk: RunningDesk, to: str, mark: str, **how: str) -> None:
    desk.send(mail(f"{CODE} {mark}", subject="Confirm", sender=f"Chat <{SERVICE}>", **how), sender=SERVICE, to=to)


@pytest.mark.parametrize("in_copy", [False, True])
def test_s07_a_reply_address_given_to_a_service_shows_its_code_to_nobody(
    mail_desk: RunningDesk, outside: Sink, in_copy: bool
) -> None:
    """Eve registers at the service with the signed address of her own ticket, even one on which she has put it."""
    eve = EVE.replace("eve", f"eve{int(in_copy)}")
    subject = f"S7 trick {in_copy}"
    facts: dict[str, Any] = {"cc": SERVICE} if in_copy else {}
    mail_desk.send(mail("Hello.", subject=subject, sender=eve, **facts), sender=eve)
    number = mail_desk.wait_ticket(subject)["number"]
    ours = outside.wait(eve)[0]
    address = ours.mail["Reply-To"].addresses[0].addr_spec
    _code_mail(mail_desk, address, "by address")
    _code_mail(mail_desk, MAILBOX, "by id", in_reply_to=ours.mail["Message-ID"])

    def here() -> list[dict[str, Any]]:
        return [m for m in mail_desk.messages(number) if CODE in m["body_text"]]

    wait_for(lambda: len(here()) == 2, what="both mails")
    assert all(message["held"] for message in here())
    visitor = Visitor(mail_desk.instance.url)
    link = re.search(r"/t/[\w-]{20,}/", ours.text)
    assert link
    assert "Hello." in visitor.get(link.group()).text and CODE not in _seen(visitor, link.group())
    mail_desk.api("POST", f"/tickets/{number}/messages", {"kind": "reply", "body_text": "Can we help?"})
    outside.wait(eve, count=2)
    assert not [m for m in outside.to(eve) if CODE in m.raw.decode(errors="replace")]
