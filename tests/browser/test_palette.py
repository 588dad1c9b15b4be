"""The palette and the keys in a browser: every action of the table is done by its key and by its name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override

from tests.browser.sample_desk import SampleDesk
from tresen.kit.actions import Action, all_actions

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]

# What an action uses is noted instead of used: an element with its name, the event for scripts, or an address.
WATCH = """() => {
  window.used = [];
  const note = (name) => { window.used.push(name); };
  HTMLElement.prototype.click = function () { note(this.dataset.action ?? "?"); };
  HTMLElement.prototype.focus = function () { if (this.dataset.action) note(this.dataset.action); };
  HTMLDialogElement.prototype.showModal = function () { note(this.id === "keys-help" ? "keys" : "palette"); };
  const send = document.dispatchEvent.bind(document);
  document.dispatchEvent = (event) => event.type.startsWith("key:") ? (note(event.type.slice(4)), false) : send(event);
}"""
# A stand-in for an element that the state of this ticket does not show (nothing to undo, nothing to wake).
STAND_IN = """name => {
  if (document.querySelector("key-map").finds(name)) return;
  const button = document.createElement("button");
  button.dataset.action = name;
  button.textContent = name;
  document.querySelector("#ticket .t-head").append(button);
}"""


@pytest.fixture
def page(sample_desk: SampleDesk, chromium: Any) -> Iterator[Any]:
    """A ticket beside its list on a wide screen, for one who may do everything."""
    opened = sample_desk.page(chromium, "admin")
    sample_desk.speak(opened, "en")
    opened.set_viewport_size({"width": 1440, "height": 900})
    opened.goto(f"{sample_desk.ticket('VPN bricht seit dem Update')}?view=all")
    opened.wait_for_function("() => customElements.get('command-palette') && customElements.get('live-list')")
    yield opened
    assert opened.complaints == []
    opened.close()


def press(page: Any, key: str) -> None:
    """A key of the table, on the page itself."""
    page.evaluate("() => document.activeElement?.blur()")
    for part in [key] if len(key) == 1 else key.split(" "):
        page.keyboard.press(part.replace("Mod+", "Control+"))


def find(page: Any, words: str) -> None:
    """Opens the palette, types, and waits for the answer to just that."""
    page.keyboard.press("Control+k")
    page.wait_for_selector(".palette[open]")
    with page.expect_response(lambda answer: "/desk/palette/?q=" in answer.url and answer.url.split("q=")[1][0] != "&"):
        page.keyboard.type(words)
    page.wait_for_selector("#palette-found [role=option]")


def test_every_action_of_the_table_is_done_by_its_key(page: Any) -> None:
    page.evaluate(WATCH)
    unused = []
    for action in all_actions():
        if not action.key:
            continue
        if not action.heard and not action.url:
            page.evaluate(STAND_IN, action.name)
        page.evaluate("() => { window.used.length = 0; }")
        press(page, action.key)
        if action.name not in " ".join(page.evaluate("() => window.used")).split():
            unused.append(f"{action.name} ({action.key})")
    assert unused == []


def test_every_action_of_the_table_is_found_by_its_name(page: Any) -> None:
    with override("en"):
        wanted: list[tuple[Action, str]] = [(a, str(a.label)) for a in all_actions() if a.name != "palette"]
    page.keyboard.press("Control+k")
    lost = page.evaluate(
        """async ([wanted, at]) => {
          const palette = document.querySelector("command-palette");
          const lost = [];
          for (const [name, label] of wanted) {
            palette.input.value = label;
            const query = new URLSearchParams({ q: label, at });
            const answer = await (await fetch(`${palette.dataset.url}?${query}`)).text();
            const found = new DOMParser().parseFromString(answer, "text/html");
            if (!found.querySelector(`[data-run="${name}"]`)) lost.push(label);
          }
          return lost;
        }""",
        [[[action.name, label] for action, label in wanted], " ".join({a.where.name for a in all_actions()})],
    )
    assert lost == []


def test_an_action_is_found_and_done_and_then_stands_first(page: Any) -> None:
    find(page, "change the pri")
    page.keyboard.press("Enter")
    page.wait_for_selector("details[open] > #prop-priority")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette-found [role=option]")
    assert page.inner_text("#palette-found [role=option] >> nth=0").startswith("Change the priority")


def test_a_ticket_is_reached_by_the_beginning_of_its_number(page: Any) -> None:
    number = page.locator("li.row").nth(3).get_attribute("data-number")
    find(page, number[1:])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/tickets/{number}/")


def test_arrows_choose_and_escape_gives_the_focus_back(page: Any) -> None:
    page.focus("#reply-text")
    find(page, "an")
    active = "() => document.activeElement.getAttribute('aria-activedescendant')"
    first = page.evaluate(active)
    page.keyboard.press("ArrowDown")
    second = page.evaluate(active)
    assert second != first and page.get_attribute(f"#{second}", "aria-selected") == "true"
    page.keyboard.press("ArrowUp")
    assert page.evaluate(active) == first
    page.keyboard.press("ArrowUp")
    assert page.evaluate(active) not in {first, second}
    page.keyboard.press("Escape")
    assert page.evaluate("() => document.activeElement.id") == "reply-text"
    assert not page.is_visible(".palette")


def test_enter_waits_for_the_answer_to_what_was_typed(page: Any) -> None:
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette-found [role=option]")
    page.keyboard.type("change the tags")
    page.keyboard.press("Enter")
    page.wait_for_selector("details[open] > #prop-tags")


def test_a_status_is_set_from_the_palette(page: Any) -> None:
    was = page.inner_text("#prop-status")
    find(page, "status on hold")
    page.keyboard.press("Enter")
    page.wait_for_function("was => document.querySelector('#prop-status').innerText !== was", arg=was)
    find(page, "status open")
    page.keyboard.press("Enter")
    page.wait_for_function("was => document.querySelector('#prop-status').innerText === was", arg=was)


def test_a_key_is_changed_by_pressing_it(page: Any, sample_desk: SampleDesk) -> None:
    page.goto(f"{sample_desk.url}/me/keys/")
    page.focus("#id_key-reply")
    page.keyboard.press("b")
    page.focus("#id_key-note")
    page.keyboard.press("Backspace")
    page.keyboard.press("q")
    page.keyboard.press("w")
    page.focus("#id_key-tags")
    page.keyboard.press("Control+b")
    assert [page.input_value(f"#id_key-{name}") for name in ("reply", "note", "tags")] == ["b", "q w", "Ctrl+b"]
    with page.expect_navigation():
        page.click(".own-keys .primary")
    page.goto(sample_desk.ticket("VPN bricht seit dem Update"))
    page.wait_for_function("() => customElements.get('key-map')")
    press(page, "q w")
    assert page.is_checked("#composer input[value=note]")
    press(page, "b")
    assert page.is_checked("#composer input[value=reply]")
    press(page, "Mod+b")
    page.wait_for_selector("details[open] > #prop-tags")
    page.goto(f"{sample_desk.url}/me/keys/")
    with page.expect_navigation():
        page.click("button[name=reset]")


def test_a_finger_opens_it_from_the_rail(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 780})
    page.click(".rail [data-palette]")
    page.wait_for_selector("#palette-found [role=option]")
    page.click(".palette .close")
    assert not page.is_visible(".palette")
