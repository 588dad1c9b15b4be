"""A ticket taken down by hand."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import Cast
from tests.desk.conftest import tree, value, words
from tresen.channels.mail.models import Mailbox, Outbox
from tresen.core.people.models import Contact
from tresen.core.tickets.models import Ticket

CALL = {"channel": "phone", "subject": "Till 4", "text": "Does not print.", "impact": "1", "urgency": "2", "once": "f1"}


def test_a_call_of_a_known_contact_is_at_once_a_numbered_ticket(cast: Cast, anna: Client) -> None:
    sent = {**CALL, "contact": cast.carol.pk, "team": cast.netz.pk, "assignee": cast.anna.pk, "urgency": "3"}
    response = anna.post("/desk/new/", sent)
    ticket = Ticket.objects.get()
    assert response["Location"] == f"/desk/tickets/{ticket.number}/"
    assert (ticket.requester, ticket.channel, ticket.organisation) == (cast.carol, "phone", cast.faehrholm)
    assert (ticket.team, ticket.assignee, ticket.priority) == (cast.netz, cast.anna, 3)
    page = tree(anna.get(response["Location"]))
    assert words(page.css_first(".told")) == f"The number is {ticket.shown_number}.".replace("\xa0", " ")
    assert "ticket taken down (Call)" in words(page.css_first("#timeline-tail"))
    assert "by phone" in words(page.css_first("li.entry.received"))


def test_somebody_new_is_made_with_the_ticket(cast: Cast, anna: Client) -> None:
    anna.post("/desk/new/", {**CALL, "name": "Bożena Świątek", "mail": "bozena@wiatrak.example", "phone": "+48 22 555"})
    made = Ticket.objects.get().requester
    assert made.name == "Bożena Świątek"
    assert sorted(i.value for i in made.identities.all()) == ["+48 22 555", "bozena@wiatrak.example"]


def test_an_address_we_know_is_the_contact_we_know(cast: Cast, anna: Client) -> None:
    anna.post("/desk/new/", {**CALL, "name": "C. Brandt", "mail": "Carol@Faehrholm.example"})
    assert Ticket.objects.get().requester == cast.carol
    assert Contact.objects.count() == 2


def test_the_same_number_of_a_caller_proves_nothing(cast: Cast, anna: Client) -> None:
    for once in ("a", "b"):
        anna.post("/desk/new/", {**CALL, "name": "Caller", "phone": "+49 421 5550", "once": once})
    assert len({ticket.requester_id for ticket in Ticket.objects.all()}) == 2


def test_without_a_script_a_contact_is_found_by_a_button_and_nothing_typed_is_lost(cast: Cast, anna: Client) -> None:
    response = anna.post("/desk/new/", {**CALL, "q": "harrow", "find": "1", "subject": "", "urgency": "3"})
    page = tree(response)
    assert response.status_code == 200 and page.css(".error") == []
    assert "Dave" in words(page.css_first("#contact-found label"))
    assert page.css_first("textarea[name=text]").text().strip() == "Does not print."
    assert value(page, "select[name=urgency] option[selected]") == "3"
    assert not Ticket.objects.exists()


def test_what_is_missing_is_said_and_the_rest_stays(cast: Cast, anna: Client) -> None:
    sent = {**CALL, "subject": " ", "mail": "no-address", "files": [SimpleUploadedFile("till.log", b"x")]}
    response = anna.post("/desk/new/", sent)
    assert response.status_code == 422
    page = tree(response)
    said = words(page.body)
    assert "This is not a mail address." in said and "Who is asking?" in said
    assert page.css_first("textarea[name=text]").text().strip() == "Does not print."
    kept = value(page, "input[name=upload][checked]")
    anna.post("/desk/new/", {**CALL, "contact": cast.carol.pk, "upload": kept})
    assert [f.filename for f in Ticket.objects.get().messages.get().attachments.all()] == ["till.log"]


@pytest.mark.parametrize(("confirm", "mails"), [({}, 0), ({"confirm": "on"}, 1)])
def test_the_number_is_mailed_only_when_asked_for(
    cast: Cast, anna: Client, confirm: dict[str, str], mails: int
) -> None:
    Mailbox.objects.all().delete()
    Mailbox.objects.create(address="support@lindhafen.example", brand=cast.brand)
    anna.post("/desk/new/", {**CALL, "contact": cast.carol.pk, **confirm})
    assert Outbox.objects.filter(kind="ack").count() == mails


def test_ten_clicks_make_one_ticket(cast: Cast, anna: Client) -> None:
    once = value(tree(anna.get("/desk/new/")), "input[name=once]")
    answers = {anna.post("/desk/new/", {**CALL, "contact": cast.carol.pk, "once": once})["Location"] for _ in range(10)}
    assert answers == {f"/desk/tickets/{Ticket.objects.get().number}/"}


def test_a_form_sent_again_leads_to_the_ticket_it_made_though_another_came_after(cast: Cast, anna: Client) -> None:
    sent = [{**CALL, "contact": cast.carol.pk, "once": once} for once in ("a", "b", "a")]
    first, second, again = (anna.post("/desk/new/", data)["Location"] for data in sent)
    assert first == again != second
    assert Ticket.objects.count() == 2


def test_the_contact_of_a_link_is_chosen_already(cast: Cast, anna: Client) -> None:
    page = tree(anna.get(f"/desk/new/?contact={cast.dave.pk}"))
    assert value(page, "input[name=contact][checked]") == str(cast.dave.pk)


@pytest.mark.parametrize("typed", ["", "c", "%", "\0\0", "' OR 1=1", "zzzz", "+49"])
def test_odd_searches_find_nobody_and_break_nothing(cast: Cast, anna: Client, typed: str) -> None:
    response = anna.get("/desk/contacts/find/", {"q": typed})
    assert response.status_code == 200
    assert tree(response).css("input[name=contact]") == []
