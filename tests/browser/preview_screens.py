"""Previews of attached files on the way to their screens."""

from __future__ import annotations

from typing import Any

from tests.browser.sample_desk import SampleDesk


def previewed(desk: SampleDesk, page: Any) -> None:
    """A ticket on which a PDF was opened: its pages are drawn."""
    page.goto(desk.ticket("Bitte um Bestätigung: Kündigung der alten Faxnummer"))
    page.click("details.preview > summary >> nth=0")
    page.wait_for_selector("details.preview .drawn img", timeout=30_000)
    page.wait_for_function("() => [...document.querySelectorAll('.drawn img')].every(image => image.complete)")
