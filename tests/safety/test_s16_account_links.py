"""S16, account links: a token that is empty, of another type or absurd matches nothing, not even a living link that a
fault or a thief has put there under just that value (P6)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.test import Client

from tests.cast import TEST, Cast, make_cast
from tresen.core.people.accounts import LinkDead, accept_invitation, invite_agent, is_first_run_code, open_invitation
from tresen.core.people.models import FirstRun, OneTimeLink
from tresen.kit import clock
from tresen.kit.crypto import token_hash

TOKEN_LIKE = "a" * 20
VALUES = (
    "",
    "null",
    "[]",
    "{}",
    "0",
    "true",
    "%00",
    "undefined",
    TOKEN_LIKE,
    "a" * 100_000,
    "..",
    "%2e%2e",
    "'--",
)
OBJECTS = ("", None, [], {}, 0, True, "\0", b"", "a" * 1_000_000)


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    agent = invite_agent(email="mira@lindhafen.example", name="Mira", by=TEST)
    # What a careless comparison would match: living links whose token is no token.
    absurd = {unquote(value) for value in VALUES} | {str(value) for value in OBJECTS}
    tomorrow = clock.now() + timedelta(days=1)
    for value in sorted(absurd - {TOKEN_LIKE}):
        OneTimeLink.objects.create(user=agent.user, token_hash=token_hash(value), expires_at=tomorrow)
    return cast


def test_s16_a_living_invitation_of_the_right_length_opens(cast: Cast) -> None:
    """The control: what is planted fails for its form alone."""
    link = OneTimeLink.objects.all()[0]
    OneTimeLink.objects.filter(pk=link.pk).update(token_hash=token_hash(TOKEN_LIKE))
    assert open_invitation(TOKEN_LIKE) == link
    assert Client().get(f"/invite/{TOKEN_LIKE}/").status_code == 200


@pytest.mark.parametrize("value", VALUES)
def test_s16_no_such_invitation_opens(cast: Cast, value: str) -> None:
    new = {"password": "neue-leitung-88", "again": "neue-leitung-88"}
    for answer in (Client().get(f"/invite/{value}/"), Client().post(f"/invite/{value}/", new)):
        assert answer.status_code in {401, 404}


@pytest.mark.parametrize("value", VALUES)
def test_s16_no_such_reset_link_opens(cast: Cast, value: str) -> None:
    for url in (
        f"/password/reset/MQ/{value}/",
        f"/password/reset/{value}/set-password/",
        f"/password/reset/{value}/x-y/",
    ):
        assert Client().get(url).status_code == 404, url[:80]


@pytest.mark.parametrize("value", OBJECTS)
def test_s16_the_services_take_no_such_token_either(cast: Cast, value: object) -> None:
    assert open_invitation(value) is None
    with pytest.raises(LinkDead):
        accept_invitation(value, password="neue-leitung-88")


@pytest.mark.parametrize("value", OBJECTS)
def test_s16_no_such_code_opens_the_first_run(db: None, value: object) -> None:
    FirstRun.objects.create(pk=1, code_hash="")
    assert not is_first_run_code(value)
    FirstRun.objects.update(code_hash=token_hash("x"))
    assert not is_first_run_code(value)
