"""The event stream tells that something changed, to whom it concerns, and what was missed while the line was down."""

from __future__ import annotations

import signal
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Cast
from tests.live.conftest import Listen
from tests.live.streaming import cookie_of
from tresen.core.people.models import Team
from tresen.core.tickets.content import Content
from tresen.core.tickets.services import add_note, update_ticket
from tresen.faces.cli.server import Server, config
from tresen.kit import clock
from tresen.service.live.cursor import Cursor
from tresen.service.live.hub import HUB
from tresen.service.live.notices import Topic, publish
from tresen.spine.events.actors import Actor


def note(cast: Cast, ticket: object) -> None:
    add_note(ticket, by=Actor.agent(cast.anna), agent=cast.anna, content=Content("A marker nobody may stream."))


def test_a_change_is_told_to_who_sees_the_ticket_and_says_nothing_but_its_number(cast: Cast, listen: Listen) -> None:
    ticket = cast.ticket()
    anna, piotr, ada = listen(cast.anna), listen(cast.piotr), listen(cast.ada)
    for stream in (anna, piotr, ada):
        stream.hello()
    assert anna.head["content-type"] == "text/event-stream"
    assert "content-encoding" not in anna.head
    note(cast, ticket)
    assert anna.hears_of(ticket.number).data == {"tickets": {ticket.number: ["ticket"]}}
    ada.hears_of(ticket.number)
    common = cast.ticket("For everybody", team=None)
    piotr.hears_of(common.number)
    assert ticket.number not in piotr.told()
    assert "marker" not in anna.told()


def test_a_ticket_that_leaves_ones_sight_tells_so_without_naming_where_it_went(cast: Cast, listen: Listen) -> None:
    ticket = cast.ticket()
    anna, piotr = listen(cast.anna), listen(cast.piotr)
    anna.hello()
    piotr.hello()
    update_ticket(ticket, by=TEST, set={"team": cast.orders})
    assert anna.wait(lambda said: said.data == {"lists": True})
    piotr.hears_of(ticket.number)


def test_what_happened_while_the_line_was_down_is_told_when_it_is_back(cast: Cast, listen: Listen) -> None:
    first, second = cast.ticket("First"), cast.ticket("Second")
    cookie = cookie_of(cast, cast.anna)
    anna = listen(cookie=cookie)
    anna.hello()
    note(cast, first)
    cursor = anna.hears_of(first.number).id
    anna.close()
    note(cast, second)
    hidden = cast.ticket("Not hers", team=cast.orders)
    again = listen(cookie=cookie, headers={"last-event-id": cursor})
    again.hears_of(second.number)
    assert hidden.number not in again.told()
    assert listen(cookie=cookie, query=f"after={cursor}").hears_of(second.number)


def test_a_page_that_knows_only_when_it_was_made_misses_nothing_either(cast: Cast, listen: Listen) -> None:
    made = Cursor(0, clock.now())
    ticket = cast.ticket()
    assert listen(cast.anna, query=f"after={made}").hears_of(ticket.number)


def test_a_cursor_of_another_log_makes_the_browser_look_at_everything_again(cast: Cast, listen: Listen) -> None:
    cast.ticket()
    stale = Cursor(10**9, clock.now() - timedelta(days=9))
    assert listen(cast.anna, query=f"after={stale}").wait(lambda said: said.data == {"reload": True})


def test_another_team_makes_the_browser_look_at_everything_again(cast: Cast, listen: Listen) -> None:
    anna = listen(cast.anna)
    anna.hello()
    cast.ticket()
    anna.wait(lambda said: bool(said.data))
    cast.anna.teams.add(Team.objects.create(name="New", slug="new"))
    assert anna.wait(lambda said: said.data == {"reload": True})


def test_a_notice_passes_by_the_same_rule(cast: Cast, listen: Listen) -> None:
    ticket = cast.ticket()
    anna, piotr = listen(cast.anna), listen(cast.piotr)
    anna.hello()
    piotr.hello()
    publish(ticket, Topic.PRESENCE)
    assert anna.hears_of(ticket.number, "presence")
    common = cast.ticket("For everybody", team=None)
    piotr.hears_of(common.number)
    assert ticket.number not in piotr.told()


def test_who_only_asks_now_and_then_is_told_the_same(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    cursor = client.get("/desk/live/poll/").json()["cursor"]
    assert client.get(f"/desk/live/poll/?after={cursor}").json().keys() == {"cursor"}
    ticket, hidden = cast.ticket(), cast.ticket("Not hers", team=cast.orders)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(f"/desk/live/poll/?after={cursor}").json()
    assert len(queries) <= 11
    assert answer["tickets"] == {ticket.number: ["ticket"]}
    assert hidden.number not in str(answer)
    assert (
        "tickets" not in client.get(f"/desk/live/poll/?after={answer['cursor']}").json()
        or connection.vendor != "sqlite"
    )


def test_the_streams_of_one_agent_are_bounded_and_nothing_is_left_of_closed_ones(cast: Cast, listen: Listen) -> None:
    cookie = cookie_of(cast, cast.anna)
    streams = [listen(cookie=cookie) for _ in range(20)]
    streams[-1].hello()
    assert listen(cookie=cookie).status == 503
    for stream in streams:
        stream.close()
    assert not HUB.streams
    assert HUB.thread is None


def test_a_server_that_is_asked_to_stop_ends_the_lines_at_once_and_takes_no_new_one(cast: Cast, listen: Listen) -> None:
    cookie = cookie_of(cast, cast.anna)
    anna = listen(cookie=cookie)
    anna.hello()
    server = Server(config("127.0.0.1", 0))
    try:
        server.handle_exit(signal.SIGTERM, None)
        anna.ended()
        assert listen(cookie=cookie).status == 503
    finally:
        HUB.is_closing = False
    assert server.should_exit
