"""How one gets to a ticket that was handed up, and to the call that it made."""

from __future__ import annotations

from typing import Any

from tests.browser.sample_desk import SampleDesk

# Whoever hands one up follows it and sees it on: each of the two roles has a ticket of its own.
OF_AGENT, OF_ADMIN = "VPN bricht seit dem Update", "Library Wi-Fi"


def hand_up(desk: SampleDesk, page: Any, words: str) -> None:
    """To the third level, where it is not there yet."""
    page.goto(desk.ticket(words) + "escalate/")
    if page.locator(".ladder [data-level='3'] input").count():
        page.check(".ladder [data-level='3'] input")
        page.fill("#tried", "Restarted it twice.")
        page.fill("#needed", "Somebody who may restart the gateway.")
        with page.expect_navigation():
            page.click("form.handover .btn.primary")


def handed_up(desk: SampleDesk, page: Any) -> None:
    """The page of the answer, beneath the package."""
    hand_up(desk, page, OF_ADMIN)
    page.goto(desk.ticket(OF_ADMIN) + "return/")
    assert "restart the gateway" in page.locator("blockquote.package").inner_text()
    assert page.locator("form.handover #answer").is_visible()


def call_on_call(desk: SampleDesk, page: Any) -> None:
    """The call that it made at whoever is on call there."""
    hand_up(desk, page, OF_AGENT)
    page.goto(desk.ticket(OF_AGENT))
    with page.expect_navigation():
        page.click(".banner a[href*='/desk/alerts/']")
