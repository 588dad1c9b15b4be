"""S33: who a mail is from is the address that really stands there, or nobody; never another person (P2)."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.flows.conftest import RunningDesk
from tests.instance import PROGRAM
from tests.safety.mail_desk import wait_until_read

pytestmark = pytest.mark.once

VICTIM, EVIL = "chief@bank.example", "evil@x.example"
# What stands in the From line → the addresses it may be taken for. None is always allowed: such a mail is nobody's.
FORMS: dict[str, set[str]] = {
    # names that look like addresses
    f'"{VICTIM}" <{EVIL}>': {EVIL},
    f"{VICTIM} <{EVIL}>": {EVIL},
    f'"Chief <{VICTIM}>" <{EVIL}>': {EVIL},
    f'"<{VICTIM}>, " <{EVIL}>': {EVIL},
    f"'{VICTIM}' <{EVIL}>": {EVIL},
    f"{EVIL} <{VICTIM}>": {VICTIM},
    # encoded words that look like addresses
    "=?utf-8?q?chief=40bank.example?= <evil@x.example>": {EVIL},
    "=?utf-8?b?Y2hpZWZAYmFuay5leGFtcGxl?= <evil@x.example>": {EVIL},
    "=?utf-8?q?=3Cchief=40bank.example=3E=2C?= <evil@x.example>": {EVIL},
    "=?utf-8?q?chief=40bank.example?=": set(),
    "=?utf-8?q?=22chief=40bank.example=22_?=<evil@x.example>": {EVIL},
    # comments, and what is left when they are closed wrongly (CVE-2023-27043 and its kin)
    f"({VICTIM}) {EVIL}": {EVIL},
    f"{EVIL} ({VICTIM})": {EVIL},
    f"{VICTIM}){EVIL}": set(),
    f"{VICTIM}(<{EVIL}>": {VICTIM},
    f"<{EVIL}(>{VICTIM})": set(),
    f"{VICTIM}<{EVIL}>": {EVIL},
    f"<{VICTIM}>{EVIL}": set(),
    f"<{VICTIM}><{EVIL}>": set(),
    f"{VICTIM}\"<{EVIL}>": {EVIL},
    f"{VICTIM}[<{EVIL}>": {EVIL},
    f"{VICTIM}\\<{EVIL}>": {EVIL},
    f"{VICTIM}@{EVIL}": set(),
    f"{EVIL}@{VICTIM}": set(),
    f'"{VICTIM}"@x.example': {f'"{VICTIM}"@x.example'},
    # groups
    f"{VICTIM}: {EVIL};": set(),
    f"Board: {EVIL};": {EVIL},
    f"Board: {EVIL}, {VICTIM};": set(),
    f"undisclosed: ; {EVIL}": {EVIL},
    # two senders
    f"{EVIL}, {VICTIM}": set(),
    f"<{VICTIM}>, <{EVIL}>": set(),
    # routes, blanks, line ends, control characters
    f"<@{VICTIM.split('@')[1]}:{EVIL}>": {EVIL},
    f"<{EVIL}\r\n\t{VICTIM}>": set(),
    f"<{VICTIM}\x00{EVIL}>": set(),
    f"<{VICTIM}\u200b@x.example>": set(),
    # homographs and look-alikes are other people
    "chief@bаnk.example": {"chief@xn--bnk-6cd.example"},
    "chief@bank\u3002example": set(),
    "ｃhief@bank.example": {"ｃhief@bank.example"},
    "chief@bank.example.evil.example": {"chief@bank.example.evil.example"},
    "chief@bank-example": {"chief@bank-example"},
    "chief+x@bank.example": {"chief+x@bank.example"},
}  # fmt: skip


def _raw(form: str, subject: str) -> bytes:
    return f"From: {form}\r\nTo: help@desk.example\r\nSubject: {subject}\r\n\r\nPlease send me the money.\r\n".encode()


def _parse(files: list[Path]) -> list[dict[str, Any]]:
    done = subprocess.run(
        [PROGRAM, "mail", "parse", "--lines"], input="\n".join(map(str, files)).encode(), capture_output=True,
        timeout=120, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_s33_the_sender_is_the_real_address_or_nobody(tmp_path: Path) -> None:
    files = []
    for number, form in enumerate(FORMS):
        files.append(tmp_path / f"{number}.eml")
        files[-1].write_bytes(_raw(form, f"s33 {number}"))
    for (form, allowed), found in zip(FORMS.items(), _parse(files), strict=True):
        assert found["sender"]["address"] in allowed | {""}, (form, found["sender"])
        if len(allowed) == 1 and "\x00" not in form:
            assert found["sender"]["address"], f"{form} names one real address"


def test_s33_two_from_lines_are_nobody(tmp_path: Path) -> None:
    file = tmp_path / "two.eml"
    file.write_bytes(f"From: {EVIL}\nFrom: {VICTIM}\n\nx".encode())
    assert _parse([file])[0]["sender"]["source"] == "none"


def test_s33_nobody_speaks_in_the_victims_name(mail_desk: RunningDesk) -> None:
    forged = [form for form, allowed in FORMS.items() if VICTIM not in allowed and "\x00" not in form]
    for number, form in enumerate(forged):
        mail_desk.send(_raw(form, f"s33 {number}"), sender=f"bounce{number}@x.example")
    wanted = {f"s33 {number}" for number in range(len(forged))}

    def arrived() -> dict[str, Any]:
        return {t["subject"]: t for t in mail_desk.tickets() if t["subject"] in wanted}

    wait_until_read(mail_desk, seconds=90)
    tickets = arrived()
    assert len(tickets) >= len(forged) - 22, "twenty an hour are taken in from one address, the others are set aside"
    for ticket in tickets.values():
        assert ticket["requester"]["email"] != VICTIM, (forged[int(ticket["subject"].split()[1])], ticket["requester"])
