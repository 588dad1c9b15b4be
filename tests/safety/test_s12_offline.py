"""S12, what a browser keeps for reading offline: it lives as long as the session with the rights it had, and
not longer once the server can be asked (P6)."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.cast import TEST, Cast, make_cast
from tresen.core.people.agents import change_agent, deactivate_agent
from tresen.core.people.models import User

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def keeping(cast: Cast) -> Client:
    """Anna's browser, which keeps what she opens."""
    User.objects.filter(pk=cast.anna.user_id).update(keeps_offline=True)
    return cast.browser(cast.anna)


def mark(client: Client) -> str:
    """The name of the session with its rights; what was kept under another one is emptied at sight."""
    return str(json.loads(client.get("/desk/offline/mark/", headers=HTMX).content)["mark"])


def test_s12_signing_out_empties_the_browser_and_gives_no_copy_any_more(cast: Cast) -> None:
    number, client = cast.ticket().number, keeping(cast)
    assert client.get(f"/desk/offline/tickets/{number}/", headers=HTMX).status_code == 200
    assert client.post("/sign-out/").headers["Clear-Site-Data"] == '"storage"'
    for path in ("/desk/offline/mark/", f"/desk/offline/tickets/{number}/"):
        assert client.get(path, headers=HTMX).status_code == 401, path


@pytest.mark.parametrize("how", ["deactivated", "role"])
def test_s12_a_dead_session_is_told_so_and_finds_no_mark(cast: Cast, how: str) -> None:
    client = keeping(cast)
    assert mark(client)
    if how == "deactivated":
        deactivate_agent(cast.anna, by=TEST)
    else:
        change_agent(cast.anna, set={"role": "team_lead"}, by=TEST)
    assert client.get("/desk/offline/mark/", headers=HTMX).status_code == 401


def test_s12_narrower_rights_have_another_mark_and_no_copy_of_what_is_gone(cast: Cast) -> None:
    number, client = cast.ticket().number, keeping(cast)
    before = mark(client)
    cast.anna.teams.clear()
    assert mark(client) not in ("", before)
    assert client.get(f"/desk/offline/tickets/{number}/", headers=HTMX).status_code == 404


def test_s12_the_mark_opens_nothing_and_says_nothing_of_the_key(cast: Cast) -> None:
    client = keeping(cast)
    key, name = client.cookies["tresen"].value, mark(client)
    assert key not in name and name not in key
    stranger = Client()
    stranger.cookies["tresen"] = name
    assert stranger.get("/desk/offline/mark/", headers=HTMX).status_code == 401
