"""The search box by keyboard alone, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.looking import accessibility_faults, misfits
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ACTIVE = """() => {
  const field = document.activeElement;
  const option = document.getElementById(field.getAttribute("aria-activedescendant"));
  return [field.getAttribute("aria-expanded"), option?.dataset.text ?? option?.dataset.href ?? ""];
}"""


def test_a_line_is_written_with_arrow_keys_and_leads_to_a_ticket(cast: Cast, page: Any) -> None:
    ticket = cast.ticket("The printer smokes")
    page.goto("/desk/views/all/")
    page.wait_for_selector("search-box:defined", state="attached")
    page.keyboard.press("/")
    page.keyboard.type("sta")
    page.wait_for_selector("#search-offers [data-text='status:']")
    assert page.evaluate(ACTIVE) == ["true", ""]
    page.keyboard.press("ArrowDown")
    assert page.evaluate(ACTIVE) == ["true", "status:"]
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-offers [data-text='open']")
    page.keyboard.type("new")
    page.wait_for_selector("#search-offers [data-text='active']", state="detached")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("input[name=q]") == "status:new "
    page.keyboard.type("smok")
    page.wait_for_selector("#search-offers [data-href]")
    assert accessibility_faults(page) == []
    assert misfits(page) == []
    page.keyboard.press("Escape")
    assert page.evaluate(ACTIVE) == ["false", ""]
    assert page.input_value("input[name=q]") == "status:new smok"
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("#search-offers:not([hidden])")
    page.keyboard.press("ArrowUp")
    assert page.evaluate(ACTIVE)[1] == f"/desk/tickets/{ticket.number}/"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith(f"/desk/tickets/{ticket.number}/")


def test_what_was_found_can_be_read_by_everybody(cast: Cast, page: Any) -> None:
    cast.ticket("Question", "The printer of Carol smokes.")
    page.goto("/desk/search/?q=caro&order=best")
    assert page.query_selector(".beside mark") and page.query_selector("li.row .last mark")
    assert accessibility_faults(page) == []
    assert misfits(page) == []
