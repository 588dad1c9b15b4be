"""Who is on a ticket: put in copy and taken off from its page."""

from __future__ import annotations

from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, words
from tresen.core.people.models import Contact
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import add_participant


def test_a_contact_that_was_found_is_put_in_copy(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    found = tree(anna.get("/desk/contacts/find/?as=button&q=dav"))
    button = found.css_first("button[name=contact]")
    assert "Dave" in words(button) and "dave@harrowmere.example" in words(button)
    sent = {"q": "dav", "contact": button.attributes["value"]}
    response = anna.post(f"/desk/tickets/{ticket.number}/people/add/", sent, headers=HTMX)
    page = tree(response)
    assert "Dave" in words(page.css_first("#context .people"))
    assert page.css_first("#composer-to input[value='dave@harrowmere.example'][checked]") is not None
    assert "added: Dave (copy)" in words(page.css_first("#timeline-tail"))


def test_a_new_address_becomes_a_contact_in_copy(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    anna.post(f"/desk/tickets/{ticket.number}/people/add/", {"q": " eve@elsewhere.example "})
    assert ticket.participants.filter(contact__identities__folded="eve@elsewhere.example").exists()


def test_what_is_no_address_is_refused_and_stays(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    response = anna.post(f"/desk/tickets/{ticket.number}/people/add/", {"q": "somebody"})
    assert response.status_code == 422
    page = tree(response)
    assert "whole mail address" in words(page.css_first("#t-head .banner.bad"))
    assert page.css_first("#person-mail").attributes["value"] == "somebody"
    assert Contact.objects.count() == 2


def test_somebody_in_copy_is_removed_but_never_the_requester(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    joined = add_participant(ticket, by=TEST, contact=cast.dave)
    address = f"/desk/tickets/{ticket.number}/people"
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    button = page.css_first(f"form[action='{address}/{joined.pk}/remove/'] button")
    assert button.attributes["aria-label"] == "Remove Dave"
    assert anna.post(f"{address}/{joined.pk}/remove/").status_code == 302
    requester = ticket.participants.get()
    anna.post(f"{address}/{requester.pk}/remove/")
    assert ticket.participants.get() == requester


def test_a_participant_of_another_ticket_is_not_touched(cast: Cast, anna: Client) -> None:
    mine, other = cast.ticket(), cast.ticket(team=cast.orders)
    joined = add_participant(other, by=TEST, contact=cast.dave)
    anna.post(f"/desk/tickets/{mine.number}/people/{joined.pk}/remove/")
    assert Ticket.objects.get(pk=other.pk).participants.count() == 2
