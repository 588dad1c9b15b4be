"""Customers who are signed in: their list, their page."""

from __future__ import annotations

import re

from django.test import Client

from tests.portal.conftest import Counter, send
from tresen.core.people.models import Contact


def signed_in(counter: Counter, contact: Contact) -> Client:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    client.force_login(counter.account(contact))
    return client


def test_the_list_shows_ones_own_requests_and_no_others(counter: Counter) -> None:
    counter.ticket("Mine")
    counter.ticket("In copy", requester=counter.dave, copies=[counter.carol])
    counter.ticket("Not mine", requester=counter.dave)
    counter.ticket("Not proven", is_unconfirmed=True)
    page = signed_in(counter, counter.carol).get("/requests/").content.decode()
    assert "Mine" in page and "In copy" in page
    assert "Not mine" not in page and "Not proven" not in page


def test_visitors_are_asked_to_sign_in_and_colleagues_sent_to_the_desk(counter: Counter) -> None:
    assert Client().get("/requests/")["Location"] == "/sign-in/?next=/requests/"
    ticket = counter.ticket()
    assert Client().get(f"/requests/{ticket.number}/")["Location"] == f"/sign-in/?next=/requests/{ticket.number}/"
    assert Client().get("/requests/T999990/")["Location"] == "/sign-in/?next=/requests/T999990/"
    client = Client()
    client.force_login(counter.anna.user)
    assert client.get("/requests/")["Location"] == "/desk/"


def test_a_foreign_request_is_as_if_it_did_not_exist(counter: Counter) -> None:
    foreign = counter.ticket(requester=counter.dave)
    client = signed_in(counter, counter.carol)
    for number in (foreign.number, "T999990", "nonsense", "T20001"):
        assert client.get(f"/requests/{number}/").status_code == 404
        assert send(client, "/requests/new/", at=f"/requests/{number}/close/").status_code == 404


def test_the_number_may_be_written_as_it_is_spoken(counter: Counter) -> None:
    ticket = counter.ticket("Mine")
    client = signed_in(counter, counter.carol)
    assert client.get(f"/requests/{ticket.number.lower()}/").status_code == 200


def test_answering_and_closing_with_an_account(counter: Counter) -> None:
    ticket = counter.ticket()
    client, page = signed_in(counter, counter.carol), f"/requests/{ticket.number}/"
    send(client, page, at=f"{page}answer/", text="From my account")
    assert ticket.messages.get(text="From my account").trust == "signed_in"
    send(client, page, at=f"{page}close/")
    ticket.refresh_from_db()
    assert ticket.status_category == "solved"


def test_the_list_goes_on_by_key(counter: Counter, monkeypatch) -> None:
    monkeypatch.setattr("tresen.faces.portal.my_requests.views.A_PAGE", 2)
    subjects = [counter.ticket(f"Request {n}").subject for n in range(5)]
    client, path, seen = signed_in(counter, counter.carol), "/requests/", []
    while path:
        page = client.get(path).content.decode()
        seen += re.findall(r"<strong>(Request \d)</strong>", page)
        more = re.search(r'href="([^"]+)" rel="next"', page)
        path = more[1] if more else ""
    assert seen == subjects[::-1]
    assert client.get("/requests/?before=%00x").status_code == 200


def test_an_empty_list_says_what_it_is_for(counter: Counter) -> None:
    assert "You have not sent us anything yet." in signed_in(counter, counter.dave).get("/requests/").content.decode()
