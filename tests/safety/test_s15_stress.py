"""S15: what is made to take for ever takes its time in proportion, or is shown as text; other mail goes on (P12)."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.flows.conftest import RunningDesk, mail
from tests.instance import PROGRAM
from tests.outside import wait_for

pytestmark = pytest.mark.once

CPU_SECONDS = 5.0


def _html(body: str) -> bytes:
    return b"Content-Type: text/html; charset=utf-8\n\n" + body.encode()


def _word(size: int) -> str:
    """Word's kind of HTML: conditional comments, styles, and spans in paragraphs without end."""
    span = "<p class=MsoNormal><o:p>word</o:p><![if !supportLists]><span style='mso-list:Ignore;font:7.0pt'>&nbsp;"
    return (
        f"<html xmlns:o='urn:o'><!--[if gte mso 9]><xml>{'<w:x/>' * 2000}</xml><![endif]-->{span * (size // len(span))}"
    )


STRESS: dict[str, Callable[[], bytes]] = {
    "a megabyte of quote marks": lambda: b"\n" + b">" * 1_000_000,
    "a megabyte of quoted lines": lambda: b"\n" + b"> " * 30 + b"\n" + b">\n" * 500_000,
    "100,000 lines that say wrote": lambda: b"\n" + b"On 1 Jan 2026 at 10:00 x wrote:\n" * 100_000,
    "wrote lines that never end": lambda: b"\n" + b"On Mon 1 Jan 2026 at 10:00 x " * 30_000,
    "Word's HTML": lambda: _html(_word(900_000)),
    "a link of 500 KB": lambda: _html(f"<a href='http://x.example/{'a' * 500_000}'>x</a>"),
    "a link of 500 KB in text": lambda: b"\nhttp://x.example/" + b"a/" * 250_000,
    "500 KB of nested div": lambda: _html("<div>" * 100_000 + "word"),
    "half of a tag": lambda: _html("word" + "<b " * 300_000),
    "open comments": lambda: _html("word" + "<!--" * 200_000),
    "styles": lambda: _html(f"<p style='{'color:red;' * 60_000}'>x</p>"),
    "addresses and colons": lambda: b"To: a@b.example " + b":" * 60_000 + b"\n\nx",
    "a subject of half words": lambda: b"Subject: " + b"=?utf-8?q?" * 900 + b"\n\nx",
    "signatures": lambda: b"\n" + b"-- \nx\n" * 150_000,
    "blank lines": lambda: b"\n" + b" \n" * 500_000 + b"x",
}  # fmt: skip


def _mail(name: str) -> bytes:
    head = f"From: p@evil.example\nTo: help@desk.example\nSubject: {name}\nMessage-ID: <{name[:5].strip()}@evil>\n"
    return head.encode() + STRESS[name]()


def _parsed(files: list[Path]) -> tuple[list[dict[str, Any]], float]:
    """What the command line says of these files, and the processor seconds it took with its box."""
    before = os.times()
    done = subprocess.run(
        [PROGRAM, "mail", "parse", "--lines"], input="\n".join(map(str, files)).encode(), capture_output=True,
        timeout=300, check=False,
    )  # fmt: skip
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return [json.loads(line) for line in done.stdout.splitlines()], used


def test_s15_each_is_answered_in_proportion(tmp_path: Path, full_size: bool, record_property: Any) -> None:
    files = []
    for number, name in enumerate(STRESS):
        files.append(tmp_path / f"{number}.eml")
        files[-1].write_bytes(_mail(name))
    # Reduced: all of them together in the time that one may take, several times over.
    for some in [[file] for file in files] if full_size else [files]:
        answers, used = _parsed(some)
        assert len(answers) == len(some)
        for answer in answers:
            assert "error" not in answer and answer["unreadable"] is None, answer["warnings"]
            assert answer["text"].strip(), answer["subject"]
            assert answer["html"] is not None or answer["html_source"] is None or answer["warnings"]
        assert used < CPU_SECONDS * max(1, len(some) / 2), [answer["subject"] for answer in answers]
        record_property(f"CPU s, {answers[0]['subject'] if len(some) == 1 else 'all'}", f"{used:.1f}")


def test_s15_four_times_as_much_takes_about_four_times_as_long(tmp_path: Path, full_size: bool) -> None:
    """Asked of the three shapes that naive patterns are slow on; a square would take sixteen times as long."""
    size = 400_000 if full_size else 100_000
    shapes = (b">", b"On Mon 1 Jan 2026 at 10:00 x ", b"a@b.example wrote:\n")
    for shape in shapes:
        times = []
        for count in (size, 4 * size):
            file = tmp_path / "x.eml"
            file.write_bytes(b"Subject: x\n\n" + (shape * (count // len(shape) + 1))[:count])
            times.append(_parsed([file])[1])
        assert times[1] < 6 * times[0] + 1.0, (shape, times)


def test_s15_other_mail_goes_on(mail_desk: RunningDesk) -> None:
    for number, name in enumerate(STRESS):
        mail_desk.send(_mail(name).replace(b"\n", b"\r\n"), sender=f"p{number}@evil.example")
        mail_desk.send(mail("Fine.", subject=f"s15 fine {number}", sender=f"f{number}@shop.example"))
    wanted = {f"s15 fine {number}" for number in range(len(STRESS))}
    wait_for(
        lambda: wanted <= {ticket["subject"] for ticket in mail_desk.tickets()}, seconds=120, every=1,
        what="the other mail",
    )  # fmt: skip
    done = mail_desk.instance.cli("mail", "ledger")
    assert done.returncode == 0, done.stdout + done.stderr
