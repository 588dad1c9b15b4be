"""The subject is changed on a phone, in a real browser: within the screen, and with fields for a finger."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTH, FINGER = 360, 44


def test_the_subject_is_changed_at_360_pixels(cast: Cast, live_server: Any, chromium: Any) -> None:
    ticket = cast.ticket()
    session = Client()
    session.force_login(cast.anna.user)
    context = chromium.new_context(base_url=live_server.url, viewport={"width": WIDTH, "height": 740}, has_touch=True)
    context.add_cookies([{"name": "tresen", "value": session.cookies["tresen"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"/desk/tickets/{ticket.number}/")
    pen, field = page.locator("#prop-subject"), page.locator("#subject-value")
    save = page.locator(".subject-form button")
    assert min(pen.bounding_box()[side] for side in ("width", "height")) >= FINGER
    pen.tap()
    for part in (field, save):
        box = part.bounding_box()
        assert box["height"] >= FINGER and box["x"] >= 0 and box["x"] + box["width"] <= WIDTH, box
    assert field.bounding_box()["width"] >= 0.75 * WIDTH, "room to read what one types"
    assert float(field.evaluate("field => parseFloat(getComputedStyle(field).fontSize)")) >= 16, "else it is enlarged"
    field.fill("Typed on the way")
    save.tap()
    page.locator(".t-head h1", has_text="Typed on the way").wait_for()
    ticket.refresh_from_db()
    assert ticket.subject == "Typed on the way"
    context.close()
