"""Typing mistakes are forgiven where nothing is found, the place that was found is shown, the best come first."""

from __future__ import annotations

from typing import Any

import pytest

from tests.search.conftest import Desk
from tresen.core.people.models import Agent, Contact
from tresen.core.people.principals import Principal
from tresen.service.search.excerpts import LENGTH, excerpts
from tresen.service.search.services import SearchPage, parse_query, search_tickets
from tresen.service.search.spelling import distance, near


def reader(who: Agent | Contact) -> Principal:
    return Principal.of_agent(who) if isinstance(who, Agent) else Principal.of_contact(who)


def found(who: Agent | Contact, line: str, **more: Any) -> SearchPage:
    return search_tickets(reader(who), line, forgive=True, **more)


def subjects(page: SearchPage) -> list[str]:
    return [ticket.subject for ticket in page.items]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("druker", "drucker"), ("drucekr ", "drucker"), ("Drrucker ", "drucker"), ("drukcer", "drucker"),
     ("rechnug ", "rechnung"), ("Rechnungg", "rechnung"), ("rechunng ", "rechnung"), ("xechnung ", "rechnung"),
     ("Warteschlagne", "warteschlange"), ("Wartteschlanke ", "warteschlange")],
)  # fmt: skip
def test_a_misspelt_word_is_taken_for_the_nearest(desk: Desk, typed: str, meant: str) -> None:
    desk.ticket("Eins", "Der Drucker druckt die Rechnung nicht, sie steht in der Warteschlange")
    page = found(desk.ada, typed)
    assert subjects(page) == ["Eins"]
    assert page.forgiven == {typed.strip(): meant}
    assert page.words == (meant,)


def test_what_is_found_needs_no_forgiving(desk: Desk) -> None:
    desk.ticket("Eins", "Der Drucker")
    desk.ticket("Zwei", "Der Drucher")
    assert (subjects(found(desk.ada, "drucher ")), found(desk.ada, "drucher ").forgiven) == (["Zwei"], {})
    assert search_tickets(reader(desk.ada), "druker ").items == []  # only who asks for it


def test_only_the_wrong_word_of_a_line_is_replaced_and_all_else_holds(desk: Desk) -> None:
    desk.ticket("Eins", "Der Drucker im Keller")
    desk.ticket("Zwei", "Der Drucker im Dach")
    page = found(desk.ada, "druker keller status:new -dach ")
    assert (subjects(page), page.forgiven) == (["Eins"], {"druker": "drucker"})
    assert found(desk.ada, "druker status:closed ").items == []


@pytest.mark.parametrize(
    "line", ["xyzzyx ", "dru ", '"druker"', "1234567 ", "druker garten ", "tag:none druker status:closed"]
)
def test_where_nothing_is_near_nothing_is_found(desk: Desk, line: str) -> None:
    desk.ticket("Eins", "Der Drucker im Keller 1234568")
    page = found(desk.ada, line)
    assert (page.items, page.forgiven, page.total) == ([], {}, 0)


def test_nothing_is_offered_from_what_one_may_not_see(desk: Desk) -> None:
    secret = desk.ticket("Geheim", "Stecknadel", team=desk.orders)
    own = desk.ticket("Frage", "Hallo", team=desk.network)
    desk.note(own, "Heuhaufen")
    assert found(desk.anna, "steknadel ").forgiven == {}
    assert found(desk.piotr, "steknadel ").items == [secret]
    assert found(desk.carol, "heuhaufn ").forgiven == {}
    assert found(desk.anna, "heuhaufn ").forgiven == {"heuhaufn": "heuhaufen"}


def test_the_best_come_first_and_pages_go_on_behind_them(desk: Desk) -> None:
    for number in range(4):
        desk.ticket(f"Drucker {number}", "kaputt")
        desk.ticket(f"Anderes {number}", "Der Drucker ist kaputt")
    assert subjects(search_tickets(reader(desk.ada), "drucker "))[0] == "Anderes 3"
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        page = search_tickets(reader(desk.ada), "drucker ", best=True, limit=3, cursor=cursor)
        assert page.total == 8
        seen, cursor = seen + subjects(page), page.next
    assert cursor is None
    assert seen == [*(f"Drucker {n}" for n in (3, 2, 1, 0)), *(f"Anderes {n}" for n in (3, 2, 1, 0))]


def test_only_the_newest_are_ranked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tresen.service.search.services.RANKED", 3)
    for subject in ("Drucker alt", "Eins", "Zwei", "Drucker neu"):
        desk.ticket(subject, "Der Drucker ist kaputt")
    first = search_tickets(reader(desk.ada), "drucker ", best=True, limit=2)
    second = search_tickets(reader(desk.ada), "drucker ", best=True, limit=2, cursor=first.next)
    third = search_tickets(reader(desk.ada), "drucker ", best=True, limit=2, cursor=second.next)
    assert [subjects(page) for page in (first, second, third)] == [["Drucker neu", "Zwei"], ["Eins"], ["Drucker alt"]]
    assert third.next is None


def test_the_place_that_was_found_is_cut_out(desk: Desk, django_assert_num_queries: Any) -> None:
    long = "Sehr geehrte Damen und Herren, " * 9 + "der Müllschlucker im Erdgeschoß ist verstopft. " + "Danke. " * 40
    ticket = desk.ticket("Frage", long)
    other = desk.ticket("Müllschlucker", "nichts davon")
    anna = reader(desk.anna)
    query = parse_query("mullschlucker erdgeschoss", anna)
    with django_assert_num_queries(2):
        cut = excerpts([ticket, other], query, anna)
    assert set(cut) == {ticket.pk}
    assert "der Müllschlucker im Erdgeschoß ist verstopft." in cut[ticket.pk]
    assert cut[ticket.pk].startswith("… ") and cut[ticket.pk].endswith(" …") and len(cut[ticket.pk]) <= LENGTH + 4


def test_the_newest_message_that_was_found_is_shown_and_nothing_internal_to_customers(desk: Desk) -> None:
    ticket = desk.ticket("Frage", "Die Rechnungen fehlen")
    desk.reply(ticket, "Welche Rechnung meinen Sie?")
    desk.note(ticket, "Rechnung ist bezahlt")
    desk.reply(ticket, "Moment bitte")
    for who, text in ((desk.anna, "Rechnung ist bezahlt"), (desk.carol, "Welche Rechnung meinen Sie?")):
        assert excerpts([ticket], parse_query("rechnung ", reader(who)), reader(who)) == {ticket.pk: text}
    assert excerpts([ticket], parse_query("status:open -rechnung ", reader(desk.anna)), reader(desk.anna)) == {}


def test_how_far_words_are_apart() -> None:
    assert [distance("abc", other) for other in ("abc", "abd", "ab", "abcd", "acb", "xyz", "")] == [0, 1, 1, 1, 1, 3, 3]
    assert near("staus", ["status", "stats"]) in {"status", "stats"}
    assert near("ab", ["abc"]) is None
