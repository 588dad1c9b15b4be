"""A reply is held back when others have said or changed something since it was begun, and shows what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, value, words
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Draft, Message, Status, Ticket
from tresen.core.tickets.services import add_note, add_reply, update_ticket
from tresen.spine.events.actors import Actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    """Anna's and piotr's, both of team Netz."""
    cast.piotr.teams.add(cast.netz)
    return cast.ticket()


def begin(client: Client, ticket: Ticket) -> dict[str, str]:
    """What the open page knows of the ticket."""
    shown = tree(client.get(f"/desk/tickets/{ticket.number}/"))
    return {name: value(shown, f"#composer [name={name}]") for name in ("seen", "seen_event", "once", "reply_version")}


def send(client: Client, ticket: Ticket, page: dict[str, str], **more: Any) -> Any:
    sent = {"kind": "reply", "reply_text": "It works again.", "to": "carol@faehrholm.example", "then": "waiting"}
    return client.post(f"/desk/tickets/{ticket.number}/write/", {**sent, **page, **more}, headers=HTMX)


def test_what_customer_and_colleague_wrote_meanwhile_is_shown_and_nothing_is_lost(
    cast: Cast, anna: Client, ticket: Ticket, received: Callable[..., Message]
) -> None:
    page = begin(anna, ticket)
    received(ticket, "It is solved by itself!")
    piotr = Actor.agent(cast.piotr)
    add_note(ticket, by=piotr, agent=cast.piotr, content=Content("I have called her."))
    add_reply(ticket, by=piotr, agent=cast.piotr, content=Content("Glad to hear that."))
    held = send(anna, ticket, page)
    assert held.status_code == 409 and Message.objects.filter(kind="reply").count() == 1
    shown = tree(held)
    news = words(shown.css_first("#composer .news"))
    for said in ("Held, not sent.", "It is solved by itself!", "I have called her.", "Glad to hear that."):
        assert said in news
    assert shown.css_first("#reply-text").text() == "It works again."
    again = {name: value(shown, f"#composer [name={name}]") for name in page}
    assert send(anna, ticket, again).status_code == 200
    assert Message.objects.filter(kind="reply", agent=cast.anna).count() == 1


def test_a_field_that_both_change_is_shown_with_all_its_values(cast: Cast, anna: Client, ticket: Ticket) -> None:
    page = begin(anna, ticket)
    update_ticket(ticket, by=Actor.agent(cast.piotr), set={"status": Status.objects.default_of("solved")})
    held = send(anna, ticket, page)
    assert held.status_code == 409
    shown = tree(held)
    assert "The ticket has changed meanwhile." in words(shown.css_first("#composer .news"))
    both = words(shown.css_first("#composer .news .sides"))
    assert both == "Status when you began New now, by Piotr Wieczorek Solved with your reply Waiting for customer"
    assert send(anna, ticket, page, anyway="waiting").status_code == 200
    assert Ticket.objects.get(pk=ticket.pk).status_category == "waiting"


def test_own_changes_and_those_of_the_desk_itself_hold_nothing_back(cast: Cast, anna: Client, ticket: Ticket) -> None:
    page = begin(anna, ticket)
    update_ticket(ticket, by=Actor.agent(cast.anna), set={"priority": 4})
    add_note(ticket, by=Actor.agent(cast.anna), agent=cast.anna, content=Content("My own."))
    update_ticket(ticket, by=TEST, set={"type": "question"})
    assert send(anna, ticket, page).status_code == 200


def test_a_note_is_never_held_back(cast: Cast, anna: Client, ticket: Ticket, received: Callable[..., Message]) -> None:
    page = begin(anna, ticket)
    received(ticket)
    assert send(anna, ticket, page, kind="note", note_text="Ask Mira.").status_code == 200


def test_a_draft_knows_what_its_writer_had_seen_and_shows_the_rest_when_it_is_opened_again(
    cast: Cast, anna: Client, ticket: Ticket, received: Callable[..., Message]
) -> None:
    page = begin(anna, ticket)
    kept = {"keep": "reply", "kind": "reply", "reply_text": "Half", "turn": 1, **page}
    assert anna.post(f"/desk/tickets/{ticket.number}/draft/", kept, headers=HTMX).status_code == 200
    received(ticket, "Please hurry.")
    update_ticket(ticket, by=Actor.agent(cast.piotr), set={"priority": 4})
    # Another device, the same draft: not read in this page, so a reply from the old page would be held.
    assert send(anna, ticket, page).status_code == 409
    shown = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    news = words(shown.css_first("#composer .news.info"))
    assert "New since you began this draft" in news and "Please hurry." in news and "Urgent" in news
    assert Draft.objects.get().seen_message == int(page["seen"])
    fresh = {name: value(shown, f"#composer [name={name}]") for name in page}
    assert send(anna, ticket, fresh).status_code == 200


def test_what_comes_while_one_writes_is_told_at_once_and_once_seen_holds_nothing(
    cast: Cast, anna: Client, ticket: Ticket, received: Callable[..., Message]
) -> None:
    page = begin(anna, ticket)
    where = f"/desk/tickets/{ticket.number}/drafts/"
    known = {"seen": page["seen"], "seen_event": page["seen_event"]}
    assert anna.get(where, known, headers=HTMX).json()["news"] == ""
    received(ticket, "Please hurry.")
    told = anna.get(where, known, headers=HTMX).json()["news"]
    assert "Please hurry." in told and 'role="alert"' not in told
    mark = tree(type("Told", (), {"content": told.encode()})).css_first("[data-seen]").attributes
    seen = {"seen": mark["data-seen"], "seen_event": mark["data-seen-event"]}
    assert anna.get(where, seen, headers=HTMX).json()["news"] == ""
    assert send(anna, ticket, {**page, **seen}).status_code == 200
