"""What a person notices: nothing blocks, nothing jumps, the focus stays, and it holds at 200 %, in forced colours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.looking import misfits
from tests.browser.sample_desk import SampleDesk
from tests.outside import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
WIDE = {"width": 1440, "height": 900}
# How far things jumped without a hand of the person's (Cumulative Layout Shift).
JUMPED = """() => new Promise(done => {
  let sum = 0;
  const watch = new PerformanceObserver(list => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) sum += shift.value;
  });
  watch.observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""
BLOCKING = """() => performance.getEntriesByType("resource")
  .filter(part => part.renderBlockingStatus === "blocking").map(part => part.name)"""
FOCUS = "() => document.activeElement.id"


@pytest.fixture
def page(sample_desk: SampleDesk, chromium: Any) -> Iterator[Any]:
    """A ticket beside its list."""
    opened = sample_desk.page(chromium, "agent")
    sample_desk.speak(opened, "en")
    opened.set_viewport_size(WIDE)
    opened.goto(f"{sample_desk.ticket('VPN bricht seit dem Update')}?view=all")
    opened.wait_for_load_state("load")
    yield opened
    opened.emulate_media(color_scheme="light", reduced_motion="reduce", forced_colors="none")
    opened.set_viewport_size(WIDE)


def test_one_style_sheet_blocks_and_no_script(page: Any) -> None:
    blocking = page.evaluate(BLOCKING)
    assert [name.rsplit("/", 1)[-1].split(".")[0] for name in blocking] == ["desk"]
    scripts = page.eval_on_selector_all("script[src]", "all => all.filter(s => s.type !== 'module' && !s.defer).length")
    assert scripts == 0


def test_nothing_jumps_while_it_loads_and_when_others_work(page: Any, sample_desk: SampleDesk, chromium: Any) -> None:
    at_first = page.evaluate(JUMPED)
    assert at_first < 0.05  # 0.1 counts as good; frames of mails learn their height
    number = page.get_attribute("li.row >> nth=1", "data-number")
    shown = "number => document.querySelector(`li.row[data-number='${number}'] .prio`)?.title"
    was = page.evaluate(shown, number)
    other = sample_desk.page(chromium, "admin")
    other.goto(f"{sample_desk.url}/desk/tickets/{number}/")
    other.locator("#prop-priority").click()
    other.locator(".menu:visible .item:not([aria-pressed=true])").last.click()
    other.wait_for_load_state("networkidle")
    wait_for(lambda: page.evaluate(shown, number) != was, what="the row as the other left it")
    assert page.evaluate(JUMPED) - at_first < 0.001


def test_a_change_keeps_the_focus_and_is_announced(page: Any) -> None:
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("p")
    page.wait_for_selector("details[open] > #prop-priority")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    wait_for(lambda: page.inner_text("#voice") != "", what="the words for those who listen")
    page.wait_for_function("() => !document.querySelector('details[open] > #prop-priority')")
    wait_for(lambda: page.evaluate(FOCUS) == "prop-priority", what="the focus back at its place")


@pytest.mark.parametrize("path", ["/desk/views/all/", "TICKET", "/me/", "/me/keys/", "/desk/new/"])
def test_it_fits_at_200_percent(page: Any, sample_desk: SampleDesk, path: str) -> None:
    page.set_viewport_size({"width": 720, "height": 450})  # what a window of 1440 px shows then
    page.goto(page.url if path == "TICKET" else sample_desk.url + path)
    over = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(over) <= 0
    page.set_viewport_size({"width": 768, "height": 1024})
    assert page.evaluate(over) <= 0
    assert misfits(page) == []


def test_forced_colours_still_show_where_one_is(page: Any) -> None:
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette-found .is-active")
    outline = "e => getComputedStyle(e).outlineStyle"
    assert page.eval_on_selector("#palette-found .is-active", outline) == "solid"
    page.keyboard.press("Escape")
    page.focus("#prop-status")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert page.eval_on_selector("#prop-status", outline) in {"solid", "auto"}


def test_reduced_motion_moves_nothing(page: Any) -> None:
    moving = """() => [...document.querySelectorAll("*")].filter(e => {
      const { transitionDuration, animationDuration, animationName } = getComputedStyle(e);
      const long = said => said.split(",").some(one => parseFloat(one) > 0.01);
      return long(transitionDuration) || animationName !== "none" && long(animationDuration);
    }).map(e => e.className)"""
    assert page.evaluate(moving) == []
