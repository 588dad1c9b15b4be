"""Every screen: no accessibility fault in light and dark, nothing that runs over in three languages, wide and phone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.looking import PALE, accessibility_faults, axe_faults, misfits
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


PLANTED = """<!doctype html><html lang="en"><title>Planted</title><style>
:root { color-scheme: light dark }
p { color: light-dark(#000, #777); background: light-dark(#fff, #888) }
a { color: light-dark(#06f, #ddd); text-decoration: none }
h2 { width: 5em; overflow: hidden; white-space: nowrap }
div { width: 900px }
.page { overflow: auto }
</style><main class="page"><h1>Planted</h1><input><p>Grey on grey in the dark.</p>
<section>Text with <a href="#x">a link</a> in it.</section><h2>Rechtsschutzversicherungen</h2>
<div>Too wide for a phone.</div></main></html>"""


def test_the_walk_sees_faults_that_were_planted(chromium: Any) -> None:
    page = chromium.new_page()
    page.set_content(PLANTED)
    faults = accessibility_faults(page)
    assert any(fault.startswith("light: label:") for fault in faults)
    assert any(fault.startswith("dark: contrast ") for fault in faults)
    assert any(fault.startswith("dark: a link like the text") for fault in faults)
    assert not any(fault.startswith("light: contrast ") for fault in faults)
    faults = misfits(page)
    assert any(fault.startswith("360 px: the page is ") for fault in faults)
    assert not any(fault.startswith("1440 px: the page is ") for fault in faults)
    assert "1440 px: cut off: Rechtsschutzversicherungen" in faults
    page.close()


def test_the_quick_look_at_colours_sees_what_axe_sees(chromium: Any) -> None:
    page = chromium.new_page()
    page.set_content(PLANTED)
    for scheme, faults in (("dark", {"color-contrast", "link-in-text-block"}), ("light", set())):
        page.emulate_media(color_scheme=scheme)
        axe = {words.partition(":")[0] for words in axe_faults(page)}
        assert axe & {"color-contrast", "link-in-text-block"} == faults
        assert len(page.evaluate(PALE)) == len(faults)
    page.close()
