"""A colleague forwards a customer's mail to the desk: the ticket is the customer's, the colleague is the forwarder."""

from __future__ import annotations

import pytest

from tests.intake.conftest import Desk, mail
from tests.intake.test_where_a_mail_belongs import PASS, answered
from tresen.channels.mail.models import Mailbox, Outbox
from tresen.channels.mail.reasons import why_here
from tresen.core.people.models import Contact
from tresen.core.tickets.models import Ticket
from tresen.faces.setup.mail_folders.reasons import words_for

pytestmark = pytest.mark.django_db
ANNA = {"sender": "Anna Kowalczyk <anna@desk.example>", "subject": "Fwd: Printer"}
PROVEN = {**ANNA, "authentication_results": PASS.replace("shop.example", "desk.example")}
TEXT = """Can you take this one?

---------- Forwarded message ---------
From: Carol Brandt <carol@shop.example>
Date: Mon, 16 Nov 2026 at 07:55
Subject: Printer
To: Anna Kowalczyk <anna@desk.example>

It eats the paper.
"""


def test_the_ticket_is_the_customers_and_the_colleague_is_named(desk: Desk) -> None:
    row = desk.receive(mail(TEXT, **PROVEN), sender="anna@desk.example")
    ticket = row.ticket
    assert row.outcome == "new" and ticket
    assert (ticket.requester.name, ticket.subject, ticket.is_unconfirmed) == ("Carol Brandt", "Printer", True)
    first, note = ticket.messages.order_by("pk")
    assert (first.text, first.contact, first.trust) == ("It eats the paper.", ticket.requester, "anonymous")
    assert why_here(first.why) == "Forwarded by Anna Kowalczyk, who says whose mail it was."
    assert words_for(row) == why_here(first.why)
    assert (note.kind, note.agent, note.text) == ("note", desk.anna, "Can you take this one?")
    assert not Outbox.objects.exists() and ticket.participants.count() == 1


def test_it_also_comes_as_an_attachment_with_its_files(desk: Desk) -> None:
    head = mail("x", **PROVEN).decode().partition("Content-Type")[0]
    raw = (
        head + 'Content-Type: multipart/mixed; boundary="m"\r\n\r\n--m\r\n\r\nPlease open a ticket.\r\n--m\r\n'
        "Content-Type: message/rfc822\r\n\r\nFrom: Carol Brandt <carol@shop.example>\r\nTo: anna@desk.example\r\n"
        "Message-ID: <inner@shop.example>\r\nSubject: Printer\r\n"
        'Content-Type: multipart/mixed; boundary="n"\r\n\r\n--n\r\n\r\nIt eats the paper.\r\n--n\r\n'
        'Content-Type: text/csv; name="log.csv"\r\nContent-Disposition: attachment\r\n\r\na;b\r\n--n--\r\n--m--\r\n'
    )
    ticket = desk.receive(raw.encode(), sender="anna@desk.example").ticket
    assert ticket and ticket.requester.name == "Carol Brandt"
    first = ticket.messages.order_by("pk")[0]
    assert first.text.strip() == "It eats the paper."
    assert {file.filename for file in first.attachments.all()} == {"Printer.eml", "log.csv"}
    later = desk.receive(mail("And now?", in_reply_to="<inner@shop.example>"))
    assert (later.outcome, later.ticket) == ("reply", ticket)


@pytest.mark.parametrize("proof", ["", "mx.desk.example; dmarc=fail (p=none)", "mx.evil.example; dmarc=pass"])
def test_without_proof_it_is_a_mail_like_any_other(desk: Desk, proof: str) -> None:
    headers = {**ANNA, "authentication_results": proof} if proof else ANNA
    ticket = desk.receive(mail(TEXT, **headers), sender="anna@desk.example").ticket
    assert ticket and ticket.requester.name != "Carol Brandt"
    assert not Contact.objects.filter(identities__folded="carol@shop.example").exists()
    assert "claims to come from a colleague" in why_here(ticket.messages.get().why)


def test_a_mailbox_can_do_without_it(desk: Desk) -> None:
    Mailbox.objects.update(takes_forwards=False)
    ticket = desk.receive(mail(TEXT, **PROVEN), sender="anna@desk.example").ticket
    assert ticket and ticket.requester.name == "Anna Kowalczyk"


@pytest.mark.parametrize("inner", ["help@desk.example", "anna@desk.example", "nobody"])
def test_what_came_from_ourselves_is_not_a_customers(desk: Desk, inner: str) -> None:
    text = TEXT.replace("carol@shop.example", inner)
    ticket = desk.receive(mail(text, **PROVEN), sender="anna@desk.example").ticket
    assert ticket and ticket.requester.name == "Anna Kowalczyk"


def test_a_customer_who_forwards_stays_the_requester(desk: Desk) -> None:
    text = TEXT.replace("carol@shop.example", "dave@other.example")
    row = desk.receive(mail(text, subject="Fwd: Printer", authentication_results=PASS))
    assert row.ticket and row.ticket.requester.name == "Carol Brandt"
    assert not Contact.objects.filter(identities__folded="dave@other.example").exists()


def test_a_forwarded_answer_to_a_ticket_is_a_note_on_it(desk: Desk) -> None:
    ticket, ours = answered(desk)
    row = desk.receive(mail(TEXT, in_reply_to=ours.header_id, **PROVEN), sender="anna@desk.example")
    assert (row.outcome, row.ticket) == ("reply", ticket) and Ticket.objects.count() == 1
