"""The main job in real browsers: a mail comes in, an agent answers it by keyboard alone, the customer follows the link
of the mail and answers with a file, and the ball is with us again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.flows.conftest import ADMIN, PASSWORD, RunningDesk, mail
from tests.outside import Sink, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
PATIENCE_MS = 30_000
CAROL = "carol@shop.example"


@pytest.fixture
def agent(running_desk: RunningDesk, chromium: Any) -> Iterator[Any]:
    """A browser with the sign-in page open, nobody signed in; its pointer is never used."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{running_desk.instance.url}/sign-in/?next=/desk/views/all/")
    yield page
    context.close()


@pytest.fixture
def customer(running_desk: RunningDesk, chromium: Any) -> Iterator[Any]:
    """The browser of somebody who has no account."""
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="en")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def sign_in_by_keyboard(page: Any) -> None:
    """From the first field to the desk without a pointer."""
    page.wait_for_function("() => document.activeElement?.name === 'email'")
    page.keyboard.type(ADMIN)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/**")


def test_the_main_job_by_keyboard_and_by_link(running_desk: RunningDesk, sink: Sink, agent: Any, customer: Any) -> None:
    running_desk.send(mail("The VPN breaks every 20 minutes.", subject="VPN breaks", message_id="<first@shop.example>"))
    number = running_desk.wait_ticket("VPN breaks")["number"]
    sign_in_by_keyboard(agent)
    _answer_by_keyboard(agent, number)
    link = re.search(r"http://127\.0\.0\.1:\d+/t/[\w-]{20,}/", sink.wait(CAROL, count=2)[1].text)
    assert link, "the answer names no link"
    _answer_behind_the_link(customer, link.group())
    after = wait_for(
        lambda: (found := running_desk.wait_ticket("VPN breaks"))["ball"] == "us" and found, what="the ball with us"
    )
    assert after["status_category"] == "open"
    assert len(running_desk.tickets()) == 1
    agent.reload()
    agent.wait_for_selector("#timeline li:has-text('It broke at noon again.') >> text=noon.log")
    agent.wait_for_selector("#prop-status:has-text('Open')")


def _answer_by_keyboard(page: Any, number: str) -> None:
    page.wait_for_selector(f"li.row[data-number={number}]")
    page.wait_for_load_state("load")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_selector("#timeline li:has-text('The VPN breaks every 20 minutes.')")
    page.wait_for_selector("reply-composer:defined")
    page.keyboard.press("r")
    page.wait_for_function("() => document.activeElement.id === 'reply-text'")
    page.keyboard.type("Please restart the gateway.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#timeline li.reply:has-text('Please restart the gateway.')")
    page.wait_for_selector("#prop-status:has-text('Waiting')")
    wait_for(lambda: _says_sent(page), seconds=40, what="the word sent, by itself")


def _says_sent(page: Any) -> bool:
    reply = page.locator("#timeline li.reply", has_text="Please restart the gateway.")
    return bool(re.fullmatch("sent", reply.locator(".delivery").first.inner_text().strip(), re.IGNORECASE))


def _answer_behind_the_link(page: Any, link: str) -> None:
    page.goto(link)
    page.wait_for_selector("text=Please restart the gateway.")
    assert page.locator("text=The VPN breaks every 20 minutes.").count() > 0
    page.fill("textarea", "It broke at noon again.")
    page.set_input_files(
        "input[type=file]", [{"name": "noon.log", "mimeType": "text/plain", "buffer": b"12:00 tunnel down"}]
    )
    page.get_by_role("button", name="Send the message").click()
    page.wait_for_selector("text=Thank you, your message has arrived.")
    page.wait_for_selector("text=It broke at noon again.")
