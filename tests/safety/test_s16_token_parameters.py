"""S16: whatever stands where a token should be, it never matches: 401 or 404 (P6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client

from tests.cast import Caller, Cast, make_cast
from tresen.core.people.models import ApiToken
from tresen.core.people.tokens import open_token
from tresen.core.tickets.links import mint_link, open_link
from tresen.core.tickets.models import TicketLink
from tresen.faces.api.limits import requests_of_tokens
from tresen.kit import clock
from tresen.kit.crypto import token_hash

WORDS = [
    "", " ", "null", "None", "[]", "{}", "0", "-1", "true", "false", "undefined", "NaN", "\0", "tsn_", "tsn_\0",
    "%00", "*", "%",
    "_" * 43, "tsn_" + "_" * 43, "tsn_" + "%" * 43, "' OR 1=1 --", "\u202e", "ł" * 43,
    "x" * 1_000_000, "tsn_" + "x" * 1_000_000,
]  # fmt: skip
VALUES = [None, [], {}, 0, 1, True, False, 1.5, b"", b"tsn_", ["tsn_"], {"token": "x"}]


# Of the right length: nothing but the table tells them from a link.
LONG_ENOUGH = [word for word in WORDS if 20 <= len(word) <= 100]


def _plant_token(cast: Cast, word: str) -> None:
    """A living token that a careless comparison would match; none where only the table can tell it from a token."""
    if word.startswith("tsn_") and len(word) in range(40, 101):
        return
    at = clock.now()
    ApiToken.objects.create(
        agent=cast.ada, name="planted", prefix=word[:10].replace("\0", ""), token_hash=token_hash(word),
        scopes=["read"], created_at=at, expires_at=at + timedelta(days=1),
    )  # fmt: skip


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    requests_of_tokens.forget()
    yield make_cast()


@pytest.mark.parametrize("word", WORDS, ids=range(len(WORDS)))
def test_s16_nothing_but_a_token_is_a_token(cast: Cast, word: str) -> None:
    cast.token(cast.ada)
    _plant_token(cast, word)
    header = word.encode().decode("latin-1")
    for value in (f"Bearer {header}", header, f"bearer  {header}", f"Bearer {header} {header}"):
        assert Caller(None).get("/tickets", authorization=value).status_code == 401
    assert open_token(word) is None


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
def test_s16_what_is_no_text_is_no_token(cast: Cast, value: object) -> None:
    cast.token(cast.ada)
    mint_link(cast.ticket(), cast.carol, by_mail=True)
    assert open_token(value) is None  # type: ignore[arg-type]
    assert open_link(value) is None  # type: ignore[arg-type]


def test_s16_a_stored_hash_or_prefix_opens_nothing(cast: Cast) -> None:
    cast.token(cast.ada)
    mint_link(cast.ticket(), cast.carol, by_mail=True)
    for word in (
        ApiToken.objects.get().token_hash,
        ApiToken.objects.get().prefix,
        "tsn_" + ApiToken.objects.get().token_hash,
    ):
        assert Caller(word).get("/tickets").status_code == 401
    assert open_link(TicketLink.objects.get().token_hash) is None
    assert Client().get(f"/t/{TicketLink.objects.get().token_hash}/").status_code == 404


@pytest.mark.parametrize("word", [w for w in WORDS if w.strip()], ids=lambda w: str(len(w)))
def test_s16_nothing_but_a_link_is_a_link(cast: Cast, word: str) -> None:
    ticket = cast.ticket("A subject that no random key of a form can spell")
    message = ticket.messages.get()
    mint_link(ticket, cast.carol, by_mail=True)
    if word not in LONG_ENOUGH:
        mint_link(ticket, cast.carol, by_mail=True, token=word)
    client = Client(raise_request_exception=False)
    here = f"/t/{quote(word, safe='')}/"
    answers = [client.get(here + rest) for rest in ("", f"messages/{message.pk}/frame/", f"files/{uuid4()}/")]
    answers += [client.post(here + rest, {"text": "x"}) for rest in ("answer/", "close/", "reopen/", "confirm/")]
    for answer in answers:
        assert answer.status_code == 404
        assert ticket.subject.encode() not in answer.content
    assert ticket.messages.count() == 1


def test_s16_a_link_cut_short_or_changed_is_dead(cast: Cast) -> None:
    token = mint_link(cast.ticket(), cast.carol, by_mail=True)
    client = Client()
    other = "A" if token[-1] != "A" else "B"
    for word in (token[:-1], token[1:], token + "A", token[:-1] + other, token.swapcase()):
        assert client.get(f"/t/{word}/").status_code == 404
