"""How to come to what rules and clocks say of a ticket, and to what was tried of them."""

from __future__ import annotations

import re
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


def _by_first(desk: SampleDesk, page: Any, place: str) -> None:
    """The first rule or policy of the list there."""
    page.goto(desk.url + place)
    links = page.eval_on_selector_all("main a[href]", "all => all.map(a => a.getAttribute('href'))")
    page.goto(desk.url + next(link for link in links if re.fullmatch(rf"{place}\d+/", link)))


def laboratory_tried(desk: SampleDesk, page: Any) -> None:
    """A rule that was tried on what was: counts and examples."""
    _by_first(desk, page, "/settings/rules/")
    page.goto(page.url + "laboratory/")
    if not page.locator("#rule-trial .finding").count():
        page.locator("main form.inline-form button").click()
        page.wait_for_selector("#rule-trial .finding", timeout=60_000)


def policy_tried(desk: SampleDesk, page: Any) -> None:
    """A policy that was tried on the last 90 days."""
    _by_first(desk, page, "/settings/service-levels/")
    if not page.locator("#trial dl.trial").count():
        page.locator("#trial form button").click()
        page.wait_for_selector("#trial dl.trial", timeout=60_000)
