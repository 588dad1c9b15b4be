"""The requests of the whole organisation, for whom it has named: seen and answered, not closed."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import TEST, Cast, json, make_cast
from tests.desk.test_contact_page import form_of
from tests.portal.conftest import send
from tresen.core.people.models import Contact, Organisation, User
from tresen.core.people.services import create_contact, update_contact
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import add_note
from tresen.spine.events.models import Event


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def colleague(organisation: Organisation, name: str = "Chris") -> Contact:
    made = create_contact(name=name, mails=[f"{name.lower()}@faehrholm.example"], organisation=organisation, by=TEST)
    made.user = User.objects.create(email=f"{name.lower()}@faehrholm.example", name=name)
    made.save()
    return made


def browser_of(contact: Contact) -> Client:
    client = Client(raise_request_exception=False, enforce_csrf_checks=True)
    assert contact.user
    client.force_login(contact.user)
    return client


def test_who_may_sees_and_answers_what_colleagues_ask(cast: Cast) -> None:
    file = prepare_file([b"log"], filename="vpn.log")
    theirs = cast.ticket("VPN drops", files=[file])
    add_note(theirs, by=TEST, agent=cast.anna, content=Content("Zebra inside"))
    others = cast.ticket("Salaries of Harrowmere", requester=cast.dave)
    unconfirmed = cast.ticket("Not confirmed", is_unconfirmed=True)
    chris = colleague(cast.faehrholm)
    browser, page = browser_of(chris), f"/requests/{theirs.number}/"
    assert browser.get(page).status_code == 404
    assert "colleagues" not in browser.get("/requests/").content.decode()
    update_contact(chris, set={"sees_organisation": True}, by=TEST)

    text = browser.get("/requests/?of=colleagues").content.decode()
    assert "VPN drops" in text and "Carol" in text and "Salaries" not in text and "Not confirmed" not in text
    assert "VPN drops" not in browser.get("/requests/").content.decode()
    assert "VPN drops" not in browser.get("/").content.decode()
    text = browser.get(page).content.decode()
    assert "Asked by" in text and "Zebra" not in text and f"{page}close/" not in text and f"{page}hurry/" not in text
    assert browser.get(f"{page}files/{file.pk}/").status_code == 302
    for number in (others.number, unconfirmed.number):
        assert browser.get(f"/requests/{number}/").status_code == 404
    for act in ("close", "reopen", "hurry"):
        assert send(browser, page, at=f"{page}{act}/", text="").status_code == 403

    assert send(browser, page, at=f"{page}answer/", text="It drops at my desk, too.").status_code == 302
    ticket = Ticket.objects.get(pk=theirs.pk)
    assert ticket.participants.filter(contact=chris, role="cc").exists()
    assert ticket.messages.get(contact=chris).trust == "signed_in"
    assert "VPN drops" in browser.get("/requests/").content.decode()

    update_contact(chris, set={"organisation": cast.harrowmere}, by=TEST)
    second = cast.ticket("Another one")
    assert browser.get(f"/requests/{second.number}/").status_code == 404
    assert browser.get(f"/requests/{others.number}/").status_code == 404


def test_agents_give_the_right_where_they_see_the_whole_organisation(cast: Cast) -> None:
    chris = colleague(cast.faehrholm)
    anna = cast.browser(cast.anna)
    edit = f"/desk/contacts/{chris.pk}/edit/"
    wanted = form_of(anna, chris) | {"sees_organisation": "on"}
    hidden = cast.ticket("Salaries", team=cast.orders)
    answer = anna.post(edit, wanted)
    assert answer.status_code == 422 and "tickets that you do not see" in answer.content.decode()
    call = cast.calls(cast.anna)
    json(call.patch(f"/contacts/{chris.pk}", {"sees_organisation": True}), 403)
    json(call.patch(f"/contacts/{chris.pk}", {"sees_organisation": True, "organisation": None}), 400)
    Ticket.objects.filter(pk=hidden.pk).update(team=cast.netz)
    assert anna.post(edit, wanted).status_code == 302
    changed = Event.objects.filter(kind="contact.changed", stream_id=chris.pk).latest("id")
    assert changed.changes["sees_organisation"] == [False, True]
    assert "sees all its requests" in anna.get(f"/desk/contacts/{chris.pk}/").content.decode()
    assert json(call.get(f"/contacts/{chris.pk}"), 200)["sees_organisation"] is True
    # From now on whoever changes his addresses must see all that he sees.
    cast.ticket("Salaries again", team=cast.orders)
    json(call.patch(f"/contacts/{chris.pk}", {"emails": ["eve@evil.example"]}), 403)
    assert json(call.patch(f"/contacts/{chris.pk}", {"sees_organisation": False}), 200)["sees_organisation"] is False
    assert anna.post(edit, form_of(anna, chris) | {"organisation": "", "sees_organisation": "on"}).status_code == 422
