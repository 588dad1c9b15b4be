"""The PIN for the telephone: shown to the customer, typed by an agent, limited, changed when one wants."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.portal.conftest import MAIL, Counter
from tresen.core.people.models import Contact
from tresen.core.people.pins import is_pin_of, pin_of
from tresen.core.tickets.callers import TooManyPins, WrongPin, find_by_pin
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event


def signed_in(counter: Counter) -> Client:
    client = Client()
    client.force_login(counter.carol.user or counter.account(counter.carol))
    return client


def shown(client: Client, ticket: Ticket) -> str:
    page = client.get(f"/requests/{ticket.number}/").content.decode()
    found = re.search(r'class="big num">(\d{3} \d{3})<', page)
    assert found
    return found[1]


def wrong_one(*right: str) -> str:
    return next(pin for pin in ("000000", "111111", "222222") if pin not in right)


def kinds(ticket: Ticket) -> list[str]:
    rows = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk, kind__startswith="caller.").order_by("id")
    return list(rows.values_list("kind", flat=True))


def test_the_agent_types_what_the_caller_says_and_the_timeline_keeps_it(counter: Counter) -> None:
    ticket = counter.ticket()
    pin = shown(signed_in(counter), ticket)
    assert pin.replace(" ", "") == pin_of(counter.carol)
    desk = Client()
    desk.force_login(counter.anna.user)
    place = f"/desk/tickets/{ticket.number}/"
    assert pin not in desk.get(place).content.decode()
    text = desk.post(f"{place}caller/", {"pin": pin}, follow=True).content.decode()
    assert "The PIN is right: that is Carola Brandt." in text and "caller proven by PIN: Carola Brandt" in text
    text = desk.post(f"{place}caller/", {"pin": wrong_one(pin_of(counter.carol))}, follow=True).content.decode()
    assert "That is the PIN of nobody on this ticket." in text and "a caller said a wrong PIN" in text
    assert kinds(ticket) == ["caller.proven", "caller.refused"]


def test_wrong_ones_are_limited_and_written_down(counter: Counter, monkeypatch: Any) -> None:
    ticket, other = counter.ticket(), counter.ticket("Another")
    right = pin_of(counter.carol)
    for _try in range(5):
        with pytest.raises(WrongPin):
            find_by_pin(ticket.number, wrong_one(right), by=MAIL)
    with pytest.raises(TooManyPins):
        find_by_pin(ticket.number, right, by=MAIL)
    assert kinds(ticket) == ["caller.refused"] * 5
    assert find_by_pin(f"#{other.shown_number}", f" {right[:3]}-{right[3:]} ", by=MAIL) == (other, counter.carol)
    at = clock.now()
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(hours=1, seconds=1))
    assert find_by_pin(ticket.number, right, by=MAIL)[1] == counter.carol
    for odd in ("", "x" * 9000, "٣" * 6, "\0"):
        with pytest.raises((WrongPin, TooManyPins)):
            find_by_pin(ticket.number, odd, by=MAIL)
    with pytest.raises(WrongPin):
        find_by_pin("T999999", right, by=MAIL)
    with pytest.raises(WrongPin):  # dave is not on it
        find_by_pin(other.number, pin_of(counter.dave), by=MAIL)
    monkeypatch.setattr("tresen.core.tickets.callers.OF_AGENT_AN_HOUR", 1)
    anna, third = Actor.agent(counter.anna), counter.ticket("A third")
    assert find_by_pin(third.number, right, by=anna) == (third, counter.carol)
    with pytest.raises(TooManyPins):
        find_by_pin(third.number, right, by=anna)


def test_a_customer_takes_another_pin_and_who_has_proven_nothing_sees_none(counter: Counter) -> None:
    ticket = counter.ticket()
    page, before = f"/requests/{ticket.number}/", pin_of(counter.carol)
    for link in (counter.link(ticket, by_mail=False), counter.link(ticket)):  # also one that was passed on
        assert "My PIN" not in Client().get(link).content.decode()
        Client().post(f"{link}pin/")
    carol = signed_in(counter)
    carol.get(f"{page}pin/")
    assert Contact.objects.get(pk=counter.carol.pk).pin_turn == 0
    assert "You have another PIN" in carol.post(f"{page}pin/", follow=True).content.decode()
    now = Contact.objects.get(pk=counter.carol.pk)
    assert is_pin_of(now, shown(carol, ticket)) and not is_pin_of(now, before)
    assert Event.objects.filter(kind="contact.pin_changed", stream_id=now.pk).count() == 1
