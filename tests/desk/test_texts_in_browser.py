"""Saved replies and macros by keyboard alone, and on to the next ticket, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.cast import TEST, Cast
from tests.desk.test_ticket_in_browser import AXE_OPTIONS
from tresen.core.tickets.models import Message, Ticket
from tresen.service.preferences.after_action import choose_after_action
from tresen.service.texts.models import Macro
from tresen.service.texts.services import create_macro, create_saved_reply

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tickets(cast: Cast) -> list[Ticket]:
    """Two of anna's, as they stand in her list, and texts for them; she goes on to the next one after sending."""
    for name in ("Hours", "Reset"):
        texts = {"en": f"Dear {{{{contact.name}}}}, {name.lower()}."}
        create_saved_reply(set={"name": name, "shortcut": name.lower(), "texts": texts}, by=TEST)
    changes = {"status": "on-hold", "add_tags": ["vpn"], "priority": 3}
    create_macro(set={"name": "Look after", "changes": changes, "texts": {"en": "We look after it."}}, by=TEST)
    choose_after_action(cast.anna, then="next", by=TEST)
    return [cast.ticket(subject=name, assignee=cast.anna) for name in ("second", "first")][::-1]


def test_what_follows_a_stroke_is_not_lost_when_nothing_is_chosen(tickets: list[Ticket], page: Any) -> None:
    page.goto(f"/desk/tickets/{tickets[0].number}/")
    page.wait_for_selector("text-picker:defined")
    page.keyboard.press("r")
    page.keyboard.type("and/or ")
    assert page.query_selector(".picker-panel") is None
    page.keyboard.type("/")
    page.wait_for_selector(".picker-panel [role=option]")
    page.keyboard.type("etc")
    page.keyboard.press("Escape")
    page.wait_for_function("() => document.activeElement.id === 'reply-text'")
    assert page.input_value("#reply-text") == "and/or /etc"
    assert page.complaints == []


def test_a_text_is_chosen_with_the_pointer(tickets: list[Ticket], page: Any) -> None:
    page.goto(f"/desk/tickets/{tickets[0].number}/")
    page.wait_for_selector("text-picker:defined")
    page.fill("#reply-text", "Good morning.")
    page.click("text-picker [data-kind=replies]")
    page.click(".picker-panel [role=option]:has-text('Reset')")
    page.wait_for_function("() => document.querySelector('#reply-text').value.endsWith('Dear Carol, reset.')")
    assert page.input_value("#reply-text") == "Good morning.\n\nDear Carol, reset."
    page.click("text-picker [data-kind=macros]")
    page.wait_for_selector(".picker-panel [role=option]")
    page.click("#ticket h1")
    page.wait_for_selector(".picker-panel", state="detached")


def test_a_saved_reply_and_a_macro_by_keyboard_then_the_next_ticket(tickets: list[Ticket], page: Any) -> None:
    page.goto(f"/desk/tickets/{tickets[0].number}/?view=mine")
    page.wait_for_selector("text-picker:defined")

    page.keyboard.press("r")
    page.keyboard.type("/")
    page.wait_for_selector(".picker-panel [role=option]")
    page.keyboard.type("res")
    page.wait_for_function("() => document.querySelectorAll('.picker-panel [role=option]:not([hidden])').length === 1")
    active = page.get_attribute(".picker-panel [role=combobox]", "aria-activedescendant")
    assert page.inner_text(f"#{active}").startswith("Reset")
    assert Axe().run(page, context=".composer", options=AXE_OPTIONS).violations_count == 0
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('#reply-text').value === 'Dear Carol, reset.'")
    page.wait_for_function("() => document.activeElement.id === 'reply-text'")

    # A macro lays its changes out; the one that is not wanted is taken out.
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.wait_for_selector(".picker-panel [role=option]")
    page.keyboard.press("Enter")
    page.wait_for_selector(".staged label:has-text('Status → On hold')")
    assert page.input_value("#reply-text") == "Dear Carol, reset.\n\nWe look after it."
    page.focus(".staged label:has-text('Priority') input")
    page.keyboard.press("Space")
    assert Axe().run(page, context=".composer", options=AXE_OPTIONS).violations_count == 0
    assert Ticket.objects.get(pk=tickets[0].pk).version == tickets[0].version
    page.focus("#reply-text")
    page.keyboard.press("Control+Enter")

    # On to the ticket below.
    page.wait_for_selector(f"#ticket[data-ticket='{tickets[1].number}']")
    page.wait_for_selector(".toast:has-text('The reply is on its way.')")
    assert page.url.endswith(f"/desk/tickets/{tickets[1].number}/?view=mine")
    now = Ticket.objects.get(pk=tickets[0].pk)
    message = Message.objects.get(kind="reply")
    assert (now.status.slug, now.priority, message.text) == ("on-hold", 2, "Dear Carol, reset.\n\nWe look after it.")
    assert {"status=on-hold", "add_tags=vpn"} < set(message.plan.staged)
    assert f"macro={Macro.objects.get().pk}" in message.plan.staged
    assert page.complaints == []
