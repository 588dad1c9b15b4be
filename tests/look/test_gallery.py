"""Every component and every kind of page, in a real browser: no accessibility fault, no overflow, no error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.look.pages import PAGES, draw, serve

pytestmark = pytest.mark.browser


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Any]:
    """Opens a page of the gallery at a width; whatever the browser complains about fails the test."""
    opened, complaints = [], []

    def open_it(name: str, width: int = 1440, **how: Any) -> Any:
        page = chromium.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce")
        opened.append(page)
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
        serve(page, draw(name, **how))
        return page

    yield open_it
    for page in opened:
        page.close()
    assert complaints == []


def is_complaint(said: Any) -> bool:
    """An error of ours; an answer of 404 to a test that asks for it is none."""
    return said.type == "error" and "404" not in said.text


def violations(page: Any) -> list[str]:
    """What axe finds, short."""
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html'][:120]}" for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize("name", list(PAGES))
def test_a_page_has_no_accessibility_fault_in_light_and_dark(open_page: Any, name: str) -> None:
    page = open_page(name)
    assert violations(page) == []
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert violations(page) == []


@pytest.mark.parametrize("name", [name for name in PAGES if not name.startswith("fault")])
def test_nothing_sticks_out_at_any_width(open_page: Any, name: str) -> None:
    page = open_page(name, language="de")
    wide = {}
    for width in (360, 820, 1280, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        wide[width] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert {width: over for width, over in wide.items() if over > 0} == {}


def test_a_note_turns_the_composer_yellow_without_a_script(open_page: Any) -> None:
    page = open_page("desk")
    before = page.evaluate("getComputedStyle(document.querySelector('.composer')).backgroundColor")
    page.get_by_text("Note", exact=True).click()
    after = page.evaluate("getComputedStyle(document.querySelector('.composer')).backgroundColor")
    assert before != after
    assert page.evaluate("getComputedStyle(document.querySelector('.composer')).borderTopStyle") == "dashed"


def test_keys_use_what_is_on_the_page_and_letters_rest_while_one_types(open_page: Any) -> None:
    page = open_page("desk")
    page.locator("h1").last.click()
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.id") == "reply"
    page.keyboard.type("r / j")
    assert page.locator("#reply").input_value().endswith("r / j")
    page.locator("h1").last.click()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"


def test_two_keys_in_a_row_and_send(open_page: Any) -> None:
    page = open_page("desk")
    page.evaluate(
        """() => { window.used = []; document.addEventListener("click", (event) => {
            const target = event.target.closest("[data-action]");
            if (target) { window.used.push(target.dataset.action); event.preventDefault(); } }, true); }"""
    )
    page.locator("h1").last.click()
    page.keyboard.press("g")
    page.keyboard.press("n")
    page.locator("#reply").focus()
    page.keyboard.press("Control+Enter")
    assert page.evaluate("window.used") == ["new-ticket", "send"]


def test_the_question_mark_shows_the_keys_and_the_list_is_accessible(open_page: Any) -> None:
    page = open_page("desk")
    page.keyboard.press("?")
    assert page.locator("#keys-help").is_visible()
    assert page.locator("#keys-help li").count() == 6
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert not page.locator("#keys-help").is_visible()


def test_one_letter_keys_can_be_switched_off(open_page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.look.pages.Person.single_keys", False)
    page = open_page("desk")
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.id") != "reply"


def test_a_menu_opens_by_key_and_closes_by_escape_and_by_a_click_elsewhere(open_page: Any) -> None:
    page = open_page("components")
    menu = page.locator("details[data-menu]").first
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.textContent.trim() === 'Next due first'")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Close"
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.textContent.trim()") == "Next due first"
    assert violations(page) == []
    page.keyboard.press("Escape")
    assert menu.get_attribute("open") is None
    assert page.evaluate("document.activeElement.localName") == "summary"
    menu.locator("summary").click()
    page.locator("h1").click()
    assert menu.get_attribute("open") is None


def test_the_list_is_widened_by_the_arrow_keys_and_stays_so(open_page: Any) -> None:
    page = open_page("desk")
    width = "document.querySelector('.list').getBoundingClientRect().width"
    before = page.evaluate(width)
    page.locator("resize-pane").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate(width) == before + 16
    page.reload()
    assert page.evaluate(width) == before + 16


def test_times_stay_true_in_the_language_of_the_page(open_page: Any, chromium: Any) -> None:
    page = chromium.new_page()
    page.clock.install()
    serve(page, draw("components", language="pl"))
    page.clock.run_for("01:00:00")
    said = page.locator("tick-time time").all_text_contents()
    page.close()
    assert "3 godz. temu" in said
    assert "3 godz." in said


def test_a_toast_is_shown_and_read_out(open_page: Any) -> None:
    page = open_page("desk")
    page.evaluate("document.dispatchEvent(new CustomEvent('tresen:toast', {detail: {text: 'Taken by you'}}))")
    assert page.locator("#toasts .toast").inner_text() == "Taken by you"
    page.wait_for_function("document.getElementById('voice').textContent === 'Taken by you'")


def test_a_request_that_fails_says_so_and_leaves_the_page_as_it_is(open_page: Any) -> None:
    page = open_page("desk")
    page.evaluate(
        """() => { const form = document.querySelector('form.composer');
            form.setAttribute('hx-post', '/nowhere/'); htmx.process(form); }"""
    )
    with page.expect_response("**/nowhere/"):
        page.locator("[data-action=send]").click()
    toast = page.locator("#toasts .toast")
    toast.wait_for()
    assert "no longer there" in toast.inner_text()
    assert page.locator("#reply").input_value().startswith("Guten Tag")
