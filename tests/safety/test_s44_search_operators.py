"""S44: whatever is written into a search, found, counted, faceted and suggested are readable rows alone (P4)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.cast import Cast, json, make_cast
from tresen.core.tickets.content import Content
from tresen.core.tickets.services import add_note
from tresen.faces.api.limits import requests_of_tokens
from tresen.spine.events.actors import Actor

MARKER = "zweihundertvier"
OPERATORS = (
    "internal:true", "org:*", "organisation:*", "organisation:%", "%", "_", "*", "requester:%", "requester:_*",
    "tag:%", "assignee:%", "team:*", "number:*", f"{MARKER[:5]}*", f"-{MARKER}", f"NOT (vpn OR -{MARKER})",
    "-vpn OR vpn",
    f"vpn | {MARKER}", f"'{MARKER[:4]}':*", "vpn & !x", "vpn <-> vpn", "(a|b)+", ".*", "^.{1,50}$", "[a-z]*",
    "is:unread OR -is:unread", "has:note", "created>1970-01-01", "created<9y", "status!=x", "priority>=1",
    "priority>=0", "team!=none OR team:none", "NEAR(vpn vpn)", "tokens:vpn", "search_index:vpn",
    "-(status:closed)", "\\", "()", "-",
)  # fmt: skip
BAD = (
    "internal:true", "status!=x", "priority>=0", "colour:red", "created<never", "team>1", "number:*", "(" * 20 + "x",
    "a1 " * 20, "x" * 501, "-" * 9 + "(" * 12 + "x", "priority>" + "9" * 400, "created:" + "1" * 400,
)  # fmt: skip


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    requests_of_tokens.forget()
    made = make_cast()
    hidden = made.ticket(f"{MARKER} secret", f"vpn {MARKER}", team=made.orders, requester=made.dave)
    add_note(hidden, by=Actor.agent(made.piotr), agent=made.piotr, content=Content(f"note {MARKER}"))
    made.ticket("VPN", "The VPN is down.")
    yield made


@pytest.mark.parametrize("line", OPERATORS, ids=range(len(OPERATORS)))
def test_s44_no_operator_reaches_a_ticket_of_another_team(cast: Cast, line: str) -> None:
    program, browser = cast.calls(cast.anna), cast.browser(cast.anna)
    began = time.process_time()
    for path in ("/search", "/tickets"):
        answer = program.get(f"{path}?query={quote(line)}")
        assert answer.status_code in {200, 400}
        body = json(answer)
        assert MARKER not in answer.content.decode().replace(quote(line), "").replace(line, "")
        if answer.status_code == 200:
            assert len(body["items"]) <= 1
            assert body.get("total", 0) <= 1
    shown = browser.get("/desk/search/", {"q": line})
    assert shown.status_code in {200, 400}
    assert f"{MARKER} secret" not in shown.content.decode()
    assert time.process_time() - began < 3


@pytest.mark.parametrize("line", BAD, ids=range(len(BAD)))
def test_s44_bad_syntax_is_told_within_a_second(cast: Cast, line: str) -> None:
    program = cast.calls(cast.anna)
    began = time.process_time()
    assert program.get(f"/tickets?query={quote(line)}").status_code == 400
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    "typed", ["", "t", "z", MARKER[:4], "requester:", f"tag:{MARKER[:4]}", "number:", "subject:z", "%", "*"]
)
def test_s44_suggestions_and_hits_come_from_readable_rows_alone(cast: Cast, typed: str) -> None:
    for extra in ({}, {"asked": "1"}):
        body = cast.browser(cast.anna).get("/desk/search/complete/", {"q": typed, **extra}).content.decode()
        assert f"{MARKER} secret" not in body and "zweihundertvier" not in body.replace(typed, "")
    own = cast.browser(cast.piotr).get("/desk/search/complete/", {"q": MARKER[:4]}).content.decode()
    assert f"{MARKER} secret" in own  # whoever may see it is told


def test_s44_counts_tell_nothing_of_what_is_hidden(cast: Cast) -> None:
    program: Any = cast.calls(cast.anna)
    for line in (MARKER, f"{MARKER[:6]}*", "requester:dave", f'"{MARKER} secret"', "team:orders", "has:note"):
        body = json(program.get(f"/search?query={quote(line)}"), 200)
        assert (body["items"], body["total"], body["more_than_total"]) == ([], 0, False), line


def test_s44_a_customer_is_suggested_nothing(cast: Cast) -> None:
    from tests.cast import PASSWORD
    from tresen.core.people.models import User

    user = User(email="carol@faehrholm.example", name="Carol")
    user.set_password(PASSWORD)
    user.save()
    cast.carol.user = user
    cast.carol.save()
    from django.test import Client

    client = Client()
    client.force_login(user)
    assert client.get("/desk/search/complete/", {"q": "as"}).status_code == 404
