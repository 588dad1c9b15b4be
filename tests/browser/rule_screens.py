"""How to come to what rules and clocks say of a ticket, and to what was tried of them."""

from __future__ import annotations

from typing import Any

from tests.browser.sample_desk import SampleDesk


def rules_of_a_ticket(desk: SampleDesk, page: Any) -> None:
    """What rules did on the first ticket of all."""
    page.goto(desk.url + "/desk/views/all/")
    ticket = str(page.locator("a[href^='/desk/tickets/']").first.get_attribute("href")).partition("?")[0]
    page.goto(f"{desk.url}{ticket}rules/")


def clocks_of_a_ticket(desk: SampleDesk, page: Any) -> None:
    """What explains the due times of the first overdue ticket, by its strip."""
    page.goto(desk.url + "/desk/views/overdue/")
    page.goto(desk.url + str(page.locator("a[href^='/desk/tickets/']").first.get_attribute("href")))
    page.locator(".t-head .targets a").last.click()
    page.wait_for_selector("section.clock")
