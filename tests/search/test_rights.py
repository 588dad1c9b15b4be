"""Search shows nobody what he may not see, not even by a number."""

from __future__ import annotations

from typing import Any

import pytest

from tresen.core.people.principals import Principal
from tresen.core.tickets import services
from tresen.service.search.query import QueryError
from tresen.service.search.services import search_tickets
from tresen.spine.events.actors import Actor


def test_tickets_of_another_team_are_neither_shown_nor_counted(desk: Any) -> None:
    for number in range(4):
        desk.ticket(f"Netz {number}", "Drucker", team=desk.network)
    secret = desk.ticket("Bestellung", "Drucker", team=desk.orders)
    page = desk.page(desk.anna, "drucker", limit=2)
    assert page.total == 4
    assert [ticket.subject for ticket in page.items] == ["Netz 3", "Netz 2"]
    assert desk.find(desk.anna, f"number:{secret.number}") == []
    assert desk.find(desk.anna, secret.number) == []
    assert desk.find(desk.anna, "team:orders") == []
    assert desk.find(desk.piotr, "drucker") == ["Bestellung"]
    assert len(desk.find(desk.ada, "drucker")) == 5


def test_a_ticket_that_goes_to_another_team_goes_out_of_sight(desk: Any) -> None:
    ticket = desk.ticket("Drucker", team=desk.network)
    services.update_ticket(ticket, by=Actor.agent(desk.ada), set={"team": desk.orders})
    assert desk.find(desk.anna, "drucker") == []
    assert desk.find(desk.piotr, "drucker") == ["Drucker"]


def test_a_contact_finds_his_own_tickets_only(desk: Any) -> None:
    desk.ticket("Meins", "Drucker")
    desk.ticket("Fremdes", "Drucker", requester=desk.dave)
    assert desk.find(desk.carol, "drucker") == ["Meins"]
    assert desk.page(desk.carol, "drucker").total == 1
    assert desk.find(desk.dave, "drucker") == ["Fremdes"]


def test_a_contact_never_matches_notes_held_or_automatic_mail(desk: Any) -> None:
    ticket = desk.ticket("Frage", "Hallo")
    desk.note(ticket, "Zahlungsmoral schlecht")
    held = desk.received(ticket, "Stecknadel", is_held=True)
    desk.received(ticket, "Abwesenheitsnotiz", is_automatic=True)
    hidden = ("Zahlungsmoral", '"Zahlungsmoral schlecht"', "zahl*", "Stecknadel", "Abwesenheitsnotiz", "frage schlecht")
    for query in hidden:
        assert desk.find(desk.carol, query) == []
        assert desk.page(desk.carol, query).total == 0
        assert desk.find(desk.anna, query) == ["Frage"]
    services.accept_held(held, by=Actor.agent(desk.anna))
    assert desk.find(desk.carol, "Stecknadel") == ["Frage"]
    assert desk.find(desk.carol, "hallo frage") == ["Frage"]


def test_the_holder_of_a_link_finds_that_ticket_alone(desk: Any) -> None:
    one, _two = desk.ticket("Eins", "Drucker"), desk.ticket("Zwei", "Drucker")
    principal = Principal.of_link(desk.carol, one.pk)
    assert [ticket.subject for ticket in search_tickets(principal, "drucker").items] == ["Eins"]


@pytest.mark.parametrize("query", ["team:netz", "assignee:none", "assignee:anna", "internal:true"])
def test_a_contact_may_not_ask_for_fields_of_the_desk(desk: Any, query: str) -> None:
    desk.ticket("Meins", team=desk.network, assignee=desk.anna)
    with pytest.raises(QueryError) as caught:
        desk.find(desk.carol, query)
    assert caught.value.code == "unknown_field"
    assert desk.find(desk.carol, "status:new") == ["Meins"]
