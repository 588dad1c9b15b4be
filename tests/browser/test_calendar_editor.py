"""The editor of a calendar in a browser: what is typed is drawn at once, by keyboard alone, and the focus stays."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.sample_desk import SampleDesk

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
BARS = "() => document.querySelectorAll('#calendar-look .open').length"


def test_what_is_typed_is_drawn_and_regions_follow_the_country(sample_desk: SampleDesk, chromium: Any) -> None:
    page = sample_desk.page(chromium, "admin")
    sample_desk.speak(page, "de")
    page.goto(sample_desk.url + "/settings/calendars/new/")
    page.fill("[name=name]", "Lager")
    page.focus("[name=hours-mon]")
    page.keyboard.press("Control+a")
    page.keyboard.type("6-10, 12-14, 22-24")
    page.wait_for_function(f"() => ({BARS})() === 7")  # three on Monday, one each on the four days after
    assert page.evaluate("() => document.activeElement.name") == "hours-mon"

    assert page.locator("[name=country] option[value=PL]").text_content() == "Polen"  # as the browser calls it
    page.focus("[name=country]")
    page.keyboard.type("Pol")
    page.wait_for_selector("[name=subdivision] option[value='14']", state="attached")
    assert "Mazowieckie" in page.locator("[name=subdivision]").text_content()
    assert page.evaluate("() => document.activeElement.name") == "country"
    page.focus("[name=own_days]")
    page.keyboard.type("24.12. Wigilia")
    page.wait_for_function("() => document.querySelector('#calendar-look').textContent.includes('Wigilia')")
    page.focus("[name=name]")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("main").get_by_role("link", name="Lager", exact=True).count() == 1
