"""The subject is changed on a phone, in a real browser: within the screen, and with fields for a finger."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTH, FINGER = 360, 44


def test_the_subject_is_changed_at_360_pixels(cast: Cast, page: Any) -> None:
    ticket = cast.ticket()
    page.set_viewport_size({"width": WIDTH, "height": 740})
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
