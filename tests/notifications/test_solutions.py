"""Whoever handed a ticket up learns how it was solved, in the words of whoever did it; as far as he may read them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.cast import TEST, Cast
from tresen.core.people.teams import update_team
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message, Status, Ticket
from tresen.core.tickets.planning import leave, plan_reply
from tresen.core.tickets.services import add_note, add_reply, update_ticket
from tresen.kit import clock
from tresen.service.levels.handing import Package, escalate, hand_back
from tresen.service.notifications.choosing import choose
from tresen.service.notifications.jobs import mail_news
from tresen.service.notifications.kinds import Kind, Ways
from tresen.service.notifications.models import Notification
from tresen.spine.events.actors import Actor

WORDS = "The <gateway> had two addresses; the second one is gone."


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Handed up by anna, who wants to hear by mail, to piotr."""
    choose(cast.anna, ways={kind: Ways(browser=True, mail=True) for kind in Kind}, rhythm={}, by=TEST)
    orders = update_team(cast.orders, set={"level": 2}, by=TEST)
    made = cast.ticket(assignee=cast.anna)
    package = Package(tried="Restarted it.", needed="Look at the gateway.")
    escalate(
        made, by=Actor.agent(cast.anna), agent=cast.anna, level=2, team=orders, assignee=cast.piotr, package=package
    )
    return made


def solved() -> dict[str, Status]:
    return {"status": Status.objects.default_of("solved")}


def by_the_answer(cast: Cast, ticket: Ticket) -> None:
    add_reply(ticket, by=Actor.agent(cast.piotr), agent=cast.piotr, content=Content(WORDS), set=solved())


def by_an_answer_that_waited_some_seconds(cast: Cast, ticket: Ticket) -> None:
    at = clock.now() - timedelta(seconds=1)
    planned = plan_reply(
        ticket, by=Actor.agent(cast.piotr), agent=cast.piotr, content=Content(WORDS), leaves_at=at, set=solved()
    )
    assert not Notification.objects.exclude(kind="assigned").filter(message=planned).exists(), "not before it left"
    leave(planned.pk)


def by_a_note(cast: Cast, ticket: Ticket) -> None:
    add_note(ticket, by=Actor.agent(cast.piotr), agent=cast.piotr, content=Content(WORDS), set=solved())


def by_the_status_after_a_note(cast: Cast, ticket: Ticket) -> None:
    add_note(ticket, by=Actor.agent(cast.piotr), agent=cast.piotr, content=Content(WORDS))
    update_ticket(ticket, by=Actor.agent(cast.piotr), set=solved())


def by_closing_it(cast: Cast, ticket: Ticket) -> None:
    closed = {"status": Status.objects.default_of("closed")}
    add_note(ticket, by=Actor.agent(cast.piotr), agent=cast.piotr, content=Content(WORDS), set=closed)


@pytest.mark.parametrize(
    "way", [by_the_answer, by_an_answer_that_waited_some_seconds, by_a_note, by_the_status_after_a_note, by_closing_it]
)
def test_the_words_of_the_solution_reach_whoever_handed_it_up(
    cast: Cast, ticket: Ticket, sent: list[dict[str, str]], way: Callable[[Cast, Ticket], None]
) -> None:
    way(cast, ticket)
    told = Notification.objects.get(agent=cast.anna, kind="solved")
    assert told.message is not None and told.message.text == WORDS
    page = cast.browser(cast.anna).get("/desk/notifications/").content.decode()
    assert "Piotr Wieczorek solved a ticket you follow" in page and "The &lt;gateway&gt; had two addresses" in page
    mail_news(agent_id=cast.anna.pk)
    assert f"> {WORDS}" in sent[-1]["text"]


def test_the_answer_to_what_was_handed_up_is_told_in_its_words_and_cut(
    cast: Cast, ticket: Ticket, sent: list[dict[str, str]]
) -> None:
    hand_back(ticket, by=Actor.agent(cast.piotr), agent=cast.piotr, answer="First line.\n" + "word " * 400 + "END")
    page = cast.browser(cast.anna).get("/desk/notifications/").content.decode()
    assert "First line.<br>word word" in page and "word …" in page and page.count("word") < 80
    mail_news(agent_id=cast.anna.pk)
    text = sent[-1]["text"]
    assert "> First line.\n> word word" in text and "word …" in text and "END" not in text and len(text) < 1600


def test_where_nobody_wrote_there_are_no_words_and_none_of_the_package(cast: Cast, ticket: Ticket) -> None:
    update_ticket(ticket, by=Actor.agent(cast.piotr), set=solved())
    assert Notification.objects.get(agent=cast.anna, kind="solved").message is None


@pytest.mark.parametrize("writer", ["ada", "piotr"])
def test_old_words_and_those_of_others_are_not_how_it_was_solved(cast: Cast, writer: str) -> None:
    made, agent = cast.ticket(assignee=cast.anna), getattr(cast, writer)
    add_note(made, by=Actor.agent(agent), agent=agent, content=Content("Between us: he always calls twice."))
    orders = update_team(cast.orders, set={"level": 2}, by=TEST)
    package = Package(needed="Look.")
    escalate(made, by=TEST, agent=cast.anna, level=2, team=orders, assignee=cast.piotr, package=package)
    add_note(made, by=Actor.agent(cast.ada), agent=cast.ada, content=Content("Ask him whether he pays."))
    update_ticket(made, by=Actor.agent(cast.piotr), set=solved())
    assert Notification.objects.get(agent=cast.anna, kind="solved").message is None


def test_words_that_left_the_ticket_or_that_one_may_not_read_any_more_are_not_told(
    cast: Cast, ticket: Ticket, sent: list[dict[str, str]]
) -> None:
    by_a_note(cast, ticket)
    note = Message.objects.get(text=WORDS)
    Message.objects.filter(pk=note.pk).update(ticket=cast.ticket("Another of anna's"))
    page = cast.browser(cast.anna).get("/desk/notifications/").content.decode()
    assert "solved a ticket you follow" in page and "two addresses" not in page
    Message.objects.filter(pk=note.pk).update(ticket=ticket)
    assert "two addresses" in cast.browser(cast.anna).get("/desk/notifications/").content.decode()
    ticket.participants.filter(agent=cast.anna).delete()
    mail_news(agent_id=cast.anna.pk)
    assert all("two addresses" not in mail["text"] for mail in sent)
    assert "two addresses" not in cast.browser(cast.anna).get("/desk/notifications/").content.decode()
