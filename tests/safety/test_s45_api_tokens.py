"""S45: API tokens are shown once, kept as a hash, bounded by scope and time, and refused in an address (P8)."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.db import connection

from tests.cast import TEST, Caller, Cast, json, make_cast
from tresen.core.people.models import ApiToken
from tresen.core.people.tokens import create_token, revoke_token
from tresen.faces.api.limits import requests_of_tokens
from tresen.kit import clock
from tresen.kit.crypto import derived_key
from tresen.kit.logs import redact


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    requests_of_tokens.forget()
    yield make_cast()


def test_s45_a_token_has_a_prefix_for_scanners_and_256_random_bits(cast: Cast) -> None:
    tokens = {create_token(cast.anna, name="x", by=TEST) for _ in range(20)}
    assert len(tokens) == 20
    assert all(re.fullmatch(r"tsn_[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_s45_the_database_holds_its_hash_only(cast: Cast) -> None:
    plain = create_token(cast.anna, name="x", by=TEST)
    Caller(plain).get("/tickets")
    Caller(plain).get("/teams")
    secret = plain[10:]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            assert secret not in str(cursor.fetchall()), table
    assert ApiToken.objects.get().token_hash == hashlib.sha256(plain.encode()).hexdigest()


def test_s45_no_address_of_the_interface_shows_a_token_or_its_hash(cast: Cast) -> None:
    ada = cast.calls(cast.ada)
    hidden = ApiToken.objects.get().token_hash
    for path in ("/agents", "/teams", "/tickets", "/contacts", "/search?query=tsn"):
        content = ada.get(path).content.decode()
        assert hidden not in content and (ada.token or "") not in content


def test_s45_an_expired_token_opens_nothing(cast: Cast) -> None:
    anna = Caller(create_token(cast.anna, name="x", days=2, by=TEST))
    assert anna.get("/tickets").status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=2, seconds=1)):
        assert anna.get("/tickets").status_code == 401


def test_s45_ninety_days_unless_said_otherwise(cast: Cast) -> None:
    create_token(cast.anna, name="x", by=TEST)
    left = ApiToken.objects.get().expires_at - clock.now()
    assert timedelta(days=89, hours=23) < left <= timedelta(days=90)


def test_s45_a_revoked_token_is_dead_at_once(cast: Cast) -> None:
    anna = Caller(create_token(cast.anna, name="x", by=TEST))
    assert anna.get("/tickets").status_code == 200
    revoke_token(ApiToken.objects.get(), by=TEST)
    assert anna.get("/tickets").status_code == 401


def test_s45_a_token_dies_with_the_account_of_its_agent(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    assert anna.get("/tickets").status_code == 200
    cast.anna.user.is_active = False
    cast.anna.user.save()
    assert anna.get("/tickets").status_code == 401


def test_s45_a_scope_bounds_what_a_token_does(cast: Cast) -> None:
    reader, writer, admin = (cast.calls(cast.ada, scope) for scope in ("read", "write", "admin"))
    assert reader.get("/teams").status_code == writer.get("/teams").status_code == 200
    assert reader.post("/organisations", {"name": "A"}).status_code == 403
    assert writer.post("/organisations", {"name": "A"}).status_code == 201
    assert writer.post("/teams", {"name": "A"}).status_code == 403
    assert admin.post("/teams", {"name": "A"}).status_code == 201


def test_s45_a_token_never_exceeds_its_agent(cast: Cast) -> None:
    hidden = cast.ticket(team=cast.orders)
    anna = cast.calls(cast.anna, "admin")
    assert anna.post("/teams", {"name": "A"}).status_code == 403
    assert anna.get(f"/tickets/{hidden.number}").status_code == 404


def test_s45_its_last_use_is_known(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    assert ApiToken.objects.get().last_used_at is None
    anna.get("/tickets")
    assert clock.now() - ApiToken.objects.get().last_used_at < timedelta(minutes=1)


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "authorization", "key"])
def test_s45_a_token_in_an_address_is_refused(cast: Cast, name: str) -> None:
    plain = cast.token(cast.anna)
    assert Caller(None).get(f"/tickets?{name}={plain}").status_code == 401
    assert Caller(plain).get(f"/tickets?{name}={plain}").status_code == 400
    assert Caller(None).post("/tickets", {name: plain}).status_code == 401


def test_s45_a_token_is_no_cookie_and_no_password(cast: Cast) -> None:
    plain = cast.token(cast.anna)
    caller = Caller(None)
    for name in (settings.SESSION_COOKIE_NAME, "token", "Authorization"):
        caller.client.cookies[name] = plain
    assert caller.get("/tickets").status_code == 401
    assert caller.get("/tickets", authorization=f"Basic {plain}").status_code == 401
    assert caller.get("/tickets", x_api_key=plain).status_code == 401


def test_s45_who_holds_the_secret_key_alone_forges_none(cast: Cast) -> None:
    cast.token(cast.anna)
    row = ApiToken.objects.get()
    made = {row.prefix, row.token_hash, f"tsn_{row.token_hash}", f"{row.prefix}{row.token_hash}"[:47]}
    for key in (settings.SECRET_KEY.encode(), derived_key("token"), derived_key("api-token"), derived_key("seal")):
        for told in (str(row.pk), cast.anna.user.email, row.prefix):
            made.add("tsn_" + hmac.digest(key, told.encode(), "sha256").hex()[:43])
    for forged in made:
        assert Caller(forged).get("/tickets").status_code == 401


def test_s45_a_log_line_does_not_hold_a_token(cast: Cast) -> None:
    plain = cast.token(cast.anna)
    assert plain[10:] not in redact(f"GET /api/v1/tickets?token={plain} Authorization: Bearer {plain}")


def test_s45_no_model_keeps_a_token_in_the_clear() -> None:
    fields = {field.name for model in apps.get_models() for field in model._meta.get_fields()}
    assert not fields & {"token", "api_key", "plain_token", "secret"}


def test_s45_the_answers_for_no_and_for_wrong_tokens_are_the_same(cast: Cast) -> None:
    dead = create_token(cast.anna, name="x", by=TEST)
    revoke_token(ApiToken.objects.get(), by=TEST)
    bodies = {Caller(token).get("/tickets").content for token in (None, "", "tsn_x", dead, dead[:-1] + "A")}
    assert len(bodies) == 1
    assert json(Caller(None).get("/tickets"), 401)
