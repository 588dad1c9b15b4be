"""One's own account: profile, password, signed-in browsers."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.account.test_sign_in import sign_in
from tests.cast import PASSWORD, Cast
from tresen.core.people.form_fields import ZoneField
from tresen.core.people.models import Session, User
from tresen.faces.account.me.devices import device_name
from tresen.spine.events.models import Event

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
NEW = {"present": PASSWORD, "password": "neue-leitung-88", "again": "neue-leitung-88"}


def profile(**more: str) -> dict[str, str]:
    return {
        "name": "Anna K.",
        "language": "pl",
        "timezone": "Europe/Warsaw",
        "theme": "dark",
        "signature": "A.",
        **more,
    }


def test_an_agent_changes_the_own_profile(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    answer = client.post("/me/", profile(), follow=True)
    text = answer.content.decode()
    assert '<html lang="pl" dir="ltr" data-theme="dark">' in text
    cast.anna.refresh_from_db()
    assert (cast.anna.user.name, cast.anna.signature) == ("Anna K.", "A.")
    event = Event.objects.get(kind="profile.changed")
    assert event.changes["language"] == ["en", "pl"]
    assert "A." not in str(event.changes["signature"])


@pytest.mark.parametrize(("field", "value"), [("timezone", "Mars/Olympus"), ("language", "tlh"), ("name", "")])
def test_what_cannot_be_is_refused_and_stays_typed(cast: Cast, field: str, value: str) -> None:
    answer = cast.browser(cast.anna).post("/me/", profile(**{field: value}))
    assert answer.status_code == 422
    assert "A.</textarea>" in answer.content.decode()
    assert not Event.objects.filter(kind="profile.changed").exists()


def test_a_customer_has_the_same_page_without_signature_and_keys(cast: Cast) -> None:
    user = User.objects.create(email="carol@faehrholm.example", name="Carol")
    cast.carol.user = user
    cast.carol.save()
    client = Client()
    client.force_login(user)
    text = client.get("/me/").content.decode()
    assert 'data-face="portal"' in text
    assert "signature" not in text
    assert client.post("/me/", profile()).status_code == 302
    user.refresh_from_db()
    assert user.language == "pl"


def test_a_new_password_signs_out_all_other_browsers(cast: Cast) -> None:
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    old_key = here.cookies["tresen"].value
    assert here.post("/me/password/", NEW).url == "/me/"
    assert here.get("/me/").status_code == 200
    assert here.cookies["tresen"].value != old_key
    assert there.get("/me/").status_code == 302
    assert sign_in(Client(), password="neue-leitung-88").status_code == 302
    assert sign_in(Client()).status_code == 422


def test_a_new_password_revokes_tokens_unless_one_says_not_to(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    cast.token(cast.anna)
    assert "Also revoke my API tokens" in client.get("/me/").content.decode()
    client.post("/me/password/", NEW)
    assert cast.anna.tokens.filter(revoked_at=None).count() == 1
    client.post("/me/password/", {"present": NEW["password"], "password": PASSWORD, "again": PASSWORD, "revoke": "on"})
    assert cast.anna.tokens.filter(revoked_at=None).count() == 0


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"present": "wrong"}, "not your present password"),
        ({"again": "another-one-99"}, "two passwords differ"),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "password123", "again": "password123"}, "too common"),
        ({"password": "anna@lindhafen", "again": "anna@lindhafen"}, "similar"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(cast: Cast, typed: dict[str, str], told: str) -> None:
    answer = cast.browser(cast.anna).post("/me/password/", {**NEW, **typed})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert User.objects.get(pk=cast.anna.user.pk).check_password(PASSWORD)


def test_guessing_the_present_password_is_slowed_down(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    codes = [client.post("/me/password/", {**NEW, "present": "wrong"}).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]


def test_one_sees_where_one_is_signed_in_and_ends_one(cast: Cast) -> None:
    here, there = Client(), Client(headers={"User-Agent": FIREFOX})
    sign_in(here)
    sign_in(there)
    text = here.get("/me/").content.decode()
    assert "Firefox on Linux" in text
    assert "127.0.0.1" in text
    assert text.count("this browser") == 1
    key = text.split('name="key" value="')[1].split('"')[0]
    here.post("/me/sessions/end/", {"key": key})
    assert there.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200


def test_one_ends_all_others_at_once(cast: Cast) -> None:
    here, others = Client(), [Client(), Client()]
    for client in (here, *others):
        sign_in(client)
    assert "2 other browsers were signed out" in here.post("/me/sessions/end-others/", follow=True).content.decode()
    assert [client.get("/me/").status_code for client in (here, *others)] == [200, 302, 302]


def test_nobody_ends_the_session_of_somebody_else(cast: Cast) -> None:
    there = Client()
    sign_in(there)
    key = Session.objects.get(user=cast.anna.user).pk
    cast.browser(cast.piotr).post("/me/sessions/end/", {"key": key})
    assert there.get("/me/").status_code == 200


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0 Safari/537.36 Edg/142.0", "Edge on Windows"),
        ("curl/8.10.1", "curl/8.10.1"),
        ("", "Unknown browser"),
        ("<script>alert(1)</script>", "Unknown browser"),
    ],
)
def test_a_browser_is_named_as_people_call_it(told: str, shown: str) -> None:
    assert device_name(told) == shown


@pytest.mark.parametrize(
    ("typed", "zone"),
    [("warsaw", "Europe/Warsaw"), ("new york", "America/New_York"), ("europe/isle of man", "Europe/Isle_of_Man")],
)
def test_a_time_zone_is_found_by_its_place(typed: str, zone: str) -> None:
    assert ZoneField().clean(typed) == zone
    assert f'<option value="{zone}"' in str(ZoneField().widget.render("timezone", "", {"id": "id_timezone"}))
