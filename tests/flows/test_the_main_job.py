"""The main job, from end to end with real servers: a mail comes in, is answered, the answer goes out, the customer's
next mail lands on the same ticket — by every way in."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable

import pytest

from tests.flows.conftest import MAILBOX, RunningDesk, mail
from tests.outside import Dovecot, Received, Sink, wait_for

Bring = Callable[[bytes], None]


def _tell(desk: RunningDesk, sink: Sink, bring: Bring, *, subject: str) -> None:
    """The story of one ticket; `bring` hands a mail over by one of the ways in."""
    customer = f"{subject.split()[-1].lower()}@shop.example"
    first = f"<first.{customer}>"
    bring(mail("The VPN breaks every 20 minutes.", subject=subject, sender=f"Carol <{customer}>", message_id=first))
    ticket = desk.wait_ticket(subject)
    number = ticket["number"]
    assert re.fullmatch(r"T\d+", number) and ticket["status_category"] == "new" and ticket["ball"] == "us"

    _is_a_good_acknowledgement(sink.wait(customer)[0], number, first=first)

    status, reply = desk.api(
        "POST", f"/tickets/{number}/messages",
        {"kind": "reply", "body_text": "Please restart the gateway.", "set": {"status": "waiting"}},
    )  # fmt: skip
    assert status == 201, reply
    answer = sink.wait(customer, count=2)[1]
    _threads(answer, number, first=first)
    wait_for(lambda: desk.messages(number)[1]["delivery"] == "sent", what="the state sent")
    assert desk.api("GET", f"/tickets/{number}")[1]["ball"] == "customer"

    bring(
        mail(
            "It still breaks.\r\n\r\n> Please restart the gateway.",
            subject=f"Re: {subject}", sender=f"Carol <{customer}>",
            in_reply_to=answer.mail["Message-ID"], references=f"{first} {answer.mail['Message-ID']}",
        )
    )  # fmt: skip
    wait_for(lambda: len(desk.messages(number)) == 3, what="the customer's answer on the ticket")
    after = desk.api("GET", f"/tickets/{number}")[1]
    assert (after["status_category"], after["ball"]) == ("open", "us")
    assert [t["number"] for t in desk.tickets() if subject in t["subject"]] == [number]
    ledger = desk.instance.cli("mail", "ledger")
    assert ledger.returncode == 0, ledger.stdout + ledger.stderr


def _is_a_good_acknowledgement(received: Received, number: str, *, first: str) -> None:
    received_mail = received.mail
    assert f"[#{number}]" in received_mail["Subject"]
    assert "VPN" not in received_mail["Subject"] and "20 minutes" not in received.text
    assert received_mail["Auto-Submitted"] == "auto-replied"
    assert received_mail["In-Reply-To"] == first
    assert re.search(r"http://127\.0\.0\.1:\d+/t/[\w-]{20,}/", received.text)


def _threads(received: Received, number: str, *, first: str) -> None:
    received_mail = received.mail
    assert "Please restart the gateway." in received.text
    assert received_mail["In-Reply-To"] == first
    assert received_mail["References"].split()[0] == first
    assert f"[#{number}]" in received_mail["Subject"] and received_mail["Subject"].startswith("Re: ")
    assert re.match(r".*help\+\d+\.r\.[a-z2-7]+\.[a-z2-7]{26}@desk\.example", received_mail["Reply-To"])
    assert received_mail["Auto-Submitted"] is None
    assert {part.get_content_type() for part in received_mail.walk()} >= {"text/plain", "text/html"}


@pytest.mark.in_turn("sqlite")
def test_the_main_job_by_smtp(mail_desk: RunningDesk, outside: Sink) -> None:
    _tell(mail_desk, outside, mail_desk.send, subject="VPN by SMTP")


@pytest.mark.in_turn("postgres")
def test_the_main_job_by_lmtp(mail_desk: RunningDesk, outside: Sink) -> None:
    def bring(raw: bytes) -> None:
        with smtplib.LMTP(mail_desk.instance.environment["TRESEN_LISTEN_LMTP"].removeprefix("unix:")) as server:
            server.sendmail("lmtp@shop.example", [MAILBOX], raw)

    _tell(mail_desk, outside, bring, subject="VPN by LMTP")


@pytest.mark.in_turn("sqlite")
def test_the_main_job_by_pipe(mail_desk: RunningDesk, outside: Sink) -> None:
    def bring(raw: bytes) -> None:
        done = mail_desk.instance.cli("mail", "receive", "--to", MAILBOX, "-", given=raw)
        assert done.returncode == 0, done.stderr

    _tell(mail_desk, outside, bring, subject="VPN by pipe")


@pytest.mark.in_turn("postgres")
@pytest.mark.imap
def test_the_main_job_by_imap(mail_desk: RunningDesk, outside: Sink, dovecot: Dovecot) -> None:
    user = "story-help"
    desk = mail_desk.signed_in()
    desk.get("/settings/mailboxes/")
    page = desk.get(desk.page.link(MAILBOX) if desk.page else "")
    assert page.status == 200, page.text[:500]
    desk.fill(
        "form.s-form", incoming="imap", imap_host="127.0.0.1", imap_port=str(dovecot.port),
        imap_security="plain", imap_user=user, imap_password=dovecot.password,
    )  # fmt: skip
    _tell(mail_desk, outside, lambda raw: dovecot.deliver(user, raw), subject="VPN by IMAP")
