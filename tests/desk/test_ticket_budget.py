"""What a ticket may cost: queries whatever its length, bytes over the wire."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX
from tresen.channels.mail.models import RawMail
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Attachment, Message, Tag, Ticket
from tresen.core.tickets.services import add_note, add_participant, add_reply, update_ticket

MOST_QUERIES = 12
MOST_BYTES = 15 * 1024


def busy_ticket(cast: Cast, received: Callable[..., Message], file: Callable[..., Attachment], rounds: int) -> Ticket:
    """A ticket with people, tags, files, other tickets and three messages a round."""
    old = cast.ticket(subject="Printer")
    ticket = cast.ticket(follows=old, assignee=cast.anna)
    add_participant(ticket, by=TEST, contact=cast.dave)
    add_participant(ticket, by=TEST, agent=cast.piotr, role="follower")
    for number in range(rounds):
        file(received(ticket, f"Message {number}"), "a.txt", b"x")
        add_reply(ticket, by=TEST, agent=cast.anna, content=Content(f"Reply {number}"))
        add_note(ticket, by=TEST, agent=cast.piotr, content=Content(f"Note {number}"))
        tag = Tag.objects.create(name=f"tag {number}")
        update_ticket(ticket, by=TEST, set={"tags": [tag], "priority": 1 + number % 4})
    return ticket


@pytest.mark.parametrize("rounds", [1, 12])
def test_a_ticket_costs_the_same_queries_whatever_its_length(
    cast: Cast, anna: Client, received: Callable[..., Message], file: Callable[..., Attachment], rounds: int,
    django_assert_num_queries: Any,
) -> None:  # fmt: skip
    ticket = busy_ticket(cast, received, file, rounds)
    anna.get(f"/desk/tickets/{ticket.number}/")
    with django_assert_num_queries(MOST_QUERIES):
        anna.get(f"/desk/tickets/{ticket.number}/", headers=HTMX)


def test_a_ticket_reads_no_mail_as_it_came(
    cast: Cast, anna: Client, received: Callable[..., Message], raw_mail: Callable[..., RawMail]
) -> None:
    """Whether its bytes are kept is told by their length, which the database knows without reading them."""
    message = received(cast.ticket())
    raw_mail(message, b"Subject: x")
    with CaptureQueriesContext(connection) as queries:
        page = anna.get(f"/desk/tickets/{message.ticket.number}/").content.decode()
    assert "Show original" in page
    told = " ".join(query["sql"] for query in queries)
    assert '."raw"' in told and '."raw"' not in re.sub(r'LENGTH\(\w+\."raw"\)', "", told)


def test_a_ticket_of_six_messages_is_small_on_the_wire(
    cast: Cast, anna: Client, received: Callable[..., Message]
) -> None:
    ticket = cast.ticket(text=prose(1))
    for number in range(2, 6):
        received(ticket, prose(number))
    add_reply(ticket, by=TEST, agent=cast.anna, content=Content(prose(6)))
    page = anna.get(f"/desk/tickets/{ticket.number}/", headers=HTMX).content
    assert len(gzip.compress(page, 6)) < MOST_BYTES


def prose(seed: int) -> str:
    """About 2 KB of text that compresses like prose: words of a small language, never the same line twice."""
    syllables = "ka lo mi ren tos va ber du schi nok pra zel wi ham".split()
    words, state = [], seed * 7919
    while sum(len(word) + 1 for word in words) < 2000:
        state = (state * 1103515245 + 12345) % 2**31
        words.append("".join(syllables[(state >> shift) % len(syllables)] for shift in (3, 9, 17)[: 1 + state % 3]))
    return " ".join(words)
