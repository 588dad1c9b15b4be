"""Who is told of what: each once, never of his own acts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import TEST, Cast
from tresen.core.people.models import Agent
from tresen.core.teamwork.checklist import add_items
from tresen.core.teamwork.following import follow
from tresen.core.teamwork.jobs import wake_ticket
from tresen.core.teamwork.snoozing import snooze
from tresen.core.tickets.choices import Delivery
from tresen.core.tickets.content import Content
from tresen.core.tickets.drafts import Writing, save_draft
from tresen.core.tickets.reviews import ask_review
from tresen.core.tickets.services import add_note, add_received, add_reply, set_delivery, update_ticket
from tresen.kit import clock
from tresen.service.notifications.models import Notification
from tresen.service.notifications.reactions import notify
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event


def told(agent: Agent) -> list[str]:
    """The kinds of what an agent was told, oldest first."""
    return list(Notification.objects.filter(agent=agent).order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def by_anna(cast: Cast) -> Actor:
    """Anna does it."""
    return Actor.agent(cast.anna)


def test_a_ticket_that_becomes_mine_is_news_unless_i_took_it(cast: Cast, by_anna: Actor) -> None:
    ticket = cast.ticket(team=None, assignee=cast.piotr)
    update_ticket(ticket, by=by_anna, set={"assignee": cast.anna})
    update_ticket(ticket, by=by_anna, set={"assignee": cast.piotr})
    assert told(cast.piotr) == ["assigned", "assigned"] and told(cast.anna) == []


def test_who_is_called_in_a_note_is_told_and_so_is_his_team(cast: Cast, by_anna: Actor) -> None:
    cast.ada.teams.add(cast.orders)
    add_note(cast.ticket(), by=by_anna, agent=cast.anna, content=Content("@piotr and @Orders and @anna"))
    assert told(cast.piotr) == told(cast.ada) == ["mention"] and told(cast.anna) == []


def test_who_is_given_a_step_is_told(cast: Cast, by_anna: Actor) -> None:
    add_items(cast.ticket(), ["Order it @piotr", "Call @anna"], by=by_anna)
    assert told(cast.piotr) == ["mention"] and told(cast.anna) == []


def test_an_answer_is_news_for_the_assignee_and_for_who_follows(cast: Cast) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    Notification.objects.all().delete()
    follow(ticket, agent=cast.ada, by=Actor.agent(cast.ada))
    follow(ticket, agent=cast.anna, by=Actor.agent(cast.anna))
    for automatic in (True, False):
        add_received(ticket, by=Actor.contact(cast.carol), contact=cast.carol, content=Content("Again"), channel="mail",
                     trust="claimed", is_automatic=automatic)  # fmt: skip
    assert told(cast.anna) == ["answer"] and told(cast.ada) == ["followed"]


def test_who_follows_is_told_of_changes_notes_and_replies_of_others(cast: Cast, by_anna: Actor) -> None:
    ticket = cast.ticket()
    follow(ticket, agent=cast.ada, by=Actor.agent(cast.ada))
    follow(ticket, agent=cast.anna, by=by_anna)
    update_ticket(ticket, by=by_anna, set={"priority": 4})
    add_note(ticket, by=by_anna, agent=cast.anna, content=Content("So it is."))
    add_reply(ticket, by=by_anna, agent=cast.anna, content=Content("Done."))
    assert told(cast.ada) == ["followed"] * 3 and told(cast.anna) == []


def test_a_ticket_that_wakes_in_time_is_news_for_who_let_it_sleep(cast: Cast, monkeypatch: Any) -> None:
    ticket = cast.ticket(assignee=cast.ada)
    Notification.objects.all().delete()
    row = snooze(ticket, agent=cast.anna, until=clock.now() + timedelta(hours=1), by=TEST)
    then = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: then)
    wake_ticket(snooze_id=row.pk)
    assert told(cast.anna) == told(cast.ada) == ["woke"]


def test_a_reply_that_did_not_arrive_is_news_for_its_writer(cast: Cast, by_anna: Actor) -> None:
    reply = add_reply(cast.ticket(), by=by_anna, agent=cast.anna, content=Content("Hello."))
    set_delivery(reply, state=Delivery.SENT, by=TEST)
    set_delivery(reply, state=Delivery.BOUNCED, by=TEST)
    assert told(cast.anna) == ["undelivered"]


def test_told_twice_is_told_once(cast: Cast) -> None:
    cast.ticket(assignee=cast.anna)
    notify(Event.objects.get(kind="ticket.created"))
    assert told(cast.anna) == ["assigned"]


def test_who_left_the_desk_is_told_nothing(cast: Cast) -> None:
    cast.piotr.user.is_active = False
    cast.piotr.user.save()
    ticket = cast.ticket()
    follow(ticket, agent=cast.piotr, by=TEST)
    update_ticket(ticket, by=TEST, set={"priority": 4})
    assert told(cast.piotr) == []


def test_who_is_asked_to_review_a_draft_is_told(cast: Cast, by_anna: Actor) -> None:
    ticket = cast.ticket()
    draft = save_draft(ticket, agent=cast.anna, kind="reply", writing=Writing(text="Dear Carol"))
    ask_review(draft, by=by_anna, agent=cast.ada)
    assert told(cast.ada) == ["review"] and told(cast.anna) == []
