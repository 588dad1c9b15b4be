"""Signing in and out."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from tests.cast import PASSWORD, Cast
from tresen.core.people.models import Session, User
from tresen.kit import clock

ANNA = "anna@lindhafen.example"


def sign_in(client: Client, email: str = ANNA, password: str = PASSWORD, **more: str):
    return client.post("/sign-in/", {"email": email, "password": password, **more})


def test_an_agent_signs_in_and_is_at_the_desk(cast: Cast) -> None:
    answer = sign_in(Client())
    assert (answer.status_code, answer.url) == (302, "/desk/")


def test_a_customer_signs_in_and_sees_the_own_requests(cast: Cast) -> None:
    user = User(email="carol@faehrholm.example", name="Carol")
    user.set_password(PASSWORD)
    user.save()
    cast.carol.user = user
    cast.carol.save()
    assert sign_in(Client(), "Carol@Faehrholm.example").url == "/requests/"


def test_the_page_wanted_first_is_the_page_one_gets_to(cast: Cast) -> None:
    client = Client()
    page = client.get("/settings/tags/", follow=True)
    assert page.status_code == 200
    assert 'name="next" value="/settings/tags/"' in page.content.decode()
    assert sign_in(client, next="/settings/tags/").url == "/settings/tags/"


def test_who_is_signed_in_does_not_sign_in_again(cast: Cast) -> None:
    assert cast.browser(cast.anna).get("/sign-in/").url == "/desk/"


@pytest.mark.parametrize("field", ["email", "password"])
def test_an_empty_field_is_marked_and_the_address_stays(cast: Cast, field: str) -> None:
    typed = {"email": ANNA, "password": "x", field: ""}
    answer = Client().post("/sign-in/", typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "is-wrong" in text
    assert ANNA in text or field == "email"
    assert 'value="x"' not in text


def test_a_deactivated_account_gets_the_answer_of_a_wrong_password(cast: Cast) -> None:
    cast.anna.user.is_active = False
    cast.anna.user.save()
    answer = sign_in(Client())
    assert answer.status_code == 422
    assert "do not match" in answer.content.decode()


def test_signing_out_needs_a_post_and_ends_the_session(cast: Cast) -> None:
    client = Client()
    sign_in(client)
    assert client.get("/sign-out/").status_code == 405
    assert Session.objects.filter(user=cast.anna.user).count() == 1
    assert client.post("/sign-out/").url == "/sign-in/"
    assert not Session.objects.filter(user=cast.anna.user).exists()
    assert client.get("/desk/").status_code == 302


def test_nine_idle_hours_end_an_agents_session(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        client = Client()
        sign_in(client)
        travel.shift(8 * 3600)
        assert client.get("/me/").status_code == 200
        travel.shift(9 * 3600 + 1)
        assert client.get("/me/").url.startswith("/sign-in/")


def test_seven_days_end_an_agents_session_however_busy(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        client = Client()
        sign_in(client)
        for _ in range(20):
            travel.shift(8 * 3600)
            assert client.get("/me/").status_code == 200
        travel.shift(8 * 3600 + 1)
        assert client.get("/me/").url.startswith("/sign-in/")


def test_a_browser_speaks_the_language_chosen_at_the_foot_of_the_page(cast: Cast) -> None:
    client = Client()
    assert "Anmelden" in client.get("/sign-in/?lang=de").content.decode()
    assert '<html lang="de"' in client.get("/sign-in/").content.decode()
    assert '<html lang="en"' in client.get("/sign-in/?lang=en").content.decode()


@pytest.mark.parametrize(
    ("base", "warned"),
    [("http://desk.example", True), ("http://127.0.0.1:8000", False), ("http://localhost", False)],
)
def test_without_encryption_the_page_says_so_unless_it_stays_on_this_machine(
    cast: Cast, settings, base: str, warned: bool
) -> None:
    settings.BASE_URL = base
    for page in (Client().get("/sign-in/"), cast.browser(cast.ada).get("/settings/")):
        assert ("not encrypted" in page.content.decode()) is warned
