"""Two agents in two browsers: a change undone by its toast and by a key, a merge undone after a new reply."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from tests.desk.conftest import page
from tests.undo.conftest import now
from tests.undo.test_merging import texts, write

__all__ = ["page"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def adas(cast: Cast, chromium: Any, live_server: Any) -> Iterator[Any]:
    """The page of ada, on a phone."""
    session = Client()
    session.force_login(cast.ada.user)
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1300, "height": 900})
    context.add_cookies([{"name": "tresen", "value": session.cookies["tresen"].value, "url": live_server.url}])
    yield context.new_page()
    context.close()


def test_two_agents_merge_answer_and_part(cast: Cast, page: Any, adas: Any) -> None:
    carols, daves = cast.ticket("VPN", text="Carol's"), cast.ticket("VPN, too", text="Dave's", requester=cast.dave)
    page.goto(f"/desk/tickets/{daves.number}/")
    page.click("#prop-type")
    page.click("details[open] button[value=problem]")
    page.wait_for_selector(".toast [data-action=undo]")
    assert now(daves).type == "problem"
    page.keyboard.press("Shift+Z")
    page.wait_for_selector(".toast:has-text('Taken back.')")
    assert now(daves).type == "incident" and page.locator(".toast [data-action=undo]").count() == 0

    page.keyboard.press("l")
    page.wait_for_url("**/connect/")
    page.fill("#connect-with", carols.number)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/connect/?with={carols.number}")
    way = page.locator(".two-ways form").first
    assert "Joins in copy" in way.inner_text() and "Carol" in way.inner_text()
    way.locator("button").click()
    page.wait_for_selector(".two-ways .error")
    page.locator(".two-ways form").first.locator("[name=sure]").check()
    page.locator(".two-ways form").first.locator("button").click()
    page.wait_for_url(f"**/desk/tickets/{carols.number}/**")
    assert "Dave's" in page.inner_text("#timeline")

    write(now(daves), "One more thing from Dave")
    adas.goto(f"/desk/tickets/{carols.number}/")
    assert "One more thing from Dave" in adas.inner_text("#timeline")
    adas.click("#context .pair form button")
    adas.wait_for_selector(".toast:has-text('Taken back.')")
    assert texts(daves) == ["Dave's", "One more thing from Dave"] and texts(carols) == ["Carol's"]
    assert "One more thing" not in adas.inner_text("#timeline")
    page.goto(f"/desk/tickets/{daves.number}/")
    assert "One more thing from Dave" in page.inner_text("#timeline")
    assert page.faults == []
