"""How one gets to the screens of recurring tickets, of procedures, and of guides in the portal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.browser.sample_desk import SampleDesk


def named(start: str, words: str, then: str = "") -> Callable[[SampleDesk, Any], None]:
    """By the link on a page that says so; `then` stands behind its address."""

    def go(desk: SampleDesk, page: Any) -> None:
        page.goto(desk.url + start)
        link = page.locator("main a", has_text=words).first.get_attribute("href")
        page.goto(desk.url + str(link) + then)

    return go


def guide(desk: SampleDesk, page: Any) -> None:
    """The first question of a guide."""
    page.goto(desk.url + "/requests/new/")
    page.goto(desk.url + str(page.locator(".guides a").first.get_attribute("href")))


def guide_at_its_end(desk: SampleDesk, page: Any) -> None:
    """Where it asks whether it has helped."""
    guide(desk, page)
    page.click(".guide-ways a >> nth=1")
    page.click(".guide-ways a >> nth=0")


def request_after_guide(desk: SampleDesk, page: Any) -> None:
    """The form for a request, with what was answered in a guide that did not help."""
    guide(desk, page)
    page.click(".guide-ways a >> nth=0")
    page.click(".guide-ways a >> nth=1")
    page.click(".stand a.primary")
