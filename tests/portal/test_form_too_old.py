"""A form whose cookie is gone or old is not acted upon, and what was typed is given back to send it once more."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.portal.conftest import Counter
from tresen.core.tickets.models import Ticket

TEXT = "The first line <b>&amp;\n\nand “another” </textarea><script>x</script>"
NEW = {"name": "Mia", "email": "mia@firma.example", "subject": "It's <broken>", "text": TEXT, "reach": "me"}
FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Referer": "https://evil.example/"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
]


def _form(answer: Any) -> LexborNode:
    assert answer.status_code == 403
    form = LexborHTMLParser(answer.content).css_first("form.typed")
    assert form is not None, "the words are given back"
    return form


def _values(form: LexborNode) -> dict[str, str]:
    """What a click on the button would send."""
    values = {n.attributes["name"] or "": n.attributes.get("value") or "" for n in form.css("input[name]")}
    texts = {n.attributes["name"] or "": n.text().removeprefix("\n") for n in form.css("textarea")}
    return {**values, **texts}


def _stale(path: str, values: dict[str, str], token: str = "", **headers: str) -> tuple[Client, Any]:
    """A browser without the cookie, or with another one than its form knows (`token`)."""
    browser = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    if token:
        browser.get("/requests/new/")
    return browser, browser.post(path, {**values, "csrfmiddlewaretoken": token}, headers=headers)


@pytest.mark.parametrize("token", ["", "a" * 64], ids=["no cookie", "an old form"])
def test_a_new_request_is_given_back_and_can_be_sent_by_a_click(counter: Counter, token: str) -> None:
    browser, answer = _stale("/requests/new/", NEW, token)
    form = _form(answer)
    typed = _values(form)
    assert {name: typed[name] for name in NEW} == NEW
    assert form.css_first("script") is None and "<script>x" not in answer.content.decode()
    assert not Ticket.objects.exists(), "nothing is done without a click of one's own"
    assert form.attributes["action"] == "/requests/new/"
    assert browser.post("/requests/new/", typed).status_code == 302
    assert Ticket.objects.get().subject == NEW["subject"]


def test_an_answer_behind_a_link_is_given_back(counter: Counter) -> None:
    ticket = counter.ticket()
    path = f"{counter.link(ticket)}answer/"
    file = SimpleUploadedFile("log.txt", b"x")
    browser, answer = _stale(path, {"text": TEXT, "key": "k", "files": file})  # type: ignore[dict-item]
    form = _form(answer)
    assert answer.headers["Referrer-Policy"] == "same-origin" and "no-store" in answer.headers["Cache-Control"]
    assert form.css_first("input[type=file][name=files]") is not None, "files must be chosen anew"
    assert ticket.messages.count() == 1
    typed = _values(form)
    assert typed["text"] == TEXT and form.attributes["action"] == path
    assert browser.post(path, {k: v for k, v in typed.items() if k != "files"}).status_code == 302
    assert ticket.messages.count() == 2


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_another_site_puts_no_words_into_our_page(counter: Counter, headers: dict[str, str]) -> None:
    path = f"{counter.link(counter.ticket())}answer/"
    for place, values in ((path, {"text": "EVIL-WORDS"}), ("/requests/new/", {**NEW, "text": "EVIL-WORDS"})):
        _browser, answer = _stale(place, values, "", **headers)
        assert answer.status_code == 403 and b"EVIL-WORDS" not in answer.content
        assert LexborHTMLParser(answer.content).css_first("form.typed") is None


def test_signing_in_gives_the_address_back_and_never_the_password(counter: Counter) -> None:
    values = {"email": "anna@lindhafen.example", "password": "SECRET-WORDS", "next": "/desk/"}
    _browser, answer = _stale("/sign-in/", values)
    typed = _values(_form(answer))
    assert b"SECRET-WORDS" not in answer.content
    assert (typed["email"], typed["password"], typed["next"]) == ("anna@lindhafen.example", "", "/desk/")


@pytest.mark.parametrize("path", ["/first-run/", "/invite/x/"])
def test_forms_with_other_secrets_give_back_words_to_copy_only(counter: Counter, path: str) -> None:
    values = {"name": "Mia", "password": "SECRET-1", "again": "SECRET-2", "code": "SECRET-3"}
    _browser, answer = _stale(path, values)
    form = _form(answer)
    assert b"SECRET" not in answer.content and form.css_first("button") is None
    assert _values(form) == {"name": "Mia"}
