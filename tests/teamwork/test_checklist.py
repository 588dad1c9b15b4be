"""What is to be done on a ticket, step by step."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, words
from tresen.core.teamwork.checklist import MOST_ITEMS, add_items
from tresen.core.teamwork.models import ChecklistItem
from tresen.core.tickets.models import Ticket
from tresen.spine.events.models import Event


def texts(ticket: Ticket) -> list[str]:
    """The steps in their order."""
    return [item.text for item in ChecklistItem.objects.filter(ticket=ticket)]


def act(client: Client, item: ChecklistItem, **data: str) -> Any:
    """Something is done with a step."""
    return client.post(f"/desk/checklist/{item.pk}/", data, headers=HTMX)


def test_steps_are_added_a_line_each_and_ticked(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    page = anna.post(
        f"/desk/tickets/{ticket.number}/checklist/", {"items": "Call <b>\n\n  Order  part \n"}, headers=HTMX
    )
    assert texts(ticket) == ["Call <b>", "Order part"]
    assert "0 of 2 done" in words(tree(page)) and tree(page).css_first("#checklist b") is None
    first = ChecklistItem.objects.get(position=0)
    assert "1 of 2 done" in words(tree(act(anna, first, what="done")))
    act(anna, first, what="done")
    assert Event.objects.filter(kind="checklist.changed").count() == 2
    first.refresh_from_db()
    assert first.done_by == cast.anna
    assert "0 of 2 done" in words(tree(act(anna, first, what="opened")))


def test_steps_change_places_by_their_keys(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    one, two, three = add_items(ticket, ["one", "two", "three"], by=TEST)
    act(anna, three, what="up")
    act(anna, one, what="up")
    act(anna, one, what="down")
    assert texts(ticket) == ["three", "one", "two"]
    act(anna, two, what="remove")
    act(anna, one, what="change", text="one more")
    assert texts(ticket) == ["three", "one more"]


def test_a_step_that_calls_a_colleague_is_his_and_he_sees_the_ticket(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    [item] = add_items(ticket, ["Order the part @piotr"], by=TEST)
    assert item.assignee == cast.piotr
    assert cast.browser(cast.piotr).get(f"/desk/tickets/{ticket.number}/").status_code == 200
    act(anna, item, what="change", text="Order the part")
    item.refresh_from_db()
    assert item.assignee is None


def test_a_checklist_ends_somewhere_and_what_was_typed_is_kept(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    add_items(ticket, [f"step {n}" for n in range(MOST_ITEMS - 1)], by=TEST)
    refused = anna.post(f"/desk/tickets/{ticket.number}/checklist/", {"items": "a\nb"}, headers=HTMX)
    assert refused.status_code == 422 and tree(refused).css_first("#checklist-items").text() == "a\nb"


def test_a_step_on_the_ticket_of_others_is_not_there(cast: Cast) -> None:
    [item] = add_items(cast.ticket(), ["one"], by=TEST)
    assert act(cast.browser(cast.piotr), item, what="done").status_code == 404


def test_a_ticket_with_all_of_it_costs_two_queries_more_than_one_without(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    costs = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            anna.get(f"/desk/tickets/{ticket.number}/", headers=HTMX)
        costs.append(len(queries))
        add_items(ticket, [f"step {n} @anna" for n in range(9)], by=TEST)
        anna.post(f"/desk/tickets/{ticket.number}/time/", {"minutes": "5"})
        anna.post(f"/desk/tickets/{ticket.number}/snooze/", {"until": "tomorrow"})
    assert costs[1] <= costs[0] + 2
