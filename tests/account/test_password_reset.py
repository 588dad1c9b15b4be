"""A forgotten password."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from tests.account.test_sign_in import ANNA, sign_in
from tests.cast import Cast
from tests.outbox import account_mails
from tresen.core.people.models import User
from tresen.kit import clock
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain

NEW = {"password": "neue-leitung-88", "again": "neue-leitung-88"}


def ask(email: str = ANNA, client: Client | None = None) -> str:
    """Asks for a reset and returns the path of the mailed link."""
    (client or Client()).post("/password/forgotten/", {"email": email})
    drain("mail-out")
    return link_in(account_mails()[-1].text)


def link_in(text: str) -> str:
    found = re.search(r"(\S+)(/password/reset/\S+)", text)
    assert found
    assert found.group(1) == settings.BASE_URL
    return found.group(2)


def test_the_link_sets_a_new_password_once(cast: Cast) -> None:
    path, client = ask(), Client()
    moved = client.get(path)
    assert moved.status_code == 302
    assert moved.headers["Referrer-Policy"] == "no-referrer"
    assert path.split("/")[-2] not in moved.url
    page = client.get(moved.url)
    assert page.status_code == 200
    assert ANNA in page.content.decode()
    assert client.post(moved.url, NEW).url == "/sign-in/"
    assert sign_in(Client(), password=NEW["password"]).status_code == 302
    assert Client().get(path).status_code == 404


def test_the_mail_speaks_the_accounts_language_and_goes_to_the_stored_address(cast: Cast) -> None:
    User.objects.filter(pk=cast.anna.user.pk).update(language="de")
    ask("ANNA@Lindhafen.Example")
    mail = account_mails()[-1]
    assert mail.to == ANNA
    assert "Hallo Anna Kowalczyk" in mail.text
    assert "Passwort" in mail.subject


def test_a_reset_signs_out_everywhere_and_revokes_tokens(cast: Cast) -> None:
    there, client = Client(), Client()
    sign_in(there)
    cast.token(cast.anna)
    moved = client.get(ask()).url
    client.post(moved, NEW)
    assert there.get("/me/").status_code == 302
    assert not cast.anna.tokens.filter(revoked_at=None).exists()


def test_a_weak_password_is_refused_and_the_link_lives_on(cast: Cast) -> None:
    client = Client()
    moved = client.get(ask()).url
    assert client.post(moved, {"password": "short", "again": "short"}).status_code == 422
    assert client.post(moved, NEW).status_code == 302


def test_after_an_hour_the_link_is_dead(cast: Cast) -> None:
    path = ask()
    with time_machine.travel(clock.now()) as travel:
        travel.shift(3601)
        assert Client().get(path).status_code == 404


@pytest.mark.parametrize("change", [{"email": "anna.k@lindhafen.example"}, {"is_active": False}])
def test_another_address_or_an_ended_account_kills_the_link(cast: Cast, change: dict[str, object]) -> None:
    path = ask()
    User.objects.filter(pk=cast.anna.user.pk).update(**change)
    assert Client().get(path).status_code == 404


def test_no_table_holds_the_token(cast: Cast) -> None:
    Client().post("/password/forgotten/", {"email": ANNA})
    assert Job.objects.get(name="account.reset").payload == {"user_id": cast.anna.user.pk}


def test_an_address_is_mailed_three_times_an_hour_at_most(cast: Cast) -> None:
    for _ in range(5):
        assert Client().post("/password/forgotten/", {"email": ANNA}).status_code == 200
    assert Job.objects.filter(name="account.reset").count() == 3
