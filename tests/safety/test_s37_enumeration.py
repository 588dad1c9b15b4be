"""S37: nobody learns from an answer, its work or its time whether an address has an account (P6).

Where times would be compared, the cause is: the same queries and the same hash work. `make test-full` takes the time.
"""

from __future__ import annotations

import re
import statistics
import time
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Cast, make_cast
from tresen.core.people.accounts import invite_agent
from tresen.core.people.models import User
from tresen.spine.limits.models import Count

KNOWN, UNKNOWN = "anna@lindhafen.example", "alma@lindhafen.example"


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    invite_agent(email="mira@lindhafen.example", name="Mira", by=TEST)
    User.objects.filter(email="piotr@lindhafen.example").update(is_active=False)
    return cast


def same(text: str, address: str) -> str:
    """The body without what differs from request to request: tokens, times, the address typed."""
    text = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"\w+"', "", text)
    return text.replace(address, "ADDRESS")


def answer(path: str, address: str, **more: str) -> tuple[int, str, list[str], int]:
    """Status, body, the shape of the queries, and how many hashes were made."""
    made = 0
    hasher = type(hashers.get_hasher("default"))
    encode = hasher.encode

    def counted(self: Any, *args: Any, **named: Any) -> str:
        nonlocal made
        made += 1
        return str(encode(self, *args, **named))

    Count.objects.all().delete()
    hasher.encode = counted  # type: ignore[method-assign]
    try:
        with CaptureQueriesContext(connection) as queries:
            found = Client().post(path, {"email": address, **more})
    finally:
        hasher.encode = encode  # type: ignore[method-assign]
    shapes = [re.sub(r"'[^']*'|\b\d+\b|\"s\d+_x\d+\"", "?", query["sql"])[:200] for query in queries]
    return found.status_code, same(found.content.decode(), address), shapes, made


@pytest.mark.parametrize("address", ["mira@lindhafen.example", "piotr@lindhafen.example", UNKNOWN])
def test_s37_a_failed_sign_in_tells_nothing(cast: Cast, address: str) -> None:
    status, text, queries, hashes = answer("/sign-in/", KNOWN, password="wrong")
    other = answer("/sign-in/", address, password="wrong")
    assert other == (status, text, queries, hashes)
    assert hashes == 1


@pytest.mark.parametrize("address", ["piotr@lindhafen.example", UNKNOWN])
def test_s37_asking_for_a_reset_tells_nothing(cast: Cast, address: str) -> None:
    known, other = answer("/password/forgotten/", KNOWN), answer("/password/forgotten/", address)
    assert known == other
    assert known[0] == 200


def test_s37_being_slowed_down_tells_nothing(cast: Cast) -> None:
    told = []
    for address in (KNOWN, UNKNOWN):
        client = Client()
        for _ in range(6):
            last = client.post("/sign-in/", {"email": address, "password": "wrong"})
        told.append((last.status_code, same(last.content.decode(), address)))
    assert told[0] == told[1]
    assert told[0][0] == 429


def test_s37_a_dead_link_of_a_known_account_is_one_of_nobody(cast: Cast) -> None:
    told = set()
    for uid in ("MQ", "OTk5OTk5", "Mg"):
        found = Client().get(f"/password/reset/{uid}/cabcde-0123456789abcdef0123456789abcdef/")
        told.add((found.status_code, same(found.content.decode(), "")))
    assert len(told) == 1
    invitations = {Client().get(f"/invite/{'x' * 43}{end}/").status_code for end in ("", "y")}
    assert invitations == {404}


@pytest.mark.full
def test_s37_the_medians_lie_within_five_per_cent(cast: Cast) -> None:
    times: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for _ in range(200):
        for address, found in times.items():
            Count.objects.all().delete()
            begun = time.perf_counter()
            Client().post("/sign-in/", {"email": address, "password": "wrong"})
            found.append(time.perf_counter() - begun)
    known, unknown = (statistics.median(found) for found in times.values())
    print(f"S37 sign-in: known {known * 1000:.1f} ms, unknown {unknown * 1000:.1f} ms")
    assert abs(known - unknown) / known < 0.05
