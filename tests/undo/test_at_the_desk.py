"""Every change at the desk answers with its undo; “What I did” keeps them together. Works as plain HTML."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast
from tests.desk.conftest import HTMX, tree, words
from tests.undo.conftest import now
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.services import update_ticket
from tresen.spine.events.actors import Actor


@pytest.fixture
def anna(cast: Cast) -> Client:
    return cast.browser(cast.anna)


def close(client: Client, ticket: Ticket, **how: str) -> str:
    """Closes it on its page; the address of the undo that is offered."""
    response = client.post(
        f"/desk/tickets/{ticket.number}/change/", {"field": "status", "value": "closed", "was": "new"}, headers=how
    )
    page = tree(response if how else client.get(response["Location"]))
    toast = page.css_first(".toast form")
    assert "Status: Closed" in words(toast.parent)
    assert toast.css_first("button[data-action=undo]")
    assert toast.css_first("input[name=ticket]").attributes["value"] == ticket.number
    return str(toast.attributes["action"])


def test_a_change_is_undone_by_its_toast(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    url = close(anna, ticket, **HTMX)
    response = anna.post(url, {"ticket": ticket.number}, headers=HTMX)
    assert now(ticket).status == ticket.status
    assert "Taken back." in response["HX-Trigger"] and tree(response).css_first("#t-head")
    again = anna.post(url, {"ticket": ticket.number}, headers=HTMX)
    assert "no longer" in again["HX-Trigger"]


def test_the_same_without_a_script(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    response = anna.post(close(anna, ticket), {"ticket": ticket.number})
    assert response["Location"] == f"/desk/tickets/{ticket.number}/"
    page = tree(anna.get(response["Location"]))
    assert "Taken back." in words(page.css_first(".toast")) and now(ticket).status == ticket.status
    assert "taken back" in words(page.css_first("#timeline"))


def test_a_change_that_changes_nothing_offers_no_undo(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    form = {"field": "priority", "value": "2", "was": "2"}
    assert not tree(anna.post(f"/desk/tickets/{ticket.number}/change/", form, headers=HTMX)).css_first(".toast")
    assert not Operation.objects.exists()


def test_what_i_did_lists_it_with_what_an_undo_had_to_leave(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    close(anna, ticket)
    update_ticket(ticket, by=Actor.agent(cast.ada), set={"ball": "us"})
    page = tree(anna.get("/desk/operations/"))
    row = page.css_first(".did li")
    assert "Status: New → Closed" in words(row) and ticket.subject in words(row)
    response = anna.post(str(row.css_first("form").attributes["action"]))
    page = tree(anna.get(response["Location"]))
    assert "“Whose turn” stays, Ada Berg has changed it since." in words(page.css_first(".toast"))
    row = page.css_first(".did li")
    assert "Ada Berg has changed it since" in words(row) and not row.css_first("form")


def test_nobody_undoes_for_others(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    url = close(anna, ticket)
    assert cast.browser(cast.ada).post(url).status_code == 404
    assert cast.browser(cast.ada).get("/desk/operations/").content.count(b"operation-undo") == 0
    assert now(ticket).status.slug == "closed"


def test_a_ticket_out_of_sight_is_named_by_its_number_alone(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket(subject="Secret matter")
    anna.post(f"/desk/tickets/{ticket.number}/change/", {"field": "team", "value": str(cast.orders.pk), "was": "Netz"})
    said = anna.get("/desk/operations/").content.decode()
    assert ticket.shown_number in said and "Secret matter" not in said
    url = str(tree(anna.get("/desk/operations/")).css_first(".did form").attributes["action"])
    page = tree(anna.get(anna.post(url)["Location"]))
    assert "You may not change all" in words(page.css_first(".toast")) and now(ticket).team == cast.orders


def test_what_i_did_costs_the_same_however_much_it_was(cast: Cast, anna: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for _ in range(8):
        anna.post(f"/desk/tickets/{cast.ticket().number}/change/", {"field": "priority", "value": "3", "was": "2"})
    anna.get("/desk/operations/")
    with django_assert_max_num_queries(20):
        anna.get("/desk/operations/")
