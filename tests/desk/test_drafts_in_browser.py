"""What only a browser shows of drafts: a reload in the middle of typing, an ended session, two windows."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from tests.outside import wait_for
from tresen.core.people.models import Session
from tresen.core.tickets.models import Draft, Message, Ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def opened(page: Any, ticket: Ticket) -> Any:
    page.goto(f"/desk/tickets/{ticket.number}/")
    page.wait_for_selector("reply-composer:defined")
    return page


def saved(page: Any) -> None:
    page.wait_for_selector("#composer .saved:has-text('Saved')")


def test_a_reload_an_ended_session_and_another_window_cost_no_word(cast: Cast, page: Any) -> None:
    ticket = cast.ticket()
    opened(page, ticket)
    page.keyboard.press("r")
    page.keyboard.type("In the middle")
    page.reload()
    page.wait_for_selector("reply-composer:defined")
    assert page.input_value("#reply-text") == "In the middle"
    saved(page)
    # The session ends: what is typed stays here until one has signed in again.
    Session.objects.all().delete()
    page.fill("#reply-text", "In the middle of a")
    page.wait_for_selector("#composer .saved:has-text('this browser only')")
    session = Client()
    session.force_login(cast.anna.user)
    cookie = {"name": "tresen", "value": session.cookies["tresen"].value, "url": page.url.split("/desk/")[0]}
    page.context.add_cookies([cookie])
    opened(page, ticket)
    assert page.input_value("#reply-text") == "In the middle of a"
    wait_for(lambda: Draft.objects.get().text == "In the middle of a", what="the words on the server")
    # A second window knows it, and goes on; the first one is told instead of overwriting it.
    second = opened(page.context.new_page(), ticket)
    assert second.input_value("#reply-text") == "In the middle of a"
    second.fill("#reply-text", "In the middle of another window")
    second.wait_for_function("() => !Object.keys(sessionStorage).some((key) => key.startsWith('tresen:draft'))")
    page.fill("#reply-text", "In the middle of a sentence")
    page.wait_for_selector("#composer .elsewhere:has-text('another window')")
    assert Draft.objects.get().text == "In the middle of another window"
    page.click("#composer [data-settle=both]")
    page.wait_for_function("() => !Object.keys(sessionStorage).some((key) => key.startsWith('tresen:draft'))")
    assert Draft.objects.get().text == "In the middle of a sentence\n\nIn the middle of another window"
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#timeline li.reply:has-text('another window')")
    assert page.input_value("#reply-text") == "" and Message.objects.filter(kind="reply").count() == 1
    assert page.faults == []


def test_what_is_typed_to_a_partner_is_kept_by_itself(cast: Cast, page: Any) -> None:
    ticket = cast.ticket()
    page.goto(f"/desk/tickets/{ticket.number}/sides/new/")
    page.fill("[name=to]", "max@parts.example")
    for text in ("Is it", "Is it in stock?"):
        page.fill("[name=text]", text)
        page.wait_for_function("() => document.querySelector('[data-said]').textContent")
        page.evaluate("() => { document.querySelector('[data-said]').textContent = '' }")
    page.reload()
    assert page.input_value("[name=text]") == "Is it in stock?" and page.input_value("[name=to]") == "max@parts.example"
    assert page.complaints == []
    page.fill("[name=subject]", "Router")
    page.click("text=Send to the partner")
    page.click("button:has-text('Undo')")
    page.wait_for_selector("h1:has-text('Ask a partner')")
    assert page.input_value("[name=text]") == "Is it in stock?" and page.input_value("[name=subject]") == "Router"
