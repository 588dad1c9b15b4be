"""`tresen admin create` and `tresen token`: a link or a token once, nothing of it again."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.flows.conftest import ADMIN, PASSWORD, RunningDesk
from tests.visitor import Visitor

pytestmark = pytest.mark.sqlite_only

NEW_PASSWORD = "a lantern over the harbour"


def _is_refused(ran: CompletedProcess[str], *words: str, code: int = 1) -> None:
    assert ran.returncode == code, (ran.returncode, ran.stdout, ran.stderr)
    assert "Traceback" not in ran.stderr and "Error: " in ran.stderr, ran.stderr
    assert all(word in ran.stderr for word in words), ran.stderr
    assert ran.stdout == ""


def _call(desk: RunningDesk, token: str, method: str, path: str, body: Any = None) -> int:
    request = urllib.request.Request(
        f"{desk.instance.url}/api/v1{path}", data=json.dumps(body).encode() if body else None, method=method,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )  # fmt: skip
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as fault:
        return fault.code


def _create(desk: RunningDesk, *more: str) -> str:
    ran = desk.instance.cli("token", "create", "--agent", ADMIN, *more)
    assert ran.returncode == 0, ran.stderr
    assert re.fullmatch(r"tsn_[\w-]{43}\n", ran.stdout), "alone on its line, for scripts"
    return ran.stdout.strip()


def _line_of(desk: RunningDesk, token: str) -> list[str]:
    """What `token list` says of one token: the words of its line."""
    ran = desk.instance.cli("token", "list")
    assert ran.returncode == 0, ran.stderr
    assert token not in ran.stdout, "the secret is never shown again"
    return next(line.split() for line in ran.stdout.splitlines() if token[:8] in line)


def test_a_new_administrator_gets_a_link_that_works_once(desk: RunningDesk) -> None:
    ran = desk.instance.cli("admin", "create", "--email", "eva@desk.example", "--name", "Eva Nowak")
    assert ran.returncode == 0, ran.stderr
    link = ran.stdout.strip()
    assert re.fullmatch(re.escape(desk.instance.url) + r"/invite/[\w.:-]{20,}/", link)
    visitor = Visitor(desk.instance.url)
    page = visitor.get(link)
    assert page.status == 200
    passwords = {n.attributes["name"] or "": NEW_PASSWORD for n in page.tree.css("input[type=password]")}
    page = visitor.fill("form:has(input[type=password])", **passwords)
    assert page.status == 200 and "/invite/" not in page.url, page.text[:500]
    again = Visitor(desk.instance.url).get(link)
    assert again.status in {404, 410} and not again.tree.css("input[type=password]")
    fresh = Visitor(desk.instance.url)
    fresh.get("/sign-in/")
    fresh.fill(email="eva@desk.example", password=NEW_PASSWORD)
    assert fresh.get("/settings/agents/").status == 200


def test_an_administrator_without_a_name_is_named_after_the_address(desk: RunningDesk) -> None:
    assert desk.instance.cli("admin", "create", "--email", "jan.kos@desk.example").returncode == 0
    status, agents = desk.api("GET", "/agents?limit=100")
    assert status == 200
    assert next(agent["name"] for agent in agents["items"] if agent["email"] == "jan.kos@desk.example").strip()


def test_an_address_is_taken_once_and_must_be_one(desk: RunningDesk) -> None:
    _is_refused(desk.instance.cli("admin", "create", "--email", ADMIN.upper()), "account already")
    for wrong in ("nobody", "a@", "a b@c.example", "a@b.example\nBcc: x@y.example"):
        _is_refused(desk.instance.cli("admin", "create", "--email", wrong), "not a mail address", code=2)
    visitor = Visitor(desk.instance.url)
    visitor.get("/sign-in/")
    visitor.fill(email=ADMIN, password=PASSWORD)
    assert visitor.get("/desk/").status == 200, "the account that is there is as it was"


def test_a_token_works_as_far_as_its_scopes(desk: RunningDesk) -> None:
    reader = _create(desk, "--scopes", "read", "--name", "nightly report", "--days", "3")
    assert _call(desk, reader, "GET", "/tickets") == 200
    assert _call(desk, reader, "POST", "/teams", {"name": "x"}) == 403
    line = _line_of(desk, reader)
    assert {"nightly", "report", "read"} <= set(line) and "until" in line
    admin = _create(desk, "--scopes", "read, write,admin")
    assert _call(desk, admin, "POST", "/teams", {"name": "made by a script"}) == 201


def test_a_revoked_token_is_dead_at_once(desk: RunningDesk) -> None:
    token, other = _create(desk), _create(desk)
    number = _line_of(desk, token)[0]
    assert _call(desk, token, "GET", "/tickets") == 200
    ran = desk.instance.cli("token", "revoke", number)
    assert (ran.returncode, ran.stdout.strip()) == (0, "revoked")
    assert _call(desk, token, "GET", "/tickets") == 401
    assert _call(desk, other, "GET", "/tickets") == 200
    assert "revoked" in _line_of(desk, token)
    assert desk.instance.cli("token", "revoke", number).returncode == 0, "twice is no harm"


def test_what_is_not_there_is_said(desk: RunningDesk) -> None:
    ran = desk.instance.cli("token", "revoke", "999999")
    assert ran.returncode == 1 and "999999" in ran.stderr and "tresen token list" in ran.stderr
    _is_refused(desk.instance.cli("token", "create", "--agent", "nobody@desk.example"), "nobody@desk.example")
    wrong = desk.instance.cli("token", "create", "--agent", ADMIN, "--scopes", "read,everything")
    _is_refused(wrong, "everything", "read, write and admin", code=2)


@pytest.mark.parametrize("words", [["token", "list"], ["admin", "create", "--email", "x@desk.example"]])
def test_no_secret_stands_in_the_log(desk: RunningDesk, words: list[str]) -> None:
    token = _create(desk)
    desk.instance.cli(*words)
    assert token not in desk.instance.log.read_text()
