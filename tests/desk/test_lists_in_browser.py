"""Lists in a real browser, by keyboard alone: rows selected over a range, changed at once, taken back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast
from tests.desk.test_bulk import finish
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.numbers import make_number

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def priorities() -> list[int]:
    """Of all tickets, in their order."""
    return list(Ticket.objects.order_by("pk").values_list("priority", flat=True))


def test_by_keyboard_alone_a_range_is_selected_changed_and_taken_back(cast: Cast, page: Any) -> None:
    for n in range(5):
        cast.ticket(f"number {n}")
    page.set_viewport_size({"width": 1100, "height": 800})
    page.goto("/desk/views/all/")
    page.wait_for_selector("list-pick:defined", state="attached")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("X")
    assert page.inner_text("list-pick output") == "3"
    page.focus("form.bulk [data-action=bulk]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.focus("[name=priority]")
    page.keyboard.press("ArrowDown")
    page.focus("button[value=preview]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.inner_text("h1") == "3 tickets would change"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    finish()
    assert sorted(priorities()) == [2, 2, 4, 4, 4]
    page.wait_for_selector("#bulk-progress .banner:has-text('3 tickets changed')")
    with page.expect_navigation():
        page.keyboard.press("Z")
    assert priorities() == [2] * 5
    assert page.faults == []


def test_what_is_selected_outlives_the_next_page_and_a_click_with_shift(cast: Cast, page: Any) -> None:
    first = cast.ticket("n")
    copies = []
    for n in range(60):
        copy = Ticket.objects.get(pk=first.pk)
        copy.pk, copy.number = None, make_number("T", 50_000 + n)
        copies.append(copy)
    Ticket.objects.bulk_create(copies)
    page.goto("/desk/views/all/")
    page.wait_for_selector("list-pick:defined", state="attached")
    page.check(".rows li:nth-of-type(1) input[name=ticket]")
    page.click(".rows li:nth-of-type(4) input[name=ticket]", modifiers=["Shift"])
    assert page.inner_text("list-pick output") == "4"
    page.eval_on_selector(".older a", "link => link.click()")
    page.wait_for_function("() => document.querySelectorAll('li.row').length === 61")
    page.check(".rows li.row:nth-of-type(60) input[name=ticket]")
    assert page.inner_text("list-pick output") == "5"
    with page.expect_navigation():
        page.click("form.bulk [data-action=bulk]")
    assert page.eval_on_selector_all("input[name=ticket]", "all => all.length") == 5


def test_a_row_offers_to_take_its_ticket_by_pointer_and_by_tab(cast: Cast, page: Any) -> None:
    ticket = cast.ticket("first")
    page.goto("/desk/views/all/")
    page.wait_for_selector("row-quick:defined", state="attached")
    page.focus("li.row a.subject")
    page.keyboard.press("Tab")
    page.wait_for_function("() => document.activeElement.matches('.quick button')")
    with page.expect_response("**/change/"):
        page.keyboard.press("Enter")
    ticket.refresh_from_db()
    assert ticket.assignee == cast.anna
    page.wait_for_selector("li.row .agent:has-text('You')")
    assert page.faults == []
