"""Every screen: no accessibility fault in light and dark, nothing that runs over in three languages, wide and phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.sample_desk import LANGUAGES, SampleDesk
from tests.browser.screens import SCREENS, Screen

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
AXE_OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PHONE, WIDE = {"width": 360, "height": 780}, {"width": 1440, "height": 900}
# What is cut off: controls and labels whose words do not fit. Data (subjects, names) may be shortened.
CUT_OFF = """() => [...document.querySelectorAll(
    'button, .btn, label, th, h1, h2, h3, .chip, .badge, .prop > span, nav a, .tabs label, legend, summary')]
  .filter(e => e.offsetParent && !e.closest('.sr, [title], .row, .rows, td, .subject, [data-data]'))
  .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible')
  .map(e => e.textContent.trim().slice(0, 60))"""
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SampleDesk]:
    """The running sample desk."""
    made = SampleDesk(tmp_path_factory.mktemp("sample"))
    yield made
    made.instance.stop()


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_screen_has_no_accessibility_fault_in_light_and_dark(
    desk: SampleDesk, chromium: Any, screen: Screen
) -> None:
    page = desk.page(chromium, screen.role)
    try:
        screen.go(desk, page)
        page.wait_for_load_state("networkidle")
        faults = []
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            results = Axe().run(page, options=AXE_OPTIONS)
            faults += [
                f"{theme}: {v['id']}: {v['help']}: {[n['html'][:160] for n in v['nodes'][:3]]}"
                for v in results.response["violations"]
            ]
        assert faults == [], "\n".join(faults)
        assert [c for c in page.complaints if "status of 4" not in c] == []
    finally:
        page.close()


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_screen_holds_its_words_in_three_languages(desk: SampleDesk, chromium: Any, screen: Screen) -> None:
    page = desk.page(chromium, screen.role)
    faults = []
    try:
        screen.go(desk, page)
        address = page.url.split("?")[0]
        query = page.url.partition("?")[2]
        is_answer = bool(screen.state in {"wrong", "refused", "sent"}) or screen.address in {"portal:sent"}
        for language in LANGUAGES:
            if not is_answer:
                page.goto(f"{address}?{query + '&' if query else ''}lang={language}")
                assert page.eval_on_selector("html", "e => e.lang") == language
            for size in (WIDE, PHONE):
                page.set_viewport_size(size)
                if (over := page.evaluate(TOO_WIDE)) > 0:
                    faults.append(f"{language}, {size['width']} px: the page is {over} px too wide")
                faults += [f"{language}, {size['width']} px: cut off: {words}" for words in page.evaluate(CUT_OFF)]
            if is_answer:
                break
        assert faults == [], "\n".join(faults)
    finally:
        if not page.is_closed():
            page.goto(f"{desk.url}/sign-in/?lang=en")
            page.close()
