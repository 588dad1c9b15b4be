"""A running desk, set up as its first administrator would, and someone outside who writes to it."""

from __future__ import annotations

import itertools
import json
import re
import smtplib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.instance import Instance, model
from tests.once import once
from tests.outside import Sink, wait_for
from tests.visitor import Visitor

ADMIN, PASSWORD, MAILBOX = "ada@desk.example", "a quiet morning at the counter", "help@desk.example"
_numbers = itertools.count(1)


class RunningDesk:
    """An instance after its first run, with a token for its interface."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.token = ""

    def start(self) -> RunningDesk:
        """Starts an installation that was never touched, as it is after its first run."""
        self.token = (once("first", _make_first_desk) / "token").read_text()
        self.instance.copy("first", _make_first_desk).start()
        return self

    def set_up(self) -> RunningDesk:
        """Goes through the first-run page with the code from the console, and makes a token."""
        code = wait_for(lambda: re.search(r"with the code (\S+)", self.instance.log.read_text()), what="the code")
        visitor = Visitor(self.instance.url)
        visitor.get("/first-run/")
        page = visitor.fill(
            code=code.group(1), name="Ada Admin", email=ADMIN, brand="Lindhafen IT", letters="T", mailbox=MAILBOX,
            team="Service desk", password=PASSWORD, **self._repeat(visitor),
        )  # fmt: skip
        assert "/first-run/" not in page.url, page.text[:800]
        done = self.instance.cli("token", "create", "--agent", ADMIN, "--scopes", "read,write,admin")
        assert done.returncode == 0, done.stderr
        self.token = done.stdout.strip()
        return self

    def _repeat(self, visitor: Visitor) -> dict[str, str]:
        assert visitor.page
        names = [n.attributes.get("name") or "" for n in visitor.page.tree.css("input[type=password]")]
        return {name: PASSWORD for name in names if name != "password"}

    def signed_in(self) -> Visitor:
        """Ada's browser."""
        visitor = Visitor(self.instance.url)
        visitor.get("/sign-in/")
        visitor.fill(email=ADMIN, password=PASSWORD)
        return visitor

    def api(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """One call of the interface; status and decoded answer."""
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json", **headers}
        request = urllib.request.Request(f"{self.instance.url}/api/v1{path}", data=data, headers=headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as fault:
            return fault.code, json.loads(fault.read() or b"null")

    def tickets(self, query: str = "") -> list[dict[str, Any]]:
        """All tickets, newest first."""
        status, answer = self.api("GET", f"/tickets?limit=100{query}")
        assert status == 200, answer
        return list(answer["items"])

    def wait_ticket(self, subject: str) -> dict[str, Any]:
        """The ticket of that subject, once it is there."""
        found: dict[str, Any] = wait_for(
            lambda: next((t for t in self.tickets() if t["subject"] == subject), None), what=f"ticket {subject}"
        )
        return found

    def messages(self, number: str) -> list[dict[str, Any]]:
        """The messages of a ticket, oldest first."""
        status, answer = self.api("GET", f"/tickets/{number}/messages?limit=100")
        assert status == 200, answer
        return sorted(answer["items"], key=lambda m: m["id"])

    def send(self, raw: bytes, *, sender: str = "carol@shop.example", to: str = MAILBOX) -> None:
        """By SMTP, as the mail server in front would."""
        with smtplib.SMTP("127.0.0.1", self.instance.smtp_port, timeout=30) as server:
            server.sendmail(sender, [to], raw)


def _make_first_desk(folder: Path) -> None:
    """A desk that went through its first run; `token` beside its data holds its token."""
    desk = RunningDesk(model(folder, "first").start()).set_up()
    # Ten seconds to undo a reply would be waited for in each story; those about undoing need no real processes.
    admin = desk.signed_in()
    admin.get("/settings/mail/replies/")
    page = admin.fill("form.s-form", undo_seconds="0")
    assert page.status == 200, page.text[:800]
    desk.instance.stop()
    (folder / "token").write_text(desk.token)


def mail(
    text: str, *, subject: str, sender: str = "Carol Brandt <carol@shop.example>", to: str = MAILBOX, **headers: str
) -> bytes:
    """One plain mail with a Message-ID of its own."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", "Date: Mon, 16 Nov 2026 08:14:00 +0100"]
    lines += [f"Message-ID: {headers.pop('message_id', f'<{next(_numbers)}.story@shop.example>')}"]
    lines += [f"{name.replace('_', '-').title()}: {value}" for name, value in headers.items()]
    return ("\r\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "", text, ""])).encode()


@pytest.fixture
def running_desk(new_instance: Callable[..., Instance], sink: Sink, tmp_path: Path) -> RunningDesk:
    """A desk whose mail leaves through the outside's server."""
    lmtp = tmp_path / "lmtp.sock"
    instance = new_instance(TRESEN_SMTP_URL=sink.url, TRESEN_LISTEN_LMTP=f"unix:{lmtp}")
    return RunningDesk(instance).start()


@pytest.fixture(scope="module")
def outside() -> Iterator[Sink]:
    """The outside's mail server, for all tests of a module."""
    sink = Sink()
    yield sink
    sink.stop()


@pytest.fixture(scope="module")
def mail_desk(outside: Sink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    """A desk for a whole module: all ways in, the mailbox help@desk.example, mail leaves to the outside."""
    folder = tmp_path_factory.mktemp("desk")
    lmtp = f"unix:{folder / 'lmtp.sock'}"
    instance = Instance(folder, TRESEN_SMTP_URL=outside.url, TRESEN_LISTEN_LMTP=lmtp)
    yield RunningDesk(instance).start()
    instance.stop()
