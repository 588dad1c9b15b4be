"""Which mailbox answers for a ticket: always one of its brand."""

from __future__ import annotations

import pytest

from tests.cast import TEST
from tests.intake.conftest import Desk, mail
from tresen.channels.mail.compose import sender_mailbox
from tresen.channels.mail.models import Mailbox
from tresen.core.people.models import Brand, Team
from tresen.core.people.services import find_or_create_contact
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.services import add_reply, create_ticket
from tresen.spine.events.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def by_hand(desk: Desk, *, brand: Brand | None = None, team: Team | None = None) -> Ticket:
    carol = find_or_create_contact(mail="carol@shop.example", name="Carol", by=TEST)
    return create_ticket(
        by=TEST, requester=carol, subject="By phone", content=Content("Help."), channel="phone",
        brand=brand or desk.brand, team=team,
    )  # fmt: skip


def box(address: str, brand: Brand, team: Team | None = None) -> Mailbox:
    return Mailbox.objects.create(address=address, brand=brand, team=team)


def test_the_mailbox_that_was_written_to_answers(desk: Desk) -> None:
    box("aaa@desk.example", desk.brand, desk.team)
    ticket = desk.receive(mail()).ticket
    assert ticket and sender_mailbox(ticket) == desk.mailbox


def test_else_the_teams_mailbox_then_one_of_no_team(desk: Desk) -> None:
    orders = Team.objects.create(name="Orders", slug="orders")
    theirs, nobodys = box("orders@desk.example", desk.brand, orders), box("info@desk.example", desk.brand)
    assert sender_mailbox(by_hand(desk, team=orders)) == theirs
    assert sender_mailbox(by_hand(desk, team=desk.team)) == desk.mailbox
    assert sender_mailbox(by_hand(desk, team=Team.objects.create(name="New", slug="new"))) == nobodys


def test_never_a_mailbox_of_another_brand(desk: Desk) -> None:
    other = Brand.objects.create(name="Other", letters="O", language="en")
    ticket = by_hand(desk, brand=other)
    assert sender_mailbox(ticket) is None
    message = add_reply(ticket, by=Actor.agent(desk.anna), agent=desk.anna, content=Content("Hello."))
    message = Message.objects.get(pk=message.pk)
    assert (message.delivery, message.delivery_detail) == ("failed", "no mailbox")
    assert Ticket.objects.get(pk=ticket.pk).is_undelivered
    theirs = box("hello@other.example", other)
    assert sender_mailbox(ticket) == theirs


def test_one_that_is_no_longer_in_use_answers_no_more(desk: Desk) -> None:
    ticket = desk.receive(mail()).ticket
    assert ticket
    second = box("second@desk.example", desk.brand)
    Mailbox.objects.filter(pk=desk.mailbox.pk).update(is_active=False)
    assert sender_mailbox(ticket) == second
