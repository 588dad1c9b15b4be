"""R28: bytes that break databases and terminals are stored as they came and shown with replacement marks (P15)."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from tests.flows.conftest import MAILBOX, RunningDesk
from tests.outside import wait_for

Make = Callable[[], bytes]
TEXT = b"Content-Type: text/plain; charset="
NAMED = b'--b\r\n\r\nafter\r\n--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="'
# Name → headers and body, and a word that a person must still be able to read.
ODD: dict[str, tuple[Make, str]] = {
    "NUL": (lambda: b"\r\nbefore \x00 after\r\n", "after"),
    "NUL in headers": (lambda: b"X-Nul: a\x00b\r\nCc: x\x00y@z.example\r\n\r\nafter\r\n", "after"),
    "lone surrogates": (lambda: TEXT + b"utf-8\r\n\r\nafter \xed\xa0\x80\xed\xbf\xbf\r\n", "after"),
    "surrogates of UTF-16": (lambda: TEXT + b"utf-16-le\r\n\r\n\x00\xd8" + "after".encode("utf-16-le"), "after"),
    "an unknown charset": (lambda: TEXT + b"klingon-1\r\n\r\nafter \xe4\xf6\r\n", "after äö"),
    "no charset can read it": (lambda: TEXT + b"utf-8\r\n\r\nafter \xff\xfe\x81\x8d\r\n", "after"),
    "a year that cannot be": (lambda: b"Date: Mon, 99 Foo 99999 99:99:99 +9999\r\n\r\nafter\r\n", "after"),
    "a date before the flood": (lambda: b"Date: Sat, 01 Jan 0001 00:00:00 -2359\r\n\r\nafter\r\n", "after"),
    "a line of a megabyte": (lambda: b"\r\nafter " + b"x" * 1_000_000 + b"\r\n", "after"),
    "8-bit headers": (lambda: b"To: \xc5\x81ukasz <l@z.example>, M\xfcller <m@z.example>\r\n\r\nafter\r\n", "after"),
    "control characters": (lambda: b"\r\nafter \x07\x08\x1b[31mred\x1b[0m \x7f\r\n", "after"),
    "directions turned around": (lambda: "\r\nafter \u202eecnad\u202c\r\n".encode(), "after"),
    "a name full of them": (
        lambda: b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + NAMED
        + b'a\x00\x07\xff.png"\r\n\r\nx\r\n--b--', "after",
    ),
}  # fmt: skip


def _mail(name: str, number: int) -> bytes:
    head = f"From: Odd <odd{number}@bytes.example>\r\nMessage-ID: <r28.{number}@bytes.example>\r\n"
    raw = head.encode() + f"Subject: r28 {name}".encode() + b" \x00\xff\xed\xa0\x80 end\r\n" + ODD[name][0]()
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"


def _texts(value: Any) -> str:
    """Every text in an answer, one after the other."""
    if isinstance(value, dict):
        return "\n".join(map(_texts, value.values()))
    return "\n".join(map(_texts, value)) if isinstance(value, list) else str(value)


@pytest.fixture(scope="module")
def tickets(mail_desk: RunningDesk) -> dict[str, dict[str, Any]]:
    """A ticket for each, whatever way in it took."""
    for number, name in enumerate(ODD):
        raw = _mail(name, number)
        if number % 2:
            mail_desk.send(raw, sender=f"odd{number}@bytes.example")
        else:
            done = mail_desk.instance.cli("mail", "receive", "--to", MAILBOX, "-", given=raw)
            assert done.returncode == 0, done.stderr

    def found() -> dict[str, dict[str, Any]] | None:
        by_name = {t["subject"].removeprefix("r28 ").partition(" \ufffd")[0]: t for t in mail_desk.tickets()}
        return by_name if by_name.keys() >= ODD.keys() else None

    arrived: dict[str, dict[str, Any]] = wait_for(found, seconds=90, every=1, what="a ticket for each")
    return arrived


@pytest.mark.parametrize("name", ODD)
def test_r28_it_is_shown_with_marks_for_what_cannot_be_shown(
    mail_desk: RunningDesk, tickets: dict[str, dict[str, Any]], name: str
) -> None:
    ticket = tickets[name]
    assert "\ufffd" in ticket["subject"] and ticket["subject"].endswith("end")
    messages = mail_desk.messages(ticket["number"])
    assert ODD[name][1] in messages[0]["body_text"]
    everything = _texts(messages) + _texts(ticket)
    bad = [c for c in everything if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    assert not bad, (name, bad[:5])


def test_r28_the_bytes_are_kept_as_they_came(mail_desk: RunningDesk, tickets: dict[str, dict[str, Any]]) -> None:
    browser = mail_desk.signed_in()
    for number, name in enumerate(ODD):
        message = mail_desk.messages(tickets[name]["number"])[0]
        page = browser.get(f"/desk/tickets/{tickets[name]['number']}/")
        assert page.status == 200 and "\x00" not in page.html and ODD[name][1] in page.text, name
        kept = browser.get(f"/desk/messages/{message['id']}/raw/").body
        assert kept == _mail(name, number), name


@pytest.mark.once
def test_r28_the_command_line_says_the_same(mail_desk: RunningDesk) -> None:
    for number, name in enumerate(ODD):
        done = mail_desk.instance.cli("mail", "parse", "-", given=_mail(name, number))
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
        assert ODD[name][1] in found["text"] and not re.search(r"[\x00-\x08\x0b-\x1f\ud800-\udfff]", _texts(found))
