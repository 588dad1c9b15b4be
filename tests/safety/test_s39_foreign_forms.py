"""S39: no other site makes a browser change anything here (P6)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import PASSWORD, Cast, make_cast
from tests.house.access import AREA_OF
from tests.safety.real_desk import make_real_desk
from tresen.core.people.models import Session
from tresen.spine.events.models import Event

FILLERS = {"int": "1", "uuid": str(UUID(int=1)), "str": "x", "slug": "x", "path": "x"}
# The interface knows no cookies (S45); everything else is for browsers.
NOT_FOR_BROWSERS = ("api/",)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Every address of the product, with something in place of what varies."""
    for pattern in patterns:
        own = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, own)
        elif not own.startswith(NOT_FOR_BROWSERS) and "(?" not in own:
            yield "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda m: FILLERS.get(m.group(1) or "str", "x"), own)


def strict(cast: Cast) -> Client:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(cast.ada.user)
    return client


# Writing, and the tables that keep that somebody was here; a visit takes nothing out of those either.
WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM|REPLACE INTO|TRUNCATE)\s+"?(\w+)', re.IGNORECASE)
PRESENCE = {"people_session", "people_apitoken", "limits_count"}
FOREIGN = [
    {},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Referer": "https://evil.example/"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=["bare", "foreign", "null", "referer"])
def test_s39_no_address_takes_a_form_from_elsewhere(cast: Cast, headers: dict[str, str]) -> None:
    client = strict(cast)
    found = sorted(set(addresses(get_resolver().url_patterns)))
    assert len(found) > 60
    before = Event.objects.count()
    taken = {
        path: code for path in found if (code := client.post(path, {"x": "1"}, headers=headers).status_code) != 403
    }
    assert {path: code for path, code in taken.items() if code not in {404, 405}} == {}
    assert Event.objects.count() == before


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/x-www-form-urlencoded"])
def test_s39_no_content_type_slips_by(cast: Cast, kind: str) -> None:
    client = strict(cast)
    body = '{"name": "evil", "x": "='
    assert client.post("/settings/tags/", body, content_type=kind).status_code == 403


def test_s39_nobody_is_signed_in_by_a_foreign_form(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    typed = {"email": "anna@lindhafen.example", "password": PASSWORD}
    for headers in FOREIGN:
        assert client.post("/sign-in/", typed, headers=headers).status_code == 403
    client.get("/sign-in/")
    stolen = "a" * 64
    assert client.post("/sign-in/", {**typed, "csrfmiddlewaretoken": stolen}).status_code == 403
    assert not Session.objects.filter(user=cast.anna.user).exists()


def test_s39_with_our_own_form_it_works(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.get("/sign-in/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    typed = {"email": "anna@lindhafen.example", "password": PASSWORD, "csrfmiddlewaretoken": token.group(1)}
    assert client.post("/sign-in/", typed).status_code == 302


def test_s39_looking_changes_nothing(db: None) -> None:
    """Every page, file and answer, with real objects in its address, by everybody who may open it: mail scanners and
    browsers look ahead."""
    desk = make_real_desk()
    guest, carol = Client(raise_request_exception=False), desk.customer()
    anna, ada = desk.cast.browser(desk.cast.anna), desk.cast.browser(desk.cast.ada)
    lookers = {
        "open": [guest, anna], "link": [guest, carol], "person": [anna, carol], "customer": [carol], "staff": [anna],
        "ticket": [anna, ada], "lead": [ada], "admin": [ada],
        "token": [Client(headers={"Authorization": f"Bearer {desk.cast.token(desk.cast.ada)}"})],
    }  # fmt: skip
    statuses = {
        name: min(_look(client, path) for client in lookers[AREA_OF[name]]) for name, path in desk.addresses.items()
    }
    nowhere = {name: status for name, status in statuses.items() if status not in {200, 302, 405}}
    assert len(nowhere) <= len(statuses) // 20, f"too few lead to real objects: {nowhere}"
    assert sum(status < 400 for status in statuses.values()) > 90


def _look(client: Client, path: str) -> int:
    """The status of a GET that has written nothing but that somebody was here."""
    written: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITES.match(sql)
        if found and (found[1] not in PRESENCE or sql.lstrip().startswith("DELETE")):
            written.append(sql[:200])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        answer = client.get(path)
        b"".join(answer) if answer.streaming else answer.content
    assert not written, (path, written)
    return int(answer.status_code)


def test_s39_the_refusal_says_what_to_do(cast: Cast) -> None:
    answer = strict(cast).post("/settings/tags/", {"name": "x"})
    assert answer.status_code == 403
    assert "<h1>" in answer.content.decode()
