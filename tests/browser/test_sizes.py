"""What travels over the wire, as a browser counts it: the desk's first load, and one change of ticket."""

from __future__ import annotations

import json
import random
import urllib.request
from typing import Any

import pytest

from tests.browser.sample_desk import SampleDesk

pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
FIRST_LOAD, CHANGE_OF_TICKET = 150_000, 15_000
MESSAGES, TEXT = 6, 2048
WORDS = (
    "since this morning tunnel warehouse gateway breaks every twenty minutes scanners lose what was typed "
    "somebody has to walk office enter once more restarting helps while certificate update driver "
    "colleague printer switch cable port please look whether our firewall blocks new address meanwhile "
    "work from laptop at home without trouble thanks "
).split()


class Wire:
    """Counts the bytes of a page's answers, headers and all, as they came over the wire; frames of mails apart."""

    def __init__(self, page: Any) -> None:
        self.addresses: dict[str, str] = {}
        self.bytes: dict[str, int] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)

    def total(self) -> int:
        """Bytes so far."""
        return sum(self.bytes.values())

    def _sent(self, event: dict[str, Any]) -> None:
        self.addresses[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        address = self.addresses.get(event["requestId"], "")
        if not address.startswith("data:") and "/html/" not in address:
            self.bytes[address] = self.bytes.get(address, 0) + int(event["encodedDataLength"])


def long_ticket(desk: SampleDesk) -> str:
    """The number of a new ticket with six messages of 2 KB each, in words that do not repeat as a whole."""
    admin = next(account["email"] for account in desk.accounts if account["role"] == "admin")
    token = desk.instance.cli("token", "create", "--agent", admin, "--scopes", "read,write,admin").stdout.strip()
    dice = random.Random(7)

    def text() -> str:
        return " ".join(dice.choice(WORDS) for _ in range(TEXT))[:TEXT]

    def post(path: str, content: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        body = json.dumps(content).encode()
        request = urllib.request.Request(f"{desk.url}/api/v1{path}", data=body, headers=headers, method="POST")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read())

    requester = {"name": "Gerda Gross", "email": "gerda.gross@new.example"}
    number = post("/tickets", {"subject": "A long story", "body_text": text(), "requester": requester})["number"]
    for turn in range(MESSAGES - 1):
        kind = "received" if turn % 2 else "note"
        post(f"/tickets/{number}/messages", {"kind": kind, "body_text": text()})
    return str(number)


def test_the_first_load_and_a_change_of_ticket_are_small(sample_desk: SampleDesk, chromium: Any) -> None:
    number = long_ticket(sample_desk)
    signed_in = sample_desk.page(chromium, "admin").context.storage_state()
    context = chromium.new_context(storage_state=signed_in, viewport={"width": 1440, "height": 900})
    try:
        page = context.new_page()
        wire = Wire(page)
        page.goto(f"{sample_desk.url}/desk/views/all/")
        page.wait_for_load_state("networkidle")
        first = wire.total()
        assert 20_000 < first < FIRST_LOAD, wire.bytes
        wire.bytes.clear()
        page.wait_for_selector(f"li.row[data-number={number}]")
        page.locator(f"li.row[data-number={number}] a").first.press("Enter")
        page.wait_for_selector(f"#ticket[data-ticket={number}] >> #timeline")
        page.wait_for_load_state("networkidle")
        assert page.locator("#timeline li.received, #timeline li.note").count() == MESSAGES
        assert 2_000 < wire.total() < CHANGE_OF_TICKET, wire.bytes
    finally:
        context.close()
