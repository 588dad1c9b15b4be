"""What becomes of mail that machines write: kept, tied to what it is about, never answered, never a ticket."""

from __future__ import annotations

from datetime import date

import pytest

from tests.intake.conftest import Desk, mail
from tests.intake.test_where_a_mail_belongs import answered
from tresen.channels.mail.models import Outbox
from tresen.core.people.models import Contact
from tresen.core.tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db


def test_an_absence_is_noted_on_the_contact(desk: Desk) -> None:
    ticket, ours = answered(desk)
    text = "I am out of the office until 30 November 2026."
    row = desk.receive(mail(text, in_reply_to=ours.header_id, auto_submitted="auto-replied"))
    assert (row.outcome, row.ticket) == ("automatic", ticket)
    assert Contact.objects.get(pk=ticket.requester_id).away_until == date(2026, 11, 30)


def test_an_absence_of_somebody_unknown_makes_no_contact(desk: Desk) -> None:
    text = "I am out of the office until 30 November 2026."
    desk.receive(mail(text, sender="dave@evil.example", auto_submitted="auto-replied"))
    assert not Contact.objects.exists()


def test_an_automatic_reply_of_a_strangers_machine_to_our_mail_stays_with_the_ticket(desk: Desk) -> None:
    ticket, ours = answered(desk)
    row = desk.receive(
        mail("Received.", sender="noreply@shop.example", in_reply_to=ours.header_id, auto_submitted="auto-replied")
    )
    ticket.refresh_from_db()
    assert (row.outcome, row.ticket) == ("automatic", ticket)
    assert Message.objects.get(pk=row.message_id).is_automatic and ticket.status_category == "waiting"
    assert not Contact.objects.filter(identities__folded="noreply@shop.example").exists()


def test_an_automatic_reply_that_only_names_the_number_is_filed_without_the_ticket(desk: Desk) -> None:
    ticket, _ = answered(desk)
    row = desk.receive(
        mail("Received.", sender="bot@evil.example", subject=f"[#{ticket.number}]", auto_submitted="auto-replied")
    )
    assert (row.outcome, row.ticket) == ("automatic", None)


@pytest.mark.parametrize("sender", ["MAILER-DAEMON@mx.example", "Mail Delivery System <nobody@mx.example>"])
def test_a_bounce_in_words_alone_marks_the_reply(desk: Desk, sender: str) -> None:
    ticket, ours = answered(desk)
    text = (
        "Hi. This is the qmail-send program at mx.example.\n\n<carol@shop.example>:\n"
        "Sorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"
        f"Message-ID: {ours.header_id}\nSubject: Re: VPN\n"
    )
    row = desk.receive(mail(text, sender=sender, subject="failure notice", message_id=""), sender="")
    assert (row.outcome, row.ticket) == ("automatic", ticket)
    reply = ticket.messages.get(kind="reply")
    assert reply.delivery == "bounced" and "no mailbox here" in reply.delivery_detail
    assert ticket.requester.identities.get().undeliverable_at is not None


def test_a_warning_of_delay_changes_nothing(desk: Desk) -> None:
    ticket, ours = answered(desk)
    text = (
        "A message that you sent has not yet been delivered.\n\n  carol@shop.example\n\n"
        f"Delivery attempts will continue.\n\nMessage-ID: {ours.header_id}\n"
    )
    row = desk.receive(mail(text, sender="MAILER-DAEMON@mx.example", subject="Warning: message delayed"), sender="")
    assert (row.outcome, row.ticket) == ("automatic", ticket)
    assert ticket.messages.get(kind="reply").delivery == "sent"


def test_a_bounce_with_a_forged_id_touches_nothing(desk: Desk) -> None:
    ticket, ours = answered(desk)
    forged = ours.header_id.replace(f".{ticket.pk}.", f".{ticket.pk + 7}.")
    text = f"Hi. This is the qmail-send program.\n\n<carol@shop.example>:\n550 5.1.1 gone\n\nMessage-ID: {forged}\n"
    row = desk.receive(mail(text, sender="MAILER-DAEMON@mx.example", subject="failure notice"), sender="")
    assert (row.outcome, row.ticket) == ("automatic", None)
    assert ticket.messages.get(kind="reply").delivery == "sent"
    assert ticket.requester.identities.get().undeliverable_at is None


@pytest.mark.parametrize("kind", ["disposition-notification", "feedback-report"])
def test_a_receipt_or_a_complaint_is_filed_with_the_ticket_and_changes_nothing(desk: Desk, kind: str) -> None:
    ticket, ours = answered(desk)
    raw = (
        f"From: carol@shop.example\r\nTo: help@desk.example\r\nSubject: Read: VPN\r\n"
        f"Content-Type: multipart/report; report-type={kind}; boundary=b\r\n\r\n--b\r\n\r\nRead.\r\n--b\r\n"
        f"Content-Type: message/{kind}\r\n\r\nUser-Agent: x\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"Message-ID: {ours.header_id}\r\n\r\nHello\r\n--b--\r\n"
    )
    row = desk.receive(raw.encode())
    ticket.refresh_from_db()
    assert (row.outcome, row.ticket, row.message) == ("automatic", ticket, None)
    assert ticket.status_category == "waiting" and Ticket.objects.count() == 1


def test_a_machine_is_known_by_the_empty_sender_of_its_envelope(desk: Desk) -> None:
    """The header that the sender wrote himself does not count against what our own server knows."""
    row = desk.receive(
        mail("It came back.", sender="postmaster@mx.example", return_path="<carol@shop.example>"), sender=""
    )
    assert row.outcome == "automatic"


@pytest.mark.parametrize("header", ["precedence", "list_id"])
def test_bulk_mail_becomes_a_ticket_that_is_not_answered(desk: Desk, header: str) -> None:
    row = desk.receive(mail("News.", **{header: "bulk" if header == "precedence" else "<news.shop.example>"}))
    assert row.outcome == "new" and not Outbox.objects.exists()


def test_a_challenge_is_kept_with_the_ticket_and_not_answered(desk: Desk) -> None:
    ticket, ours = answered(desk)
    text = "This account is protected by Quietbox. Open https://quietbox.example/8812 to have your message delivered."
    row = desk.receive(mail(text, in_reply_to=ours.header_id, subject="Re: VPN"))
    assert (row.outcome, row.ticket) == ("automatic", ticket)
