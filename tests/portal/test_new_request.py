"""Sending a request: what arrives, what is said, what is kept when something is wrong."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tests.portal.conftest import Counter, hidden_fields, send
from tresen.channels.mail.models import Outbox
from tresen.core.people.models import Contact
from tresen.core.tickets.models import Attachment, Ticket, TicketLink
from tresen.kit import files

ASKED = {
    "name": "Erika Muster", "email": "erika@firma.example", "subject": "Printer is silent",
    "text": "It does not print since this morning.", "reach": "me",
}  # fmt: skip
NEW = "/requests/new/"


def upload(name: str = "screen.png", size: int = 20) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"\x89PNG\r\n\x1a\n" + b"0" * size)


def ask(browser: Client, **other: Any) -> Any:
    return send(browser, NEW, **{**ASKED, **other})


def test_a_request_without_account_becomes_a_numbered_ticket(counter: Counter, browser: Client) -> None:
    answer = ask(browser)
    assert (answer.status_code, answer["Location"]) == (302, "/requests/sent/"), answer.content.decode()
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.channel, ticket.is_unconfirmed) == ("Printer is silent", "web", True)
    assert (ticket.requester.name, ticket.requester.language) == ("Erika Muster", "en")
    message = ticket.messages.get()
    assert (message.text, message.trust) == ("It does not print since this morning.", "anonymous")
    assert ticket.shown_number in browser.get("/requests/sent/").content.decode()


@pytest.mark.parametrize(
    ("reach", "impact", "urgency", "priority"), [("me", 1, 2, 2), ("several", 2, 2, 3), ("everything", 3, 3, 4)]
)
def test_plain_words_become_impact_and_urgency(
    counter: Counter, browser: Client, reach: str, impact: int, urgency: int, priority: int
) -> None:
    ask(browser, reach=reach)
    ticket = Ticket.objects.get()
    assert (ticket.impact, ticket.urgency, ticket.priority) == (impact, urgency, priority)


def test_the_confirmation_goes_to_the_address_with_number_and_link(counter: Counter, browser: Client) -> None:
    ask(browser)
    row = Outbox.objects.get()
    assert row.kind == "ack"
    assert [(r["name"], r["address"]) for r in row.recipients] == [("", "erika@firma.example")]


def test_files_come_along(counter: Counter, browser: Client) -> None:
    ask(browser, files=[upload("one.png"), upload("two.png")])
    kept = Ticket.objects.get().messages.get().attachments.order_by("filename")
    assert [(file.filename, file.content_type) for file in kept] == [("one.png", "image/png"), ("two.png", "image/png")]
    assert files.read(kept[0].storage_key).startswith(b"\x89PNG")


def test_what_is_missing_is_said_and_everything_typed_stays(counter: Counter, browser: Client) -> None:
    answer = ask(browser, name="", email="not an address", files=[upload("holiday.png")])
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Please fill this in." in page and "This is not a whole mail address" in page
    for typed in ('value="Printer is silent"', "It does not print since this morning.", 'value="not an address"'):
        assert typed in page
    assert "holiday.png" in page and "choose them once more" in page
    assert not Ticket.objects.exists() and not Attachment.objects.exists()


def test_the_browser_is_led_to_the_first_field_that_is_wrong(counter: Counter, browser: Client) -> None:
    page = ask(browser, subject="").content.decode()
    focused = page[: page.index("autofocus")].rpartition("<input")[2]
    assert 'name="subject"' in focused and page.count("autofocus") == 1


def test_files_that_are_too_many_or_too_large_keep_the_text(counter: Counter, browser: Client) -> None:
    answer = ask(browser, files=[upload(f"{n}.png") for n in range(6)])
    assert answer.status_code == 413 and "at most 5" in answer.content.decode()
    answer = ask(browser, files=[upload("film.bin", 26 * 1024 * 1024)])
    page = answer.content.decode()
    assert answer.status_code == 413 and "film.bin: a file can have at most 25 MB" in page
    assert "It does not print since this morning." in page and not Ticket.objects.exists()


def test_guests_have_25_megabytes_in_all(counter: Counter, browser: Client) -> None:
    answer = ask(browser, files=[upload("a.bin", 13 * 1024 * 1024), upload("b.bin", 13 * 1024 * 1024)])
    assert answer.status_code == 413 and "Together the files have more than 25 MB" in answer.content.decode()


def test_nobody_asks_in_the_name_of_our_own_mailbox(counter: Counter, browser: Client) -> None:
    for address in ("hilfe@lindhafen.example", "Hilfe+T204187@lindhafen.example"):
        answer = ask(browser, email=address)
        assert answer.status_code == 422 and "This is our own address" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_a_machine_that_fills_every_field_is_asked_once_more(counter: Counter, browser: Client) -> None:
    answer = ask(browser, website="https://spam.example")
    page = answer.content.decode()
    assert answer.status_code == 422 and "Please send it once more" in page and "spam.example" not in page
    assert not Ticket.objects.exists()


def test_after_three_requests_of_an_address_the_fourth_waits_and_keeps_its_text(counter: Counter) -> None:
    for _n in range(3):
        assert ask(Client(enforce_csrf_checks=True)).status_code == 302
    answer = ask(Client(enforce_csrf_checks=True), email="Erika@FIRMA.example", text="The fourth text")
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert "The fourth text" in page and "hilfe@lindhafen.example" in page
    assert Ticket.objects.count() == 3


def test_after_five_requests_from_a_place_the_sixth_waits(counter: Counter) -> None:
    codes = [ask(Client(enforce_csrf_checks=True), email=f"p{n}@firma.example").status_code for n in range(6)]
    assert codes == [302] * 5 + [429]
    elsewhere = Client(enforce_csrf_checks=True, REMOTE_ADDR="192.0.2.7")
    assert ask(elsewhere, email="other@firma.example").status_code == 302


def test_a_form_sent_twice_is_one_request(counter: Counter, browser: Client) -> None:
    fields = {**ASKED, **hidden_fields(browser.get(NEW).content.decode())}
    fields["csrfmiddlewaretoken"] = browser.cookies["tresen-csrf"].value
    first, second = browser.post(NEW, fields), browser.post(NEW, fields)
    assert (first["Location"], second["Location"]) == ("/requests/sent/", "/requests/sent/")
    number = Ticket.objects.get().shown_number
    # Also when the browser never saw the first answer, and with it no session.
    lost = Client(headers={"accept-language": "en"})
    lost.post(NEW, fields)
    assert number in lost.get("/requests/sent/").content.decode()
    assert Ticket.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_are_one_request(counter: Counter, browser: Client) -> None:
    fields = {**ASKED, **hidden_fields(browser.get(NEW).content.decode())}
    fields["csrfmiddlewaretoken"] = browser.cookies["tresen-csrf"].value
    cookie = browser.cookies["tresen-csrf"].value

    def click(_n: int) -> int:
        client = Client()
        client.cookies["tresen-csrf"] = cookie
        try:
            return int(client.post(NEW, fields).status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        codes = list(pool.map(click, range(10)))
    assert codes == [302] * 10
    assert Ticket.objects.count() == 1 and TicketLink.objects.count() == 1


def test_lines_end_as_everywhere_else(counter: Counter, browser: Client) -> None:
    ask(browser, text="one\r\ntwo")
    assert Ticket.objects.get().messages.get().text == "one\ntwo"


def test_a_key_that_is_not_ours_opens_no_door(counter: Counter, browser: Client) -> None:
    ask(browser, key="a" * 43)
    assert TicketLink.objects.count() == 1
    assert Client().get(f"/t/{'a' * 43}/").status_code == 404


def test_the_address_of_a_known_contact_tells_nothing_about_him(counter: Counter, browser: Client) -> None:
    counter.ticket("Secret of Carola", "Carola's own words")
    ask(browser, email="CAROLA@kunde.example", name="Mallory")
    number = Ticket.objects.get(subject="Printer is silent").number
    for path in ("/", "/requests/sent/", f"/requests/{number}/"):
        page = browser.get(path).content.decode()
        assert "Printer is silent" in page
        for secret in ("Carola", "Brandt", "carola@kunde.example", "Secret", ">CB<"):
            assert secret not in page, (path, secret)
    assert Contact.objects.get(pk=counter.carol.pk).name == "Carola Brandt"
    assert Ticket.objects.get(number=number).is_unconfirmed


def test_a_guest_cannot_see_the_other_requests_of_the_address_he_names(counter: Counter, browser: Client) -> None:
    other = counter.ticket("Secret of Carola")
    ask(browser, email="carola@kunde.example")
    assert browser.get(f"/requests/{other.number}/").status_code == 302
    assert browser.get("/requests/")["Location"].startswith("/sign-in/")


def test_a_customer_who_is_signed_in_is_not_asked_who_he_is(counter: Counter) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(counter.account(counter.carol))
    page = client.get(NEW).content.decode()
    assert 'name="email"' not in page and "You write as Carola Brandt." in page
    answer = send(client, NEW, subject="Scanner", text="No light", reach="me")
    ticket = Ticket.objects.get()
    assert answer.status_code == 302 and ticket.requester == counter.carol
    assert (ticket.is_unconfirmed, ticket.messages.get().trust) == (False, "signed_in")


def test_without_a_session_there_is_nothing_that_was_sent(counter: Counter, browser: Client) -> None:
    assert browser.get("/requests/sent/")["Location"] == NEW


def test_a_desk_that_is_not_set_up_sends_everybody_to_its_first_run(db: None, browser: Client) -> None:
    for path in ("/", NEW, "/requests/sent/", "/requests/link/", "/t/aaaaaaaaaaaaaaaaaaaaaaaaaaaa/"):
        assert browser.get(path)["Location"] == "/first-run/", path


def test_the_form_speaks_german_and_polish(counter: Counter) -> None:
    german = Client(headers={"accept-language": "de"}).get(NEW).content.decode()
    polish = Client(headers={"accept-language": "pl"}).get(NEW).content.decode()
    assert "Wen betrifft es?" in german and "Kogo to dotyczy?" in polish
    assert Client().get(f"{NEW}?lang=pl")["Content-Language"] == "pl"
