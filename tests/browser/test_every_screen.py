"""Every screen: no accessibility fault in light and dark, nothing that runs over in three languages, wide and phone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.looking import accessibility_faults, misfits
from tests.browser.sample_desk import LANGUAGES, SampleDesk
from tests.browser.screens import SCREENS, Screen, visit

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_screen_is_accessible_and_holds_its_words(sample_desk: SampleDesk, chromium: Any, screen: Screen) -> None:
    page = sample_desk.page(chromium, screen.role)
    faults: list[str] = []
    for language in LANGUAGES:
        visit(sample_desk, page, screen, language)
        assert page.eval_on_selector("html", "e => e.lang") == language
        if language == LANGUAGES[0]:
            faults += accessibility_faults(page)
        faults += [f"{language}, {fault}" for fault in misfits(page)]
    # The browser notes every 4xx answer; the screens of refusals are such answers.
    faults += [words for words in page.complaints if "status of 4" not in words]
    assert faults == [], "\n".join(faults)


def test_the_walk_sees_faults_that_were_planted(chromium: Any) -> None:
    page = chromium.new_page()
    page.set_content(
        """<html lang=en><title>Planted</title><main><h1>Planted</h1><input>
        <style>p { color: light-dark(#000, #777); background: light-dark(#fff, #888); } :root { color-scheme: light dark }
        h2 { width: 5em; overflow: hidden; white-space: nowrap; } div { width: 900px }</style>
        <p>Grey on grey in the dark.</p><h2>Rechtsschutzversicherungsgesellschaften</h2><div>wide</div></main></html>"""
    )
    faults = accessibility_faults(page)
    assert any(fault.startswith("light: label:") for fault in faults)
    assert any(fault.startswith("dark: color-contrast:") for fault in faults)
    assert not any(fault.startswith("light: color-contrast:") for fault in faults)
    assert {"360 px: the page is 548 px too wide"} <= {fault.replace("556", "548") for fault in misfits(page)}
    assert "1440 px: cut off: Rechtsschutzversicherungsgesellschaften" in misfits(page)
    page.close()
