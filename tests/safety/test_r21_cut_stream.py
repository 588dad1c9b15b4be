"""R21: a stream that was cut for a minute; the list equals a fresh reading afterwards (P16)."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from tests.cast import TEST, Cast, make_cast
from tests.live.streaming import Listener
from tresen.core.people.models import Agent
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.services import add_received, update_ticket

ROW = re.compile(r'<li class="row.*?data-number="(\w+)".*?</li>', re.DOTALL)
OLDER = re.compile(r'class="older".*?href="([^"]+)"', re.DOTALL)
WORDS = re.compile(r"\s+|<time.*?</time>", re.DOTALL)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


class Desk:
    """A list in a browser as the modules of the page keep it: told by the stream, read by the desk's own addresses."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.rows = self.page()

    def page(self) -> dict[str, str]:
        """A fresh reading, to the last page."""
        rows, path = {}, "/desk/views/open/"
        while path:
            body = self.client.get(path).content.decode()
            rows |= self._rows(body)
            older = OLDER.search(body)
            path = unescape(older[1]) if older else ""
        return rows

    def take(self, told: dict[str, object]) -> None:
        """What the page does with news: asks for the rows it shows and those it is told of."""
        if told.get("reload"):
            self.rows = self.page()
            return
        numbers = set(self.rows) if told.get("lists") else set()
        numbers |= set(told.get("tickets", {}))  # type: ignore[call-overload]
        path = "/desk/live/rows/?view=open&" + "&".join(f"n={number}" for number in numbers)
        fresh = self._rows(self.client.get(path).content.decode())
        self.rows = {n: row for n, row in self.rows.items() if n not in numbers} | fresh

    def _rows(self, body: str) -> dict[str, str]:
        return {found[1]: WORDS.sub(" ", found[0]) for found in ROW.finditer(body)}


def test_r21_after_a_cut_the_list_equals_a_fresh_reading(
    cast: Cast, full_size: bool, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(21)
    record_property("seed", 21)
    client = cast.browser(cast.anna)
    cookie = client.cookies["tresen"].value
    tickets = [cast.ticket(f"Ticket {n}") for n in range(20)]
    desk, line = Desk(client), Listener(cookie)
    cursor = line.hello().id
    for _cut in range(10 if full_size else 3):
        line.close()
        for _change in range(60 if full_size else 12):
            tickets.append(_change_something(cast, chance, tickets))
        line = Listener(cookie, headers={"last-event-id": cursor})
        end = cast.ticket("The last one")
        line.hears_of(end.number)
        for said in line.said:
            desk.take(said.data)
        cursor = line.said[-1].id
        assert desk.rows == desk.page()
    line.close()
    assert set(desk.rows) == _open_numbers(cast)


def _open_numbers(cast: Cast) -> set[str]:
    """The open tickets that the API reads for the same agent."""
    calls, found, cursor = cast.calls(cast.anna), set(), ""
    while cursor is not None:
        page = calls.get(f"/tickets?limit=100{cursor and f'&cursor={cursor}'}").json()
        found |= {item["number"] for item in page["items"] if item["status_category"] not in {"solved", "closed"}}
        cursor = page["next"]
    return found


def _change_something(cast: Cast, chance: random.Random, tickets: list[Ticket]) -> Ticket:
    ticket = Ticket.objects.get(pk=chance.choice(tickets).pk)
    agents: list[Agent | None] = [None, cast.anna, cast.piotr]
    act = chance.randrange(5)
    if act == 0:
        return cast.ticket("A new one", team=chance.choice([cast.netz, cast.orders]))
    if act == 1:
        content = Content("More of it.")
        add_received(ticket, by=TEST, contact=cast.carol, content=content, channel="mail", trust="claimed")
    elif act == 2:
        update_ticket(ticket, by=TEST, set={"team": chance.choice([cast.netz, cast.orders])})
    elif act == 3:
        update_ticket(ticket, by=TEST, set={"assignee": chance.choice(agents)})
    else:
        update_ticket(ticket, by=TEST, set={"status": chance.choice(list(Status.objects.filter(is_active=True)))})
    return ticket
