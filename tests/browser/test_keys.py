"""The list by keyboard alone: through the rows, into the ticket and back; pages that come by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.sample_desk import SampleDesk
from tests.outside import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
WIDE, MIDDLE, PHONE = {"width": 1440, "height": 900}, {"width": 1000, "height": 800}, {"width": 360, "height": 780}
OPEN = "() => document.querySelector('#ticket')?.dataset.ticket ?? ''"
CURRENT = "() => document.querySelector('li.row[aria-current]')?.dataset.number ?? ''"
NUMBERS = "() => [...document.querySelectorAll('li.row')].map(row => row.dataset.number)"
FOCUS = "() => document.activeElement.closest('li.row')?.dataset.number ?? document.activeElement.id"
SHAPE = "() => document.querySelector('.desk').className.trim()"


@pytest.fixture
def desk(sample_desk: SampleDesk) -> SampleDesk:
    """The running sample desk."""
    return sample_desk


@pytest.fixture
def page(desk: SampleDesk, chromium: Any) -> Iterator[Any]:
    """The view of all tickets on a wide screen; at the end nothing may have been said against it."""
    opened = desk.page(chromium, "agent")
    opened.set_viewport_size(WIDE)
    opened.goto(f"{desk.url}/desk/views/all/?lang=en")
    opened.goto(f"{desk.url}/desk/views/all/")
    opened.wait_for_function("() => customElements.get('live-list') && matchMedia('(width >= 1200px)').matches")
    yield opened
    assert opened.complaints == []
    opened.close()


def opens(page: Any, number: str) -> None:
    """Waits until the ticket is open beside its list and the address says so."""
    page.wait_for_function(f"number => ({OPEN})() === number && location.pathname.includes(number)", arg=number)


def test_j_and_k_walk_through_the_rows_and_open_them(page: Any) -> None:
    numbers = page.evaluate(NUMBERS)
    for key, expected in (("j", 0), ("j", 1), ("j", 2), ("k", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        opens(page, numbers[expected])
        assert page.evaluate(CURRENT) == page.evaluate(FOCUS) == numbers[expected]
    assert page.evaluate(SHAPE) == "desk has-ticket"


def test_keys_pressed_fast_end_on_the_last_ticket(page: Any) -> None:
    numbers = page.evaluate(NUMBERS)
    for _ in range(6):
        page.keyboard.press("j")
    opens(page, numbers[5])
    assert page.evaluate(CURRENT) == numbers[5]


def test_the_next_ticket_is_there_before_it_is_asked_for(page: Any) -> None:
    numbers = page.evaluate(NUMBERS)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/desk/tickets/" in request.url else None)
    page.keyboard.press("j")
    opens(page, numbers[0])
    ready = "url => document.querySelector('live-list').ahead?.url.includes(url)"
    page.wait_for_function(ready, arg=numbers[1])
    before = sum(f"/tickets/{numbers[1]}/?" in url for url in asked)
    page.keyboard.press("j")
    opens(page, numbers[1])
    assert before == 1 == sum(f"/tickets/{numbers[1]}/?" in url for url in asked)
    assert page.locator("#ticket #timeline li").count() > 0


def test_a_row_that_was_opened_is_read(page: Any) -> None:
    row = page.locator("li.row.unread").first
    number = row.get_attribute("data-number")
    row.locator("a.subject").click()
    opens(page, number)
    assert "unread" not in page.get_attribute(f"li.row[data-number={number}]", "class")
    page.wait_for_load_state("networkidle")
    page.reload()
    assert "unread" not in page.get_attribute(f"li.row[data-number={number}]", "class")


def test_enter_goes_into_the_ticket_and_u_comes_back_to_its_row(page: Any) -> None:
    numbers = page.evaluate(NUMBERS)
    page.keyboard.press("j")
    opens(page, numbers[0])
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.id === 'ticket'")
    page.keyboard.press("u")
    page.wait_for_function(f"() => ({SHAPE})() === 'desk wide'")
    assert page.evaluate(FOCUS) == numbers[0]
    assert page.url.endswith("/desk/views/all/") and "All" in page.title()


def test_reload_back_and_forth_keep_their_place(page: Any) -> None:
    numbers = page.evaluate(NUMBERS)
    page.keyboard.press("j")
    opens(page, numbers[0])
    page.keyboard.press("j")
    opens(page, numbers[1])
    page.reload()
    assert (page.evaluate(OPEN), page.evaluate(CURRENT)) == (numbers[1], numbers[1])
    page.keyboard.press("u")
    page.wait_for_function(f"() => ({SHAPE})() === 'desk wide'")
    page.go_back()
    opens(page, numbers[1])
    page.go_back()
    page.wait_for_function(f"() => ({SHAPE})() === 'desk wide'")
    page.go_forward()
    opens(page, numbers[1])


def test_a_click_with_control_leaves_the_list_as_it_is(page: Any) -> None:
    with page.context.expect_page() as other:
        page.locator("a.subject").first.click(modifiers=["ControlOrMeta"])
    other.value.close()
    assert page.evaluate(SHAPE) == "desk wide"


def test_the_list_grows_while_one_scrolls(page: Any) -> None:
    first = page.evaluate(NUMBERS)
    page.eval_on_selector(".rows", "rows => { rows.scrollTop = rows.scrollHeight; }")
    page.wait_for_function(f"count => ({NUMBERS})().length > count", arg=len(first))
    longer = page.evaluate(NUMBERS)
    assert longer[: len(first)] == first and len(set(longer)) == len(longer)


def test_below_the_last_row_j_fetches_the_next_ones_and_goes_on_there(page: Any) -> None:
    count = len(page.evaluate(NUMBERS))
    page.set_viewport_size(MIDDLE)
    page.locator("a.subject").last.focus()
    page.keyboard.press("j")
    page.wait_for_function(f"count => ({FOCUS})() === ({NUMBERS})()[count]", arg=count)


@pytest.mark.parametrize("size", [MIDDLE, PHONE], ids=["middle", "phone"])
def test_on_a_narrow_screen_keys_walk_and_enter_goes_to_the_page(page: Any, size: dict[str, int]) -> None:
    numbers = page.evaluate(NUMBERS)
    page.set_viewport_size(size)
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(FOCUS) == numbers[1] and page.evaluate(SHAPE) == "desk wide"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/tickets/{numbers[1]}/**")
    assert not page.is_visible("#list") and page.is_visible("#ticket")
    page.keyboard.press("j")
    page.wait_for_url(f"**/desk/tickets/{numbers[2]}/**")
    page.keyboard.press("u")
    page.wait_for_url("**/desk/views/all/")


def test_the_search_box_is_a_slash_away_from_everywhere(page: Any, desk: SampleDesk) -> None:
    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.name") == "q"
    page.keyboard.type("vpn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/search/?q=vpn")
    assert page.locator(".row mark").first.inner_text().lower() == "vpn"
    page.goto(f"{desk.url}/desk/new/")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.wait_for_url("**/desk/search/")
    page.wait_for_function("() => document.activeElement.name === 'q'")


@pytest.mark.parametrize(
    ("letter", "path"),
    [("t", "/desk/views/mine/"), ("n", "/desk/new/"), ("c", "/desk/contacts/"), ("u", "/desk/views/unassigned/"),
     ("w", "/desk/views/waiting/"), ("o", "/desk/views/open/"), ("m", "/desk/views/mine/")],
)  # fmt: skip
def test_g_and_a_letter_go_to_an_area(page: Any, letter: str, path: str) -> None:
    page.keyboard.press("g")
    page.keyboard.press(letter)
    page.wait_for_url(f"**{path}")


def test_the_list_of_keys_names_every_key_of_the_table(page: Any) -> None:
    page.keyboard.press("?")
    page.wait_for_selector("#keys-help[open]")
    caps = "all => all.map(li => [...li.querySelectorAll('kbd')].map(cap => cap.textContent).join(' '))"
    told = page.eval_on_selector_all("#keys-help li", caps)
    table = page.evaluate("() => Object.keys(JSON.parse(document.querySelector('key-map script').textContent).keys)")
    assert sorted(told) == sorted(key.replace("Mod+", "Ctrl ").replace("Enter", "↵") for key in table)
    page.keyboard.press("Escape")
    page.wait_for_selector("#keys-help:not([open])", state="attached")


def test_what_others_do_gathers_behind_the_pill_and_nothing_moves(page: Any, desk: SampleDesk, chromium: Any) -> None:
    before = page.evaluate(NUMBERS)
    other = desk.page(chromium, "admin")
    other.goto(f"{desk.url}/desk/tickets/{before[3]}/")
    other.locator("#prop-priority").click()
    other.locator(".menu:visible .item[aria-pressed=false], .menu:visible .item:not([aria-pressed])").first.click()
    other.wait_for_load_state("networkidle")
    other.close()
    page.wait_for_selector(".pill-new:visible")
    assert page.inner_text(".pill-new").strip() == "1 new"
    assert page.evaluate(NUMBERS) == before
    page.click(".pill-new")
    page.wait_for_function(f"number => ({NUMBERS})()[0] === number", arg=before[3])
    assert not page.is_visible(".pill-new")


def test_a_change_on_the_open_ticket_shows_in_its_row(page: Any) -> None:
    number = page.evaluate(NUMBERS)[0]
    page.keyboard.press("j")
    opens(page, number)
    row = page.locator(f"li.row[data-number={number}]")
    was = row.locator(".prio").get_attribute("title")
    page.locator("#prop-priority").click()
    page.locator(".menu:visible .item:not([aria-pressed=true])").last.click()
    wait_for(lambda: row.locator(".prio").get_attribute("title") != was, what="the new priority in the row")
    assert row.get_attribute("aria-current") == "true"


def test_a_ticket_that_cannot_be_fetched_leaves_the_list_in_place(page: Any) -> None:
    page.route(re.compile(r"/desk/tickets/"), lambda route: route.abort())
    page.keyboard.press("j")
    page.wait_for_selector(".toast")
    page.wait_for_function(f"() => ({SHAPE})() === 'desk wide'")
    page.complaints.clear()


def test_keys_do_nothing_while_one_types(page: Any) -> None:
    page.focus("input[name=q]")
    page.keyboard.type("jku?g")
    assert page.input_value("input[name=q]") == "jku?g"
    assert page.evaluate(SHAPE) == "desk wide"


def test_a_leap_to_the_text_of_a_reply_loads_nothing_anew(page: Any) -> None:
    page.set_viewport_size(PHONE)
    page.goto(page.locator("li.row a.subject").first.evaluate("link => link.href"))
    page.evaluate("() => { window.same = true; }")
    page.click("#composer .stub")
    page.wait_for_function("() => location.hash === '#reply-text'")
    page.go_back()
    page.wait_for_function("() => location.hash === ''")
    assert page.evaluate("() => window.same")
