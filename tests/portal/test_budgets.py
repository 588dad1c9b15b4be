"""Each page of the portal costs a fixed number of queries, whatever stands on it."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.portal.conftest import Counter
from tresen.core.tickets import services
from tresen.core.tickets.content import prepare_file
from tresen.core.tickets.models import Ticket
from tresen.spine.events.actors import Actor

HOME, LIST, LINK, ACCOUNT = 9, 7, 12, 13


def cost(client: Client, path: str) -> int:
    client.get(path)  # what is looked up once in a process
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def long_ticket(counter: Counter, messages: int) -> Ticket:
    ticket = counter.ticket(copies=[counter.dave])
    for n in range(messages):
        counter.reply(ticket, f"answer {n}", files=[prepare_file([b"x"], filename=f"{n}.txt")])
    services.close_ticket(ticket, by=Actor.contact(counter.carol))
    return ticket


def test_the_page_of_a_request_costs_the_same_with_two_messages_and_with_thirty(counter: Counter) -> None:
    client = Client()
    costs = []
    for messages in (1, 30):
        ticket = long_ticket(counter, messages)
        costs.append(cost(client, counter.link(ticket)))
    assert costs[0] == costs[1] <= LINK
    client.force_login(counter.account(counter.carol))
    assert cost(client, f"/requests/{ticket.number}/") <= ACCOUNT


def test_the_lists_cost_the_same_with_one_request_and_with_twenty(counter: Counter) -> None:
    client = Client()
    client.force_login(counter.account(counter.carol))
    counter.ticket()
    first = cost(client, "/requests/"), cost(client, "/")
    for n in range(19):
        counter.ticket(f"Request {n}")
    assert (cost(client, "/requests/"), cost(client, "/")) == first
    assert first[0] <= LIST and first[1] <= HOME
