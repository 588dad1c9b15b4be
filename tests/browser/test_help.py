"""Customers help themselves, in a browser: an answer without writing, and what was read goes along when they ask.

In three languages, wide and on a phone, with and without a script.
"""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from tests.browser.looking import PHONE, WIDE, accessibility_faults, misfits
from tests.browser.sample_desk import SampleDesk

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

# What somebody types (with a mistake), the article that answers, and the words of the page.
TOLD = {
    "de": ("Druker offline", "Drucker wird als offline angezeigt", "Nicht ganz", "Fragen Sie uns", "Mitteilen"),
    "en": ("printer ofline", "The printer shows offline", "Not quite", "Ask us", "Tell us"),
    "pl": ("drukarki offline", "Drukarka jest offline", "Nie do końca", "Proszę zapytać nas", "Wyślij uwagę"),
}
WAYS = [("de", WIDE, True), ("en", PHONE, True), ("pl", PHONE, False)]


def asked(desk: SampleDesk, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(desk.instance.data / "tresen.sqlite3") as database:
        return database.execute(query).fetchall()


@pytest.mark.parametrize(("language", "size", "script"), WAYS, ids=[f"{w[0]}-{w[2]}" for w in WAYS])
def test_an_answer_is_found_without_writing_and_who_is_still_stuck_asks(
    sample_desk: SampleDesk, chromium: Any, language: str, size: dict[str, int], script: bool
) -> None:
    desk = sample_desk
    words, title, not_quite, ask, tell = TOLD[language]
    locale = {"en": "en-GB", "de": "de-DE", "pl": "pl-PL"}[language]
    context = chromium.new_context(viewport=size, locale=locale, java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{desk.url}/")
    page.locator("form[role=search] input").fill(words)
    page.locator("form[role=search] button").click()
    page.get_by_role("link", name=title).first.click()
    assert page.locator("article h1").inner_text() == title
    assert f"/help/{language}/" in page.url and context.cookies() == []

    page.get_by_role("button", name=not_quite).click()
    page.locator("textarea[name=words]").fill(f"Missing in {language}")
    if script:
        assert page.locator("article h1").inner_text() == title  # the same page
        assert accessibility_faults(page) + misfits(page) == []
        page.set_viewport_size(size)
    page.get_by_role("button", name=tell).click()
    page.locator("textarea[name=words]").wait_for(state="detached")
    assert asked(desk, f"SELECT 1 FROM knowledge_articlevote WHERE words = 'Missing in {language}'")

    page.get_by_role("link", name=ask).first.click()
    assert title in page.locator(".came-from").inner_text()
    for name, value in {"name": "Erika", "email": f"{language}@firma.example", "subject": f"Still {language}",
                        "text": "As before"}.items():  # fmt: skip
        page.locator(f"[name={name}]").fill(value)
    page.locator("form.p-form button.primary").click()
    page.wait_for_url("**/requests/sent/")
    kept = asked(
        desk, "SELECT use.kind FROM knowledge_articleuse use JOIN tickets_ticket t ON t.id = use.ticket_id"
        f" WHERE t.subject = 'Still {language}'",
    )  # fmt: skip
    assert kept == [("carried",)]
    context.close()


def test_what_is_read_is_counted_by_the_page_itself_and_code_is_copied(sample_desk: SampleDesk, chromium: Any) -> None:
    desk = sample_desk
    context = chromium.new_context(locale="en-GB")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=desk.url)
    page = context.new_page()
    page.goto(f"{desk.url}/help/en/network-and-vpn/")
    with page.expect_request(lambda sent: sent.url.endswith("/read/") and sent.method == "POST", timeout=15_000):
        page.get_by_role("link", name="A second way into the network").click()
        page.locator("copy-code button").click()
    assert page.evaluate("navigator.clipboard.readText()") == "second.lindhafen.example"
    page.locator(".toc a", has_text="Go back to normal").click()
    assert page.url.endswith("#s-go-back-to-normal")
    page.goto(f"{desk.url}/requests/new/")
    assert page.locator("[name=read]").input_value().endswith(".en")
    assert [cookie["name"] for cookie in context.cookies() if cookie["name"] != "tresen-csrf"] == []
    context.close()
