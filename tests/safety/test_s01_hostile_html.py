"""S1: mails full of scripts and beacons, opened as agent, as customer, in print, quoted in what leaves: nothing runs or
is fetched (P1)."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.flows.conftest import ADMIN, PASSWORD, RunningDesk
from tests.outside import Received, Sink, wait_for
from tests.safety.hostile_html import payloads

pytestmark = pytest.mark.browser
SEED = 20261122
MOST_ANSWERS = 40


class Canary:
    """A web server that must never be asked anything."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"


def _hostile(number: int, html: str) -> bytes:
    sender = f"x{number}@evil.example"
    return (
        f"From: X <{sender}>\r\nTo: help@desk.example\r\nSubject: hostile {number}\r\n"
        f"Message-ID: <hostile-{number}@evil.example>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"<p>harmless {number}</p>{html}\r\n"
    ).encode()


def test_s01_nothing_in_a_mail_runs_or_is_fetched(
    mail_desk: RunningDesk, outside: Sink, chromium: Any, full_size: bool
) -> None:
    # Within the 300 automatic mails that a mailbox sends in an hour, for each gives its reader a link.
    mails, each = (160, 2) if full_size else (6, 22)
    canary = Canary()
    made = list(payloads(mails * each, seed=SEED, canary=canary.url))
    for number in range(mails):
        html = "".join(made[number * each : (number + 1) * each])
        mail_desk.send(_hostile(number, html), sender=f"x{number}@evil.example")
    wait_for(lambda: len(outside.mails) >= mails, seconds=120, what="all acknowledgements")
    numbers = [t["number"] for t in _all(mail_desk) if t["subject"].startswith("hostile")]
    assert len(numbers) == mails
    answers = _answer_with_quotes(mail_desk, outside, numbers[:: max(1, mails // MOST_ANSWERS)])

    agent = _browser(chromium)
    _sign_in(agent, mail_desk)
    for number in numbers:
        _look(agent, f"{mail_desk.instance.url}/desk/tickets/{number}/")
        agent.emulate_media(media="print")
        agent.emulate_media(media="screen")
    customer = _browser(chromium)
    for received in outside.mails[:mails]:
        link = re.search(r"http://127\.0\.0\.1:\d+/t/[\w-]+/", received.text)
        assert link
        _look(customer, link.group())
    reader = _browser(chromium)
    for received in answers:
        reader.set_content(received.mail.get_body(("html",)).get_content(), wait_until="networkidle")
        assert "Quoted below" in reader.content() and "harmless" in reader.content()
    assert canary.asked == []
    for page in (agent, customer, reader):
        assert page.evaluate("window.top.name") == "", "a script of a mail has run"
        assert page.dialogs == []


def _answer_with_quotes(desk: RunningDesk, outside: Sink, numbers: list[str]) -> list[Received]:
    """Answers those tickets, with what was said before below the answer; the mails as they arrive."""
    admin = desk.signed_in()
    admin.get("/settings/mail/texts/")
    page = admin.fill("form.s-form", quotes_history="on", show=[])
    assert page.status == 200, page.text[:500]
    before = len(outside.mails)
    for number in numbers:
        body = {"kind": "reply", "body_text": "Quoted below."}
        assert desk.api("POST", f"/tickets/{number}/messages", body)[0] == 201
    wait_for(lambda: len(outside.mails) >= before + len(numbers), seconds=120, what="the answers")
    return outside.mails[before:]


def _all(desk: RunningDesk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        answer = desk.api("GET", f"/tickets?limit=100{cursor}")[1]
        found += answer["items"]
        if not answer["next"]:
            return found
        cursor = f"&cursor={answer['next']}"


def _browser(chromium: Any) -> Any:
    """A page in which every frame has a `hit()` that leaves its mark on the top window's name."""
    context = chromium.new_context()
    context.add_init_script("window.hit = () => { window.top.name = 'hit'; }; window.alert = window.hit;")
    page = context.new_page()
    page.dialogs = []
    page.on("dialog", lambda dialog: (page.dialogs.append(dialog.message), dialog.dismiss()))
    return page


def _sign_in(page: Any, desk: RunningDesk) -> None:
    page.goto(f"{desk.instance.url}/sign-in/")
    page.fill("input[type=email], input[name=email], input[name=username]", ADMIN)
    page.fill("input[type=password]", PASSWORD)
    page.click("main form button[type=submit], main form button:not([type])")
    page.wait_for_url("**/desk/**")


def _look(page: Any, url: str) -> None:
    """Opens a ticket and every message frame on it, and stays until they have loaded."""
    page.goto(url)
    for frame in page.query_selector_all("iframe"):
        frame.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert "harmless" in page.content() + "".join(f.content() for f in page.frames)
