"""Where a reply is: delivered where a server says so, lost where the agent finds it, and the outbox of the settings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tests.intake.conftest import Desk, mail
from tresen.channels.mail import outbox
from tresen.channels.mail.models import Mailbox, Outbox
from tresen.channels.mail.transport import Deferred, Refused
from tresen.channels.mail.troubles import troubles
from tresen.core.people.services import find_or_create_contact
from tresen.core.tickets.binning import delete_ticket, restore_ticket
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.services import add_participant, add_reply
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.models import Job, JobState
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def report(message_id: str, *, action: str, recipient: str = "carol@shop.example", status: str = "2.0.0") -> bytes:
    """A delivery report of the outside's server (RFC 3464)."""
    lines = [
        "From: postmaster@mx.shop.example", "To: help@desk.example", "Subject: Delivery report",
        f"Message-ID: <{action}-{recipient}>", "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "", "--b",
        "Content-Type: text/plain", "", "Report.", "--b", "Content-Type: message/delivery-status", "",
        "Reporting-MTA: dns; mx.shop.example", "", f"Final-Recipient: rfc822; {recipient}", f"Action: {action}",
        f"Status: {status}", "", "--b", "Content-Type: text/rfc822-headers", "", f"Message-ID: {message_id}", "",
        "--b--", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def sent_reply(desk: Desk) -> Message:
    ticket = desk.receive(mail()).ticket
    assert ticket
    bob = find_or_create_contact(mail="bob@shop.example", name="Bob", by=TEST)
    add_participant(ticket, by=TEST, contact=bob)
    reply = add_reply(ticket, by=Actor.agent(desk.anna), agent=desk.anna, content=Content("Here."))
    drain()
    reply.refresh_from_db()
    assert reply.delivery == "sent"
    return reply


def test_a_reply_is_delivered_once_every_recipients_server_has_said_so(desk: Desk) -> None:
    reply = sent_reply(desk)
    header = reply.outgoing.get().header_id
    row = desk.receive(report(header, action="delivered"), sender="")
    assert row.outcome == "automatic" and row.ticket == reply.ticket
    reply.refresh_from_db()
    assert reply.delivery == "sent", "Bob's server has said nothing yet"
    desk.receive(report(header, action="delivered", recipient="bob@shop.example"), sender="")
    reply.refresh_from_db()
    assert reply.delivery == "delivered" and reply.outgoing.get().state == "delivered"


@pytest.mark.parametrize("action", ["relayed", "expanded", "delayed"])
def test_passed_on_is_not_delivered(desk: Desk, action: str) -> None:
    reply = sent_reply(desk)
    header = reply.outgoing.get().header_id
    for who in ("carol@shop.example", "bob@shop.example"):
        desk.receive(report(header, action=action, recipient=who), sender="")
    reply.refresh_from_db()
    assert reply.delivery == "sent"


def test_a_report_of_a_foreign_id_or_address_says_nothing(desk: Desk) -> None:
    reply = sent_reply(desk)
    header = reply.outgoing.get().header_id
    forged = header.replace("@", "a@", 1)
    desk.receive(report(forged, action="delivered"), sender="")
    desk.receive(report(header, action="delivered", recipient="mallory@evil.example"), sender="")
    assert reply.outgoing.get().reached == []


def test_a_reply_that_came_back_is_found_until_it_is_dealt_with(desk: Desk, client: Client) -> None:
    reply = sent_reply(desk)
    desk.receive(report(reply.outgoing.get().header_id, action="failed", status="5.1.1"), sender="")
    reply.refresh_from_db()
    assert reply.delivery == "bounced" and Ticket.objects.get().is_undelivered
    client.force_login(desk.anna.user)
    listed = tree(client.get("/desk/views/undelivered/"))
    assert "Not delivered" in words(listed.css_first("li.row"))
    shown = tree(client.get(f"/desk/tickets/{reply.ticket.number}/"))
    line = words(shown.css_first(f"#d{reply.pk}"))
    assert "came back" in line and "5.1.1" in line and "Send again" in line and "Dealt with" in line
    client.post(f"/desk/messages/{reply.pk}/noted/")
    assert not Ticket.objects.get().is_undelivered
    assert tree(client.get("/desk/views/undelivered/")).css("li.row") == []


def test_sending_again_clears_the_mark_and_a_second_failure_sets_it_anew(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = sent_reply(desk)
    desk.receive(report(reply.outgoing.get().header_id, action="failed", status="5.1.1"), sender="")
    outbox.send_again(reply.outgoing.get(), by=TEST)
    assert not Ticket.objects.get().is_undelivered

    def refuse(*args: object, **named: object) -> dict[str, tuple[int, str]]:
        raise Refused("550 no such user")

    monkeypatch.setattr(outbox, "deliver", refuse)
    drain("mail-out")
    assert Ticket.objects.get().is_undelivered


def test_the_outbox_shows_what_waits_and_why_sends_it_now_and_gives_it_up(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    Mailbox.objects.create(address="support@lindhafen.example", brand=cast.brand)
    ticket = cast.ticket("The printer")
    reply = add_reply(ticket, by=TEST, agent=cast.anna, content=Content("Hello."))

    def busy(*args: object, **named: object) -> dict[str, tuple[int, str]]:
        raise Deferred("421 too busy")

    monkeypatch.setattr(outbox, "deliver", busy)
    drain("mail-out")
    ada = cast.browser(cast.ada)
    row = words(tree(ada.get("/settings/mail/outbox/")).css_first("table tbody tr"))
    assert "Re: The printer" in row and "421 too busy" in row and "next try" in row and "tried 1 time" in row
    outgoing = Outbox.objects.get()
    ada.post(f"/settings/mail/outbox/{outgoing.pk}/now/")
    drain("mail-out")
    assert Outbox.objects.get().attempts == 1, "it starts anew"
    ada.post(f"/settings/mail/outbox/{outgoing.pk}/give-up/")
    reply.refresh_from_db()
    assert reply.delivery == "failed" and "given up by" in reply.delivery_detail
    monkeypatch.undo()
    drain("mail-out")
    assert Outbox.objects.get().state == "failed", "what was given up is not tried again"
    assert "421 too busy" in words(tree(ada.get("/settings/mail/outbox/?state=failed")).css_first("table tbody"))
    ada.post(f"/settings/mail/outbox/{outgoing.pk}/now/")
    drain("mail-out")
    assert Outbox.objects.get().state == "sent"


def test_the_outbox_is_for_administrators(cast: Cast) -> None:
    Mailbox.objects.create(address="support@lindhafen.example", brand=cast.brand)
    add_reply(cast.ticket(), by=TEST, agent=cast.anna, content=Content("Hello."))
    pk = Outbox.objects.get().pk
    anna = cast.browser(cast.anna)
    assert anna.get("/settings/mail/outbox/").status_code == 404
    assert anna.post(f"/settings/mail/outbox/{pk}/give-up/").status_code == 404
    assert Outbox.objects.get().state == "queued"


def test_a_mail_rests_while_its_ticket_lies_in_the_bin_and_leaves_when_that_is_restored(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = desk.receive(mail()).ticket
    assert ticket
    drain()
    tries: list[str] = []

    def deliver(*args: object, **named: object) -> dict[str, tuple[int, str]]:
        tries.append("try")
        if len(tries) == 1:
            raise Deferred("421 too busy")
        return {}

    monkeypatch.setattr(outbox, "deliver", deliver)
    reply = add_reply(ticket, by=Actor.agent(desk.anna), agent=desk.anna, content=Content("Not for you."))
    drain("mail-out")
    delete_ticket(ticket, by=TEST, agent=desk.anna)
    Job.objects.filter(state=JobState.READY).update(run_at=clock.now())
    drain("mail-out")
    Outbox.objects.update(created_at=clock.now() - timedelta(days=6))
    assert len(tries) == 1 and reply.outgoing.get().state == "deferred"
    assert not [one for one in troubles() if one.kind == "unsent"], "nobody has to look after it"
    restore_ticket(ticket, by=TEST)
    drain("mail-out")
    assert len(tries) == 2 and reply.outgoing.get().state == "sent"
