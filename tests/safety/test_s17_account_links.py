"""S17: reset and invitation links work once, expire, die on change, need POST and stay invisible (P6)."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client

from tests.cast import TEST, Cast, make_cast
from tests.outbox import account_mails
from tresen.core.people.accounts import invite_agent
from tresen.core.people.models import User
from tresen.faces.account.passwords import NewPasswordForm
from tresen.kit import clock
from tresen.spine.jobs.worker import drain

NEW = {"password": "neue-leitung-88", "again": "neue-leitung-88"}


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def mailed(cast: Cast, kind: str) -> str:
    """The path of a fresh link of that kind, as it was mailed."""
    if kind == "reset":
        Client().post("/password/forgotten/", {"email": "anna@lindhafen.example"})
    else:
        invite_agent(email="mira@lindhafen.example", name="Mira", by=TEST)
    drain("mail-out")
    found = re.search(r"/(?:invite|password/reset)/\S+", account_mails()[-1].text)
    assert found
    return found.group()


def use(path: str) -> int:
    """Follows the link as a browser does and sets a password; the status of the last answer."""
    client = Client()
    page = client.get(path, follow=True)
    return client.post(page.request["PATH_INFO"], NEW).status_code


KINDS = ("reset", "invite")


@pytest.mark.parametrize("kind", KINDS)
def test_s17_a_link_works_once(cast: Cast, kind: str) -> None:
    path = mailed(cast, kind)
    assert use(path) == 302
    assert use(path) == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", KINDS)
def test_s17_two_who_use_it_at_once_do_not_both_win(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path, both_have_looked = mailed(make_cast(), kind), threading.Barrier(2, timeout=20)
    is_valid = NewPasswordForm.is_valid

    def looks_with_the_other(form: NewPasswordForm) -> bool:
        both_have_looked.wait()
        return is_valid(form)

    def run(_number: int) -> int:
        try:
            return use(path)
        finally:
            connection.close()

    monkeypatch.setattr(NewPasswordForm, "is_valid", looks_with_the_other)
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(run, range(2))) == [302, 404]


@pytest.mark.parametrize("kind", KINDS)
def test_s17_looking_alone_changes_nothing(cast: Cast, kind: str) -> None:
    path = mailed(cast, kind)
    for _ in range(3):
        Client().get(path, follow=True)
        Client().head(path)
    assert use(path) == 302


@pytest.mark.parametrize(("kind", "seconds"), [("reset", 3601), ("invite", 72 * 3600 + 1)])
def test_s17_it_expires(cast: Cast, kind: str, seconds: int) -> None:
    path = mailed(cast, kind)
    with time_machine.travel(clock.now(), tick=False) as travel:
        travel.shift(seconds)
        assert use(path) == 404


@pytest.mark.parametrize("kind", KINDS)
def test_s17_it_dies_with_the_address(cast: Cast, kind: str) -> None:
    path = mailed(cast, kind)
    name = "anna" if kind == "reset" else "mira"
    user = User.objects.get(email=f"{name}@lindhafen.example")
    ada = cast.browser(cast.ada)
    page = ada.get(f"/settings/agents/{user.agent.pk}/").content.decode()
    mark = re.search(r'name="mark" value="(\w+)"', page)
    assert mark
    ada.post(
        f"/settings/agents/{user.agent.pk}/",
        {"name": user.name, "email": "new@lindhafen.example", "role": "agent", "mark": mark.group(1),
         "teams": [t.pk for t in user.agent.teams.all()]},
    )  # fmt: skip
    user.refresh_from_db()
    assert user.email == "new@lindhafen.example"
    assert use(path) == 404


def test_s17_an_invitation_is_useless_once_the_account_is_active(cast: Cast) -> None:
    path = mailed(cast, "invite")
    user = User.objects.get(email="mira@lindhafen.example")
    user.set_password("anders-gesetzt-1")
    user.save()
    assert use(path) == 404


@pytest.mark.parametrize("kind", KINDS)
def test_s17_no_table_and_no_settings_page_shows_it(cast: Cast, kind: str) -> None:
    secret = mailed(cast, kind).rstrip("/").rsplit("/", 1)[-1]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            assert not any(secret in str(value) for row in cursor.fetchall() for value in row), table
    ada = cast.browser(cast.ada)
    for mail in re.findall(
        r'href="(/settings/mail/outgoing/[^"?]+/)"', ada.get("/settings/mail/outgoing/").content.decode()
    ):
        assert secret not in ada.get(mail).content.decode()


def test_s17_a_poisoned_host_is_in_no_link(cast: Cast) -> None:
    Client(headers={"Host": "evil.example"}).post("/password/forgotten/", {"email": "anna@lindhafen.example"})
    drain("mail-out")
    text = account_mails()[-1].text
    assert "evil" not in text
    assert settings.BASE_URL in text
