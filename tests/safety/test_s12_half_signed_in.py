"""S12, between the password and the second step: nothing is open yet, and the key changes once more (P6)."""

from __future__ import annotations

import json

import pytest
from django.conf import settings
from django.test import Client

from tests.authenticator import code_of, half_in, set_up_app
from tests.cast import PASSWORD, TEST, Cast, make_cast
from tests.house.access import AREA_OF
from tests.house.test_access import REFUSED, answers, asks_to_sign_in, real_addresses, ticket_with_file
from tresen.core.people.agents import deactivate_agent
from tresen.core.people.factors import change_who_needs_factor, reset_factors
from tresen.core.people.models import Session

pytestmark = pytest.mark.django_db
COOKIE = settings.SESSION_COOKIE_NAME
SECOND = "/sign-in/second/"


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.mark.parametrize("needed", ["nobody", "all"])
def test_s12_half_signed_in_opens_nothing(cast: Cast, needed: str) -> None:
    """Half an administrator, before the second step and where one has to be set up: as closed as to a stranger."""
    if needed == "nobody":
        set_up_app(cast.browser(cast.ada))
    change_who_needs_factor(needed, by=TEST)
    half = half_in(cast.ada.user)
    assert half.get(SECOND if needed == "nobody" else "/sign-in/set-up/").status_code == 200
    known = real_addresses(cast, ticket_with_file(cast))
    addresses = {name: path for name, path in known.items() if AREA_OF[name] not in ("open", "link")}
    assert len(addresses) > 200
    let_in = [
        f"{request}: {response.status_code}"
        for _name, request, response in answers(half, addresses)
        if not asks_to_sign_in(response) and response.status_code not in REFUSED
    ]
    assert not let_in, "\n".join(let_in)
    assert not Session.objects.filter(user=cast.ada.user, session_key=half.session.session_key).exists()


def test_s12_the_key_changes_with_the_password_and_with_the_second_step(cast: Cast) -> None:
    secret, _ = set_up_app(cast.browser(cast.anna))
    client = Client()
    client.post("/sign-out/")  # a visit that leaves a session behind
    keys = [client.cookies[COOKIE].value]
    client.post("/sign-in/", {"email": cast.anna.user.email, "password": PASSWORD})
    keys.append(client.cookies[COOKIE].value)
    client.post(SECOND, {"code": code_of(secret)})
    keys.append(client.cookies[COOKIE].value)
    assert len(set(keys)) == 3
    for key in keys[:2]:
        old = Client()
        old.cookies[COOKIE] = key
        assert old.get("/me/").status_code == 302
        assert old.get(SECOND).url == "/sign-in/"


@pytest.mark.parametrize("what", ["deactivated", "password", "reset", "out"])
def test_s12_half_signed_in_ends_with_account_password_and_sign_out(cast: Cast, what: str) -> None:
    browser = cast.browser(cast.anna)
    secret, _ = set_up_app(browser)
    half = half_in(cast.anna.user)
    if what == "deactivated":
        deactivate_agent(cast.anna, by=TEST)
    elif what == "password":
        browser.post("/me/password/", {"present": PASSWORD, "password": "neue-leitung-88", "again": "neue-leitung-88"})
    elif what == "reset":
        reset_factors(cast.anna.user, by=TEST)
    else:
        half.post("/sign-out/")
    assert half.post(SECOND, {"code": code_of(secret)}).url == "/sign-in/"
    assert half.get("/me/").status_code == 302


def test_s12_a_reset_ends_all_sessions_and_leaves_api_tokens(cast: Cast) -> None:
    anna, token = cast.browser(cast.anna), cast.calls(cast.anna)
    set_up_app(anna)
    ada = cast.browser(cast.ada)
    assert ada.post(f"/settings/agents/{cast.anna.pk}/second-factor/").status_code == 302
    assert anna.get("/me/").status_code == 302
    assert token.get("/tickets").status_code == 200
    assert half_in(cast.anna.user).get("/me/").status_code == 200


def test_s12_nobody_resets_the_own_factors_by_the_session_alone(cast: Cast) -> None:
    ada = cast.browser(cast.ada)
    set_up_app(ada)
    assert ada.post(f"/settings/agents/{cast.ada.pk}/second-factor/").url == "/me/sign-in/"
    assert ada.get("/me/").status_code == 200
    assert half_in(cast.ada.user).get("/me/").status_code == 302


def test_s12_no_log_line_of_the_finest_level_holds_a_secret_a_code_or_an_answer(
    cast: Cast, log_lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_user: object, typed: str, **_named: object) -> None:
        raise RuntimeError(f"code={typed} and proof: '{typed}', sealed={typed}, credential={typed}")

    secret, codes = set_up_app(cast.browser(cast.anna))
    half = half_in(cast.anna.user)
    half.post(SECOND, {"code": code_of(secret, later=-2)})
    half.post("/sign-in/passkey/")
    half.post("/sign-in/passkey/", {"credential": json.dumps({"id": "SECRETSECRET", "response": {}})})
    monkeypatch.setattr("tresen.faces.account.sign_in.second.use_code", fail)
    code = codes[0].replace(" ", "")
    assert half.post(SECOND, {"code": code}).status_code == 500
    assert any("RuntimeError" in line for line in log_lines)
    for hidden in (secret, code_of(secret, later=-2), code, codes[0], "SECRETSECRET", PASSWORD):
        assert not any(hidden in line for line in log_lines), next(line for line in log_lines if hidden in line)[:500]


def test_s12_what_is_kept_between_the_steps_names_no_secret(cast: Cast) -> None:
    secret, codes = set_up_app(cast.browser(cast.anna))
    half = half_in(cast.anna.user)
    kept = json.dumps(dict(half.session.items()))
    assert secret not in kept and codes[0] not in kept and PASSWORD not in kept
