"""S16, account links: a token that is empty, of another type or absurd matches nothing (P6)."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import TEST, Cast, make_cast
from tresen.core.people.accounts import LinkDead, accept_invitation, invite_agent, is_first_run_code, open_invitation
from tresen.core.people.models import FirstRun, OneTimeLink
from tresen.kit import clock
from tresen.kit.crypto import token_hash

VALUES = ("", "null", "[]", "{}", "0", "true", "%00", "undefined", "a" * 20, "a" * 100_000, "..", "%2e%2e", "'--")
OBJECTS = ("", None, [], {}, 0, True, "\0", b"", "a" * 1_000_000)


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_cast()
    agent = invite_agent(email="mira@lindhafen.example", name="Mira", by=TEST)
    # What a careless comparison would match: hashes of nothing.
    for value in ("", "null", "0", "True"):
        OneTimeLink.objects.create(user=agent.user, token_hash=token_hash(value), expires_at=clock.now())
    return cast


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
