"""Similar tickets are found when a new one comes, shown beside it to whoever may see them, and linked by one click."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tresen.core.people.principals import Principal
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.services import update_ticket
from tresen.core.tickets.structure_models import Relation
from tresen.kit import clock
from tresen.service.learning.jobs import look_at
from tresen.service.learning.models import Similar, SpamMark
from tresen.service.learning.similar import pairs_of, similar_to
from tresen.spine.jobs.worker import drain

TRUNK = "Since the update the forklift terminal at gate seven reboots and loses the scanned pallets."


def new(cast: Cast, subject: str, text: str, **more: Any) -> Ticket:
    ticket = cast.ticket(subject=subject, text=text, **more)
    drain()
    return ticket


def beside(client: Client, ticket: Ticket) -> str:
    found = tree(client.get(f"/desk/tickets/{ticket.number}/")).css_first("#similar")
    return words(found) if found else ""


def test_what_speaks_of_the_same_is_shown_both_ways_and_linked_with_a_click(cast: Cast) -> None:
    other = new(cast, "Invoice", "The invoice of March has the wrong address.")
    old = new(cast, "Forklift terminal reboots", TRUNK, assignee=cast.anna)
    update_ticket(old, by=TEST, set={"status": Status.objects.default_of(StatusCategory.SOLVED)})
    fresh = new(
        cast, "Terminal at the gate", "Our forklift terminals reboot again and pallets that were scanned are lost"
    )
    anna = cast.browser(cast.anna)
    assert old.subject in beside(anna, fresh) and "forklift" in beside(anna, fresh)
    assert fresh.subject in beside(anna, old) and not beside(anna, other)
    button = tree(anna.get(f"/desk/tickets/{fresh.number}/")).css_first("#similar [data-action='link-first']")
    assert button.attributes["aria-keyshortcuts"] == "1" and button.css_first("kbd").text() == "1"
    anna.post(f"/desk/tickets/{fresh.number}/connect/", {"with": old.number, "act": "related"})
    assert Relation.objects.filter(source=fresh, target=old, kind="related").exists()
    assert not beside(anna, fresh), "what is linked stands with the links"


def test_nobody_sees_what_he_may_not_and_nothing_that_is_gone(cast: Cast) -> None:
    for fate in ("another team", "spam", "bin"):
        Ticket.objects.update(deleted_at=clock.now())
        old = new(cast, "Forklift terminal reboots", TRUNK, team=cast.orders if fate == "another team" else cast.netz)
        fresh = new(cast, "Forklift terminal reboots", TRUNK)
        if fate == "another team":
            assert beside(cast.browser(cast.ada), fresh) and not beside(cast.browser(cast.anna), fresh)
        if fate == "bin":
            Ticket.objects.filter(pk=old.pk).update(deleted_at=clock.now())
            assert not beside(cast.browser(cast.ada), fresh)
        if fate == "spam":
            SpamMark.objects.create(ticket=old, is_spam=True, name="x", at=clock.now())
            SpamMark.objects.create(ticket=fresh, is_spam=True, name="x", at=clock.now())
            third = new(cast, "Forklift terminal reboots", TRUNK)
            assert not Similar.objects.filter(ticket=third).exists()


def test_a_word_that_stands_everywhere_makes_nothing_similar_and_looking_twice_changes_nothing(cast: Cast) -> None:
    tickets = [new(cast, "VPN", f"The VPN is down, says colleague number {n}") for n in range(3)]
    rows = list(Similar.objects.order_by("pk").values_list("ticket", "other"))
    look_at(ticket_id=tickets[2].pk)
    assert list(Similar.objects.order_by("pk").values_list("ticket", "other")) == rows
    lone = new(cast, "Hello", "Please call me back")
    assert not Similar.objects.filter(ticket=lone).exists()


def test_of_very_many_that_came_later_the_most_similar_are_read_by_an_index(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tresen.service.learning.similar.MOST_READ", 7)
    old = cast.ticket("Gate seven")
    for n in range(20):
        later = cast.ticket(f"Gate seven {n}")
        Similar.objects.create(ticket=later, other=old, score=n / 20, words=["gate"])
    assert sorted(pair.score * 20 for pair in pairs_of(old.pk)) == [13, 14, 15, 16, 17, 18, 19]
    assert [ticket.subject for ticket, _words in similar_to(old, Principal.of_agent(cast.ada))] == [
        f"Gate seven {n}" for n in (19, 18, 17, 16, 15)
    ]
    if connection.vendor == "sqlite":  # PostgreSQL reads so small a table from end to end
        assert "similar_later_by_score (other_id=?)" in pairs_of(old.pk).explain()
