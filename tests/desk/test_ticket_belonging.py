"""Whom a ticket belongs to: another requester, another of his organisations, another brand."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import TEST, Cast, json
from tests.desk.conftest import HTMX, tree
from tresen.core.people.models import Brand, Contact, OrganisationMembership
from tresen.core.people.principals import Principal
from tresen.core.people.services import create_contact
from tresen.core.tickets.links import mint_link, open_link
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import add_participant
from tresen.spine.events.models import Event

pytestmark = pytest.mark.django_db


def change(client: Client, ticket: Ticket, **data: object):  # type: ignore[no-untyped-def]
    """Sends one of the forms."""
    return client.post(f"/desk/tickets/{ticket.number}/change/", data, headers=HTMX)


def test_a_call_taken_down_for_the_wrong_person_gets_the_right_one(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    link = mint_link(ticket, cast.carol, by_mail=True)
    answer = change(anna, ticket, field="requester", contact=cast.dave.pk, was=str(cast.carol))
    assert answer.status_code == 200 and "Dave" in answer.content.decode()
    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.requester, now.organisation) == (cast.dave, cast.harrowmere)
    assert [(p.contact, p.role) for p in now.participants.all()] == [(cast.dave, "requester")]
    assert open_link(link) is None, "it was never hers"
    assert not Ticket.objects.visible_to(Principal.of_contact(cast.carol)).filter(pk=ticket.pk).exists()
    event = Event.objects.get(kind="ticket.changed")
    assert event.changes["requester"] == ["Carol", "Dave"] and "organisation" in event.changes


def test_somebody_in_copy_becomes_the_requester_and_is_there_once(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    add_participant(ticket, by=TEST, contact=cast.dave)
    change(anna, ticket, field="requester", contact=cast.dave.pk)
    assert [(p.contact, p.role) for p in ticket.participants.all()] == [(cast.dave, "requester")]


def test_a_mail_address_is_found_or_made(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    change(anna, ticket, field="requester", q="new@harrowmere.example")
    assert Ticket.objects.get(pk=ticket.pk).requester == Contact.objects.get(
        identities__folded="new@harrowmere.example"
    )


def test_what_is_no_person_is_refused_and_given_back(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    for sent in ({"q": "nobody at all"}, {"contact": "999999"}, {"contact": "x"}, {}):
        answer = change(anna, ticket, field="requester", **sent)
        assert answer.status_code == 422 and "whole mail address" in answer.content.decode()
        assert str(sent.get("q", "")) in answer.content.decode()
    assert Ticket.objects.get(pk=ticket.pk).requester == cast.carol


def test_a_requester_changed_meanwhile_is_told(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    change(anna, ticket, field="requester", contact=cast.dave.pk)
    answer = change(anna, ticket, field="requester", contact=cast.carol.pk, was="Carol")
    assert answer.status_code == 409 and "Dave" in answer.content.decode()


def test_one_of_the_requesters_organisations_can_be_chosen_and_no_other(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    OrganisationMembership.objects.create(contact=cast.carol, organisation=cast.harrowmere, is_main=False)
    change(anna, ticket, field="organisation", value=cast.harrowmere.pk)
    assert Ticket.objects.get(pk=ticket.pk).organisation == cast.harrowmere
    change(anna, ticket, field="organisation", value="")
    assert Ticket.objects.get(pk=ticket.pk).organisation is None
    foreign = create_contact(name="Eve", by=TEST)
    other = cast.ticket(requester=foreign)
    assert change(anna, other, field="organisation", value=cast.harrowmere.pk).status_code == 422


def test_another_brand_keeps_the_number(cast: Cast, anna: Client) -> None:
    ticket, other = cast.ticket(), Brand.objects.create(name="Przystań", letters="P", language="pl")
    change(anna, ticket, field="brand", value=other.pk)
    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.brand, now.number) == (other, ticket.number)


def test_the_choices_are_a_page_and_a_part_of_one(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    Brand.objects.create(name="Przystań", letters="P", language="pl")
    path = f"/desk/tickets/{ticket.number}/belonging/"
    page, part = tree(anna.get(path)), tree(anna.get(path, headers=HTMX))
    for found in (page, part):
        assert found.css_first("select[name=value] option[selected]").text() == "Lindhafen IT"
        assert found.css_first("input[name=q]") is not None
    assert page.css_first("h1") is not None and part.css_first("h1") is None
    assert cast.browser(cast.piotr).get(path).status_code == 404


def test_programs_change_all_three(cast: Cast) -> None:
    ticket, other = cast.ticket(), Brand.objects.create(name="Przystań", letters="P", language="pl")
    calls, path = cast.calls(cast.anna), f"/tickets/{ticket.number}"
    now = json(calls.patch(path, {"requester": {"id": cast.dave.pk}, "brand": other.pk}), 200)
    assert now["requester"]["id"] == cast.dave.pk and now["organisation"]["id"] == cast.harrowmere.pk
    assert now["brand"]["id"] == other.pk
    assert json(calls.patch(path, {"organisation": None}), 200)["organisation"] is None
    wrong = json(calls.patch(path, {"organisation": cast.faehrholm.pk}), 400)
    assert "organisation" in str(wrong["errors"])
    assert calls.patch(path, {"requester": {"id": 999999}}).status_code == 400
    assert calls.patch(path, {"requester": {}}).status_code == 400
    assert json(calls.patch(path, {"requester": {"email": "n@harrowmere.example"}}), 200)["requester"]["id"]


def test_who_writes_by_a_form_or_scanner_can_be_answered(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket(why={"rule": "new", "reply_to": "dave@harrowmere.example"})
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    offers = page.css(".offered button[value='dave@harrowmere.example']")
    assert [button.text(deep=False).strip() for button in offers] == ["Add in copy", "Make the requester"]
    answer = change(anna, ticket, field="requester", q="dave@harrowmere.example")
    assert Ticket.objects.get(pk=ticket.pk).requester == cast.dave
    assert not tree(answer).css(".offered"), "nothing is left to offer"
