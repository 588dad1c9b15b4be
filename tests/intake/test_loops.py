"""Automatic mail stops at its caps, and that is told once."""

from __future__ import annotations

import pytest

from tests.intake.conftest import Desk, mail
from tresen.channels.mail.loops import loops
from tresen.channels.mail.models import Outbox
from tresen.core.people.services import find_contact, verify_mail
from tresen.core.tickets.models import Ticket
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("verified", "confirmed"), [(False, 1), (True, 3)])
def test_an_address_is_confirmed_up_to_the_cap_and_told_of_once(desk: Desk, verified: bool, confirmed: int) -> None:
    desk.receive(mail("Number 0"))
    carol = find_contact(mail="carol@shop.example")
    assert carol
    if verified:
        verify_mail(carol, by=Actor.system("test"))
        Outbox.objects.all().delete()
    for number in range(1, 20):
        desk.receive(mail(f"Number {number}"))
    assert Ticket.objects.count() == 20
    assert Outbox.objects.count() == confirmed - int(verified)
    assert [e.changes["address"] for e in Event.objects.filter(kind="mailbox.loop_stopped")] == ["carol@shop.example"]
    subject, text = next(iter(loops())).words()
    assert "carol@shop.example" in subject and "machine" in text


def test_a_customer_who_writes_three_times_alarms_nobody(desk: Desk) -> None:
    for number in range(4):
        desk.receive(mail(f"Number {number}"))
    assert not list(loops())


@pytest.mark.parametrize("sender", ["help@desk.example", "HELP@desk.example", "help+netz@desk.example"])
def test_our_own_address_is_taken_in_and_never_answered(desk: Desk, sender: str) -> None:
    row = desk.receive(mail("Scan.", sender=sender, reply_to="carol@shop.example"), sender=sender)
    assert row.outcome == "new" and not Outbox.objects.exists()
    assert row.message and row.message.why["reply_to"] == "carol@shop.example"
