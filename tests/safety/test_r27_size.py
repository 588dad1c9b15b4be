"""R27: a large mail is taken in with little memory; one beyond the limit is recorded with its headers, and a sender
whose address is confirmed hears of it once (P15)."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.conftest import MAILBOX, RunningDesk, mail
from tests.instance import PROGRAM
from tests.outside import Dovecot, Sink, wait_for
from tests.visitor import Visitor

pytestmark = pytest.mark.once

MEGABYTE = 1024 * 1024
MOST_MEMORY = 512 * MEGABYTE
CAROL = "carol@shop.example"
PARTS = '"b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nThe film is attached.\r\n--b\r\nContent-Type: video/mp4\r\n'


def _large(size: int, *, subject: str, sender: str = CAROL) -> bytes:
    """A mail with a file of that many bytes."""
    head = mail("", subject=subject, sender=sender).partition(b"Content-Type:")[0]
    head += f"Content-Type: multipart/mixed; boundary={PARTS}".encode()
    head += b'Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename="film.mp4"\r\n\r\n'
    return head + base64.encodebytes(os.urandom(size)).replace(b"\n", b"\r\n") + b"--b--\r\n"


def _most_memory(root: int) -> int:
    """The most bytes that any process below (and with) this one ever held."""
    parents, peaks = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            lines = dict(line.split(":\t", 1) for line in (folder / "status").read_text().splitlines() if ":\t" in line)
        except OSError:
            continue
        parents[int(folder.name)] = int(lines["PPid"])
        peaks[int(folder.name)] = int(lines.get("VmHWM", "0 kB").split()[0]) * 1024
    family = {root}
    while more := {pid for pid, parent in parents.items() if parent in family} - family:
        family |= more
    return max(peaks.get(pid, 0) for pid in family)


@pytest.fixture(scope="module")
def desk(mail_desk: RunningDesk) -> Iterator[RunningDesk]:
    yield mail_desk
    assert mail_desk.instance.cli("mail", "ledger").returncode == 0


def test_r27_within_the_limit_it_is_kept_in_little_memory(
    desk: RunningDesk, full_size: bool, record_property: Any
) -> None:
    for size in (25 * MEGABYTE, 26 * MEGABYTE) if full_size else (3 * MEGABYTE,):
        subject = f"r27 {size // MEGABYTE} MB"
        desk.send(_large(size, subject=subject))
        ticket = desk.wait_ticket(subject)
        message = desk.messages(ticket["number"])[0]
        assert "The film is attached." in message["body_text"]
        assert [(file["filename"], file["size"]) for file in message["attachments"]] == [("film.mp4", size)]
    assert desk.instance.process
    peak = _most_memory(desk.instance.process.pid)
    record_property("RSS MB, all ways in", f"{peak / MEGABYTE:.0f}")
    assert peak < MOST_MEMORY


MEASURED = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""


def test_r27_the_command_line_reads_it_in_little_time_and_memory(
    tmp_path: Path, full_size: bool, record_property: Any
) -> None:
    file = tmp_path / "large.eml"
    file.write_bytes(_large(25 * MEGABYTE if full_size else 3 * MEGABYTE, subject="large"))
    began = time.monotonic()
    # A child begins with the peak of whoever starts it, so a small process stands between the tests and the program.
    command = [sys.executable, "-c", MEASURED, PROGRAM, "mail", "parse", str(file)]
    done = subprocess.run(command, capture_output=True, check=True)
    took = time.monotonic() - began
    peak = int(done.stderr.split()[-1]) * 1024
    assert json.loads(done.stdout)["attachments"][0]["filename"] == "film.mp4"
    record_property("parse s, RSS MB", f"{took:.1f}, {peak / MEGABYTE:.0f}")
    assert peak < MOST_MEMORY
    assert not full_size or took < 3.0


def test_r27_beyond_the_limit_the_door_says_so_and_counts_it(desk: RunningDesk, full_size: bool) -> None:
    before = _refused(desk)
    size = (100 if full_size else 37) * MEGABYTE
    done = desk.instance.cli("mail", "receive", "--to", MAILBOX, "-", given=_large(size * 3 // 4, subject="huge"))
    assert done.returncode == 1 and "36 MB" in done.stderr
    assert _refused(desk) == before + 1


def _refused(desk: RunningDesk) -> int:
    words = desk.instance.cli("mail", "ledger").stdout.partition("refused at the door, size: ")[2]
    return int(words.split()[0]) if words else 0


@pytest.mark.imap
def test_r27_what_another_server_took_is_recorded_and_its_sender_hears_of_it_once(
    desk: RunningDesk, outside: Sink, dovecot: Dovecot, full_size: bool
) -> None:
    admin = desk.signed_in()
    _confirmed(desk, outside)
    admin.get("/settings/mailboxes/")
    admin.get(admin.page.link(MAILBOX) if admin.page else "")
    page = admin.fill(
        "form.s-form", incoming="imap", imap_host="127.0.0.1", imap_port=str(dovecot.port), imap_security="plain",
        imap_user="r27", imap_password=dovecot.password,
    )  # fmt: skip
    assert page.status == 200 and "Saved" in page.text, page.text[:800]
    for size in (50, 100) if full_size else (37,):
        dovecot.deliver("r27", _large(size * MEGABYTE * 3 // 4, subject=f"r27 huge {size}"))
    dovecot.deliver("r27", _large(28 * MEGABYTE, subject="r27 of a stranger", sender="dave@evil.example"))
    dovecot.deliver("r27", mail("Small.", subject="r27 small"))
    desk.instance.cli("mail", "fetch")
    desk.wait_ticket("r27 small")
    wait_for(lambda: "Your mail was too large" in _subjects(outside, CAROL), seconds=60, what="word of it")
    held = wait_for(lambda: _held(admin), seconds=60, what="both in the ledger")
    assert CAROL in held
    told = _subjects(outside, CAROL).count("Your mail was too large")
    assert 1 <= told <= (2 if full_size else 1), "once for each, as far as the caps of automatic mail go"
    assert _subjects(outside, "dave@evil.example") == []
    assert desk.instance.process
    assert _most_memory(desk.instance.process.pid) < MOST_MEMORY


def _held(admin: Visitor) -> str:
    """The ledger's page, once both mails that were too large stand in it."""
    text = admin.get("/settings/mail/ledger/").text
    return text if "r27 huge" in text and "r27 of a stranger" in text else ""


def _subjects(outside: Sink, address: str) -> list[str]:
    return [str(received.mail["Subject"]) for received in outside.to(address)]


def _confirmed(desk: RunningDesk, outside: Sink) -> None:
    """Carol answers a mail of ours, so she has read it at her address."""
    if not outside.to(CAROL):
        desk.send(mail("Hello.", subject="r27 hello"))
    ours = outside.wait(CAROL)[0].mail
    number = ours["Subject"].partition("[#")[2].rstrip("]")
    desk.send(mail("Thanks.", subject="Re: your mail", in_reply_to=ours["Message-ID"]))
    wait_for(lambda: len(desk.messages(number)) == 2, what="her answer")
