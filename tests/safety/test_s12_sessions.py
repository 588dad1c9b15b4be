"""S12: sessions rotate, end where they should, and are never logged (P6)."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.signals import got_request_exception
from django.test import Client

from tests.cast import PASSWORD, Cast, make_cast
from tests.safety.behind_https import https_answers
from tresen.core.people.agents import agent_values
from tresen.core.people.models import Session, User
from tresen.faces.setup.saving import marked

COOKIE = settings.SESSION_COOKIE_NAME
NEW = {"present": PASSWORD, "password": "neue-leitung-88", "again": "neue-leitung-88"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def signed_in(name: str = "anna") -> Client:
    client = Client(raise_request_exception=False)
    answer = client.post("/sign-in/", {"email": f"{name}@lindhafen.example", "password": PASSWORD})
    assert answer.status_code == 302
    return client


def alive(key: str) -> bool:
    """Whether a cookie with this key still opens the person's own page."""
    client = Client()
    client.cookies[COOKIE] = key
    return client.get("/me/").status_code == 200


def opened(key: str) -> str:
    """The person's own page as a cookie with this key opens it."""
    client = Client()
    client.cookies[COOKIE] = key
    return client.get("/me/").content.decode()


def test_s12_the_key_changes_at_sign_in_and_the_old_one_is_dead(cast: Cast) -> None:
    client = Client()
    client.post("/sign-out/")  # a visit that leaves a session behind
    before = client.cookies[COOKIE].value
    client.post("/sign-in/", {"email": "anna@lindhafen.example", "password": PASSWORD})
    after = client.cookies[COOKIE].value
    assert before != after
    assert alive(after)
    assert not alive(before)


def test_s12_a_key_planted_by_somebody_else_is_not_taken_over(cast: Cast) -> None:
    client = Client()
    client.cookies[COOKIE] = "planted" * 5
    client.post("/sign-in/", {"email": "anna@lindhafen.example", "password": PASSWORD})
    assert client.cookies[COOKIE].value != "planted" * 5
    assert not alive("planted" * 5)


def test_s12_signing_out_kills_the_key(cast: Cast) -> None:
    client = signed_in()
    key = client.cookies[COOKIE].value
    client.post("/sign-out/")
    assert not alive(key)


def test_s12_a_new_password_kills_other_sessions_and_api_tokens(cast: Cast) -> None:
    other, token = signed_in(), cast.calls(cast.anna)
    client = signed_in()
    key = client.cookies[COOKIE].value
    client.post("/me/password/", {**NEW, "revoke": "on"})
    assert not alive(key)
    assert alive(client.cookies[COOKIE].value)
    assert not alive(other.cookies[COOKIE].value)
    assert token.get("/tickets").status_code == 401


def test_s12_deactivation_kills_sessions_and_tokens(cast: Cast) -> None:
    anna, token, ada = signed_in(), cast.calls(cast.anna), signed_in("ada")
    ada.post(f"/settings/agents/{cast.anna.pk}/deactivate/")
    assert not alive(anna.cookies[COOKIE].value)
    assert token.get("/tickets").status_code == 401
    assert not Session.objects.filter(user=cast.anna.user).exists()


def test_s12_a_session_that_was_not_ended_opens_nothing_for_a_changed_account(cast: Cast) -> None:
    """A dump that was read back, a hand in the database: the account as it is now decides, not the session's row."""
    key, account = signed_in().cookies[COOKIE].value, User.objects.filter(pk=cast.anna.user.pk)
    account.update(is_active=False)
    assert not alive(key)
    account.update(is_active=True)
    assert alive(key)
    Session.objects.filter(user=cast.anna.user).update(user=cast.ada.user)
    assert "anna@lindhafen.example" in opened(key) and "ada@lindhafen.example" not in opened(key)
    account.update(password=make_password("neue-leitung-88"))
    assert not alive(key)
    assert not Session.objects.exists()


def test_s12_another_role_kills_the_sessions_of_the_old_one(cast: Cast) -> None:
    anna, ada = signed_in(), signed_in("ada")
    ada.post(f"/settings/agents/{cast.anna.pk}/", {**marked(agent_values(cast.anna)), "role": "admin"})
    assert not alive(anna.cookies[COOKIE].value)


def test_s12_the_table_holds_no_key_that_opens_a_session(cast: Cast) -> None:
    client = signed_in()
    key = client.cookies[COOKIE].value
    assert key not in str(list(Session.objects.values_list()))
    assert not alive(Session.objects.get(user=cast.anna.user).pk)


@pytest.mark.once
def test_s12_the_cookie_is_for_this_host_alone_and_for_no_script() -> None:
    cookie = https_answers()["signed-in"]["cookies"]["__Host-tresen"]
    for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie
    other = https_answers()["sign-in"]["cookies"]["__Host-tresen-csrf"]
    assert "Secure" in other
    assert "HttpOnly" in other


def test_s12_after_a_fault_no_log_line_holds_cookie_token_or_link(
    cast: Cast, log_lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in()
    key, plain = client.cookies[COOKIE].value, cast.token(cast.anna)
    secrets = [key, plain[10:], "SECRETSECRETSECRET"]

    def fail(*_args: object, **_named: object) -> None:
        raise RuntimeError(f"cookie {COOKIE}={key} at /password/reset/MQ/{secrets[2]}/ with {plain} and token={plain}")

    monkeypatch.setattr("tresen.faces.account.me.views.devices_of", fail)
    faults: list[object] = []
    got_request_exception.connect(lambda **more: faults.append(more), weak=False, dispatch_uid="s12")
    try:
        assert client.get(f"/me/?token={plain}").status_code == 500
        assert Client().get(f"/invite/{secrets[2]}/").status_code == 404
        assert Client().get(f"/password/reset/MQ/{secrets[2]}/").status_code == 404
        for place in ("sign-in/by-mail", "status/confirm", "status/unsubscribe", "preferences", "my-data", "survey",
                      "files"):  # fmt: skip
            assert Client().get(f"/{place}/{secrets[2]}SECRET/").status_code == 404, place
    finally:
        got_request_exception.disconnect(dispatch_uid="s12")
    assert faults
    assert any("RuntimeError" in line for line in log_lines)
    for secret in secrets:
        assert not any(secret in line for line in log_lines), next(line for line in log_lines if secret in line)[:500]
    assert not re.search(r"pbkdf2|argon2", " ".join(log_lines))
