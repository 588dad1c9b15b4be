"""The life of a token, below the interface."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from tests.cast import TEST, Cast
from tresen.core.people.models import ApiToken
from tresen.core.people.tokens import WrongScope, create_token, open_token, revoke_token, token_principal
from tresen.kit import clock
from tresen.spine.events.models import Event


def test_a_wider_scope_contains_the_narrower(cast: Cast) -> None:
    found = {}
    for scope in ("read", "write", "admin"):
        token = open_token(create_token(cast.ada, name="x", scopes=[scope], by=TEST))
        assert token
        found[scope] = set(token_principal(token).scopes)
    assert found == {"read": {"read"}, "write": {"read", "write"}, "admin": {"read", "write", "admin"}}


def test_a_token_speaks_with_the_rights_its_agent_has_now(cast: Cast) -> None:
    plain = create_token(cast.anna, name="x", scopes=["write"], by=TEST)
    token = open_token(plain)
    assert token
    first = token_principal(token)
    assert first.team_ids == {cast.netz.pk} and not first.is_admin
    cast.anna.teams.set([cast.orders])
    token = open_token(plain)
    assert token and token_principal(token).team_ids == {cast.orders.pk}


def test_its_use_is_noted_once_a_minute(cast: Cast) -> None:
    plain = create_token(cast.anna, name="x", by=TEST)
    at = clock.now()
    seen = []
    for seconds in (0, 30, 61):
        with time_machine.travel(at + timedelta(seconds=seconds), tick=False):
            assert open_token(plain)
            seen.append(ApiToken.objects.get().last_used_at)
    assert seen == [at, at, at + timedelta(seconds=61)]


def test_what_is_no_scope_and_no_life_is_refused(cast: Cast) -> None:
    with pytest.raises(WrongScope):
        create_token(cast.anna, name="x", scopes=["root"], by=TEST)
    with pytest.raises(ValueError):
        create_token(cast.anna, name="x", days=0, by=TEST)
    assert not ApiToken.objects.exists()


def test_making_and_withdrawing_are_events_without_the_token(cast: Cast) -> None:
    plain = create_token(cast.anna, name="export", scopes=["read"], by=TEST)
    token = ApiToken.objects.get()
    revoke_token(token, by=TEST)
    revoke_token(token, by=TEST)
    events = Event.objects.filter(stream_kind="apitoken")
    assert list(events.values_list("kind", flat=True)) == ["token.created", "token.revoked"]
    assert plain not in str(list(events.values()))
