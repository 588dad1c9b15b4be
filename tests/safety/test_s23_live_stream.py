"""S23, and the stream's part of S12 and S26: nobody listens who may not; an open line is cut with the right (P4)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.cast import PASSWORD, TEST, Cast, make_cast
from tests.live.streaming import Listener, cookie_of
from tresen.core.people.accounts import change_password, end_sessions
from tresen.core.people.agents import deactivate_agent
from tresen.core.people.models import User
from tresen.core.tickets.services import update_ticket
from tresen.service.live.hub import HUB

CUT_SECONDS = 60
Listen = Callable[..., Listener]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def listen(cast: Cast) -> Iterator[Listen]:
    made: list[Listener] = []

    def open_one(cookie: str, **more: Any) -> Listener:
        made.append(Listener(cookie, **more))
        return made[-1]

    yield open_one
    for listener in made:
        listener.close()


def refused(listener: Listener, *statuses: int) -> None:
    """It got an answer that is no stream, and told nothing."""
    listener.ended()
    assert listener.status in statuses, listener.status
    assert "event:" not in listener.told()
    assert not HUB.streams


def test_s23_without_a_session_there_is_no_stream(cast: Cast, listen: Listen) -> None:
    for cookie in ("", "planted" * 5, "x; other=1"):
        refused(listen(cookie), 401)
    token = cast.token(cast.anna)
    refused(listen("", headers={"authorization": f"Bearer {token}"}), 401)
    refused(listen(token), 401)
    refused(listen("", query=f"token={token}"), 401)


def test_s23_a_customer_gets_no_stream_of_the_desk(cast: Cast, listen: Listen) -> None:
    user = User.objects.create(email="carol@faehrholm.example", name="Carol")
    cast.carol.user = user
    cast.carol.save()
    client = Client()
    client.force_login(user)
    refused(listen(client.cookies[settings.SESSION_COOKIE_NAME].value), 404)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"referer": "https://evil.example/page"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "https://other.testserver"},
    ],
    ids=["foreign", "null", "referer", "cross-site", "neighbour"],
)
def test_s23_another_site_gets_no_stream_even_with_the_cookie(
    cast: Cast, listen: Listen, headers: dict[str, str]
) -> None:
    refused(listen(cookie_of(cast, cast.anna), headers=headers), 403)


def test_s23_nobody_can_subscribe_to_anything_in_particular(cast: Cast, listen: Listen) -> None:
    hidden, cookie = cast.ticket(team=cast.orders), cookie_of(cast, cast.anna)
    for query in (f"ticket={hidden.number}", "ids=*", "ids=%25", "agent=1", f"after=0.1&id={hidden.pk}", "after=*",
                  "after=%25", "after=1'--", "after=-1.5", "after=1.99999999999999", "after=%D9%A1.1"):  # fmt: skip
        refused(listen(cookie, query=query), 400)
    refused(listen(cookie, headers={"last-event-id": "* OR 1=1"}), 400)
    anna = listen(cookie, query="after=0.1")
    anna.hello()
    common = cast.ticket("For everybody", team=None)
    anna.hears_of(common.number)
    assert hidden.number not in anna.told()


def test_s26_the_stream_forgets_a_ticket_with_the_team(cast: Cast, listen: Listen) -> None:
    cookie = cookie_of(cast, cast.anna)
    ticket, anna = cast.ticket(), listen(cookie)
    anna.hello()
    cast.anna.teams.clear()
    update_ticket(ticket, by=TEST, set={"subject": "Changed after she left"})
    common = cast.ticket("For everybody", team=None)
    anna.wait(lambda said: said.data == {"reload": True} or common.number in said.data.get("tickets", {}))
    assert ticket.number not in anna.told()
    again = listen(cookie, query="after=0.1")
    again.hello()
    assert ticket.number not in again.told()
    assert (
        ticket.number
        not in Client(headers={"cookie": f"tresen={cookie}"}).get("/desk/live/poll/?after=0.1").content.decode()
    )


ENDINGS: dict[str, Callable[[Cast, Client], object]] = {
    "signing out": lambda cast, client: client.post("/sign-out/"),
    "a new password elsewhere": lambda cast, client: change_password(
        cast.anna.user, password="other-horse-44", by=TEST
    ),
    "signed out from elsewhere": lambda cast, client: end_sessions(cast.anna.user, by=TEST),
    "deactivation": lambda cast, client: deactivate_agent(cast.anna, by=TEST),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_s12_the_open_stream_ends_with_the_session(
    cast: Cast, listen: Listen, ending: str, record_property: Callable[[str, object], None]
) -> None:
    client = Client()
    client.post("/sign-in/", {"email": "anna@lindhafen.example", "password": PASSWORD})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    anna, ada = listen(cookie), listen(cookie_of(cast, cast.ada))
    anna.hello()
    ada.hello()
    ENDINGS[ending](cast, client)
    began = time.monotonic()
    anna.ended()
    took = time.monotonic() - began
    record_property(f"seconds until the stream is cut after {ending}", round(took, 1))
    assert took < CUT_SECONDS
    ticket = cast.ticket(team=None)
    ada.hears_of(ticket.number)
    assert ticket.number not in anna.told()
    again = listen(cookie)
    again.ended()
    assert again.status == 401
