"""The catalogue in the portal: what one is offered, asking for a service, and what is kept when something is wrong."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.catalog.conftest import equipment
from tests.portal.conftest import Counter, hidden_fields, send
from tests.portal.conftest import browser as browser
from tests.portal.conftest import counter as counter
from tests.setup.pictures import png
from tresen.channels.mail.compose import compose
from tresen.channels.mail.models import Outbox
from tresen.core.catalog.models import Request, ServiceCategory
from tresen.core.catalog.services import change_form, change_service, newest_form
from tresen.core.catalog.shelves import set_picture
from tresen.core.people.models import Brand
from tresen.core.tickets.models import Ticket
from tresen.spine.events.actors import Actor

TEST = Actor.system("test")
ASKED = {
    "name": "Erika Muster", "email": "erika@firma.example", "a_device": "notebook", "a_size": "large", "a_count": "2",
    "a_reason": "The old one is slow.",
}  # fmt: skip
PLACE = "/services/a-new-device/"


def paper(name: str = "approval.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4 " + b"0" * 30)


def page(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[:3000]
    text: str = answer.content.decode()
    return text


def test_what_is_asked_for_becomes_a_ticket_with_the_answers_and_the_files(counter: Counter, browser: Client) -> None:
    service = equipment(next_steps={"en": "We order it within a day.", "de": "Wir bestellen es."}, urgency=3)
    home = page(browser.get("/"))
    assert "Ask for something" in home and f'href="/services/#c{service.category_id}"' in home
    assert f'href="{PLACE}"' in page(browser.get("/services/")) and "/requests/new/" in page(browser.get("/services/"))
    form = page(browser.get(PLACE))
    assert "Only if your answer to “Device” is “Notebook”:" in form and "What is it about?" not in form
    answer = send(browser, PLACE, **ASKED, a_papers=[paper()])
    assert (answer.status_code, answer["Location"]) == (302, "/requests/sent/"), answer.content.decode()
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.urgency, ticket.is_unconfirmed) == ("A new device: Notebook", 3, True)
    assert ticket.messages.get().text.splitlines() == [
        "A new device", "", "Device: Notebook", "Size: Large", "How many? 2",
        "Why do you need it? The old one is slow.",
        "Approval of the cost centre: approval.pdf",
    ]  # fmt: skip
    assert [one.filename for one in ticket.messages.get().attachments.all()] == ["approval.pdf"]
    assert Request.objects.get().answers["papers"] == ["approval.pdf"]
    assert "We order it within a day." in page(browser.get("/requests/sent/"))
    confirmed = compose(Outbox.objects.get(kind="ack")).get_body(("plain",))
    assert "We order it within a day." in confirmed.get_content()
    assert "<dt>Size</dt>" not in page(browser.get(f"/requests/{ticket.number}/"))  # who has proven nothing


def test_what_is_wrong_is_said_at_its_field_and_everything_typed_stays(counter: Counter, browser: Client) -> None:
    equipment()
    answer = send(browser, PLACE, **{**ASKED, "a_size": "", "a_count": "9"}, a_papers=[paper("a.pdf")])
    again = page(answer, 422)
    assert "Please fill this in." in again and "At most 5." in again and "a.pdf" in again
    assert "The old one is slow." in again and 'value="9"' in again and not Ticket.objects.exists()
    phone = send(browser, PLACE, **{**ASKED, "a_device": "phone", "a_size": "nonsense"}, a_papers=[paper()])
    assert phone.status_code == 302
    assert Request.objects.get().answers == {"device": "phone", "count": 2, "reason": "The old one is slow."}
    assert not Ticket.objects.get().messages.get().attachments.exists()


def test_a_form_that_has_changed_meanwhile_is_read_as_it_was_shown(counter: Counter, browser: Client) -> None:
    service = equipment()
    hidden = hidden_fields(page(browser.get(PLACE)))
    change_form(service, fields=newest_form(service).fields[:2], by=TEST)
    token = {"csrfmiddlewaretoken": browser.cookies["tresen-csrf"].value}
    assert browser.post(PLACE, {**token, **hidden, **ASKED}).status_code == 302
    request = Request.objects.get()
    assert request.form.number == 1 and request.answers["reason"] == "The old one is slow."


def test_a_service_is_there_for_those_who_may_see_it_alone(counter: Counter, browser: Client) -> None:
    other = Brand.objects.create(name="Other", letters="O")
    for set in ({"audience": "customers"}, {"audience": "agents"}, {"is_active": False}, {"brands": [other]}):
        service = equipment(**set)
        set_picture(service, data=png(), by=TEST)
        service.refresh_from_db()
        assert browser.get(f"/services/{service.slug}/").status_code == 404
        assert browser.get(f"/services/pictures/{service.picture_key}/").status_code == 404
        assert send(browser, "/requests/new/", at=f"/services/{service.slug}/", **ASKED).status_code == 404
    assert "Ask for something" not in page(browser.get("/")) and not Ticket.objects.exists()
    open_one = equipment()
    set_picture(open_one.category, data=png(), by=TEST)
    picture = browser.get(f"/services/pictures/{ServiceCategory.objects.get().picture_key}/")
    assert (picture.status_code, picture["Content-Type"]) == (200, "image/png")
    change_service(open_one, set={"brands": [counter.brand]}, by=TEST)
    browser.force_login(counter.account(counter.carol))
    assert page(browser.get("/services/")).count('class="service"') == 0
    assert page(browser.get("/services/")).count('href="/services/a-new-device') == 2


def test_a_customer_sends_the_same_form_twice_and_it_is_one_request(counter: Counter, browser: Client) -> None:
    equipment(asks_reach=True)
    browser.force_login(counter.account(counter.carol))
    answers = {**{k: v for k, v in ASKED.items() if k.startswith("a_")}, "reach": "everything"}
    hidden = hidden_fields(page(browser.get(PLACE)))
    for _n in range(2):
        assert (
            browser.post(
                PLACE, {"csrfmiddlewaretoken": browser.cookies["tresen-csrf"].value, **hidden, **answers}
            ).status_code
            == 302
        )
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.is_unconfirmed, ticket.impact) == (counter.carol, False, 3)
    assert "Who is affected: Everything stands still" in ticket.messages.get().text
    shown = page(browser.get(f"/requests/{ticket.number}/"))
    assert "<dt>Asked for</dt><dd>A new device</dd>" in shown and "<dt>Size</dt>" in shown


def test_strangers_may_not_ask_more_often_here_than_elsewhere(counter: Counter) -> None:
    equipment()
    for _n in range(3):
        assert send(Client(enforce_csrf_checks=True), PLACE, **ASKED).status_code == 302
    refused = send(Client(enforce_csrf_checks=True), PLACE, **ASKED)
    assert "The old one is slow." in page(refused, 429) and Ticket.objects.count() == 3
