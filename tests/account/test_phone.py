"""One's own account on a phone, in a real browser: nothing of it is pushed out of the screen."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STICKS_OUT = """() => [...document.querySelectorAll("[aria-labelledby=own-devices] *")].filter(element => {
    const box = element.getBoundingClientRect();
    return box.width > 1 && (box.right > innerWidth + 1 || element.scrollWidth > element.clientWidth + 1
        && getComputedStyle(element).overflowX !== "visible");
}).map(element => element.outerHTML.slice(0, 80))"""


def test_where_one_is_signed_in_stacks_at_360_pixels(cast: Cast, live_server: Any, chromium: Any) -> None:
    sessions = [Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}) for _ in range(2)]
    for session in sessions:
        session.force_login(cast.anna.user)
        session.get("/me/")
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 360, "height": 740})
    context.add_cookies([{"name": "tresen", "value": sessions[0].cookies["tresen"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto("/me/")
    assert page.locator(".table.stacks tbody tr").count() == 2
    assert page.evaluate(STICKS_OUT) == []
    cell = page.locator(".table.stacks tbody td.num").first
    assert cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"Network address"'
    assert page.get_by_role("button", name="Sign out", exact=False).count() >= 1
    context.close()
