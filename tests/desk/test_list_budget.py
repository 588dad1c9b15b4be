"""What a list may cost: queries whatever its length, bytes over the wire."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cast import TEST, Cast
from tresen.core.people.principals import Principal
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import add_reply
from tresen.faces.desk.lists.counting import count_all
from tresen.faces.desk.lists.table import VIEWS

LIST = 11
SEARCH = LIST + 3  # it also finds people, organisations, and the place in a message
MANY = 60  # more than a page
LIST_AND_TICKET = 20
NEWS = 7
MORE = 7


def fill(cast: Cast, count: int) -> Ticket:
    """So many tickets, in turn of each team, with and without an assignee, answered and not."""
    for n in range(count):
        ticket = cast.ticket(f"Printer {n}", team=(cast.netz, None)[n % 2], assignee=(cast.anna, None)[n % 3 // 2])
        if n % 4 == 0:
            add_reply(ticket, by=TEST, agent=cast.anna, content=Content("Done."))
    return ticket


PATHS = ("/desk/views/all/", "/desk/views/mine/", "/desk/teams/netz/", "/desk/search/?q=printer")


@pytest.mark.parametrize("count", [1, MANY])
def test_a_list_costs_no_more_queries_when_it_is_long(
    cast: Cast, django_assert_max_num_queries: Any, count: int
) -> None:
    fill(cast, count)
    for who in (cast.anna, cast.ada):
        client = cast.browser(who)
        for path in PATHS:
            client.get(path)
            with django_assert_max_num_queries(SEARCH if "search" in path else LIST):
                assert client.get(path).status_code == 200


@pytest.mark.parametrize("count", [1, MANY])
def test_list_and_ticket_together_stay_within_their_budget(
    cast: Cast, django_assert_max_num_queries: Any, count: int
) -> None:
    number = fill(cast, count).number
    client = cast.browser(cast.anna)
    client.get(f"/desk/tickets/{number}/?view=all")
    with django_assert_max_num_queries(LIST_AND_TICKET):
        client.get(f"/desk/tickets/{number}/?view=all")


def test_what_comes_later_costs_less(cast: Cast, django_assert_max_num_queries: Any) -> None:
    fill(cast, MANY)
    client = cast.browser(cast.anna)
    page = client.get("/desk/views/all/").content.decode()
    older = page.partition('<li class="older">')[2].partition('href="')[2].partition('"')[0]
    with django_assert_max_num_queries(MORE):
        client.get(older, headers={"HX-Request": "true"})
    with django_assert_max_num_queries(NEWS):
        client.get("/desk/news/?view=all&since=2026-01-01T00:00:00%2B00:00")


def test_all_views_are_counted_in_one_query(cast: Cast, django_assert_num_queries: Any) -> None:
    fill(cast, 5)
    principal = Principal.of_agent(cast.anna)
    with django_assert_num_queries(1):
        assert count_all(principal, VIEWS).views["all"] == 5


def test_contacts_cost_no_more_queries_when_there_are_many(cast: Cast, django_assert_max_num_queries: Any) -> None:
    from tresen.core.people.services import create_contact

    for n in range(60):
        create_contact(name=f"Contact {n}", mails=[f"c{n}@x.example"], organisation=cast.faehrholm, by=TEST)
    client = cast.browser(cast.anna)
    client.get("/desk/contacts/")
    with django_assert_max_num_queries(LIST):
        client.get("/desk/contacts/")
