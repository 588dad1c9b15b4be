"""What people find, on both databases the same."""

from __future__ import annotations

from typing import Any

import pytest

from tresen.core.people.principals import NOBODY, SYSTEM, Principal
from tresen.core.tickets import services
from tresen.core.tickets.models import Ticket
from tresen.service.search.query import QueryError
from tresen.service.search.services import COUNT_LIMIT, apply_query, search_tickets
from tresen.spine.events.actors import Actor


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("Rechnungen", "Leider ist die Rechnung falsch"),
        ("fakturę", "Gdzie jest moja faktura?"),
        ("lodz", "Nasz oddział w Łodzi i w Łódź"),
        ("Grosse", "Die Größe stimmt nicht"),
        ("Groesse", "Die Größe stimmt nicht"),
        ("drucker rech", "Der Drucker druckt keine Rechnung"),
        ('"keine Rechnung"', "Der Drucker druckt keine Rechnung"),
        ("ORD100010", "Bestellung ORD-100010"),
        ("ORD_100010", "Bestellung ORD-100010"),
        ("040 1234567", "Tel. 040/12 34 567"),
        ("e-mail", "Meine Email geht nicht"),
        ("carla@kunde.example", "von carla@kunde.example"),
        ("1e5 0x1f 12ab 5e", "1e5 0x1f 12ab 5e"),
        ("привет", "Привет из Киева"),
    ],
)
def test_a_ticket_is_found_by_the_text_of_its_message(desk: Any, query: str, text: str) -> None:
    desk.ticket("Frage", text)
    desk.ticket("Anderes", "ganz anderer Inhalt")
    assert desk.find(desk.ada, query) == ["Frage"]


def test_a_ticket_is_found_by_its_subject_at_once_and_after_a_change(desk: Any) -> None:
    ticket = desk.ticket("Drucker defekt", "Hallo")
    assert desk.find(desk.ada, "drucker") == ["Drucker defekt"]
    services.update_ticket(ticket, by=Actor.agent(desk.ada), set={"subject": "Scanner kaputt"})
    assert desk.find(desk.ada, "drucker") == []
    assert desk.find(desk.ada, "scanner") == ["Scanner kaputt"]


def test_words_may_stand_in_different_messages_of_a_ticket(desk: Any) -> None:
    ticket = desk.ticket("Drucker", "im Keller")
    desk.reply(ticket, "Bitte Papier nachlegen")
    desk.note(ticket, "Trommel bestellt")
    desk.ticket("Drucker", "im Dach")
    assert desk.find(desk.ada, "drucker keller papier trommel") == ["Drucker"]
    assert desk.find(desk.ada, "drucker keller dach") == []


def test_a_phrase_does_not_reach_over_two_words(desk: Any) -> None:
    desk.ticket("Eins", "der graue Drucker steht im Keller")
    assert desk.find(desk.ada, '"graue Drucker"') == ["Eins"]
    assert desk.find(desk.ada, '"graue Keller"') == []
    assert desk.find(desk.ada, '"Drucker graue"') == []


def test_a_ticket_is_found_by_its_number_as_it_is_spoken(desk: Any) -> None:
    ticket = desk.ticket("Frage")
    other = desk.ticket("Andere", f"siehe {ticket.number}")
    for query in (ticket.number.lower(), ticket.shown_number, f"[#{ticket.number}]"):
        assert set(desk.find(desk.ada, query)) >= {"Frage"}
    assert desk.find(desk.ada, ticket.number) == ["Andere", "Frage"]
    assert desk.find(desk.ada, f"number:{ticket.number}") == ["Frage"]
    assert desk.find(desk.ada, f"number:{ticket.number},{other.number}") == ["Andere", "Frage"]
    assert desk.find(desk.ada, ticket.number[:5]) == ["Andere", "Frage"]


def test_names_of_files_and_of_the_writer_are_found(desk: Any) -> None:
    from tresen.core.tickets.content import prepare_file

    desk.ticket("Frage", "siehe Anhang", files=[prepare_file([b"x"], filename="Lieferschein_0815.txt")])
    assert desk.find(desk.ada, "lieferschein") == ["Frage"]
    assert desk.find(desk.ada, "Carol") == ["Frage"]


def test_a_very_long_text_is_indexed_by_a_job(desk: Any) -> None:
    from tresen.spine.jobs.worker import drain

    desk.ticket("Lang", "Wort " * 10_000 + " Nadelkissen")
    assert desk.find(desk.ada, "Lang") == ["Lang"]
    drain("default")
    assert desk.find(desk.ada, "Nadelkissen") == ["Lang"]


def test_fields_narrow_the_search(desk: Any) -> None:
    desk.ticket("Eins", "Drucker", team=desk.network, assignee=desk.anna)
    desk.ticket("Zwei", "Drucker", team=desk.orders)
    desk.ticket("Drei", "Drucker")
    find = desk.find
    assert find(desk.ada, "drucker team:netz") == ["Eins"]
    assert find(desk.ada, 'team:"NETZ & ŁĄCZA",orders') == ["Zwei", "Eins"]
    assert find(desk.ada, "team:none") == ["Drei"]
    assert find(desk.piotr, "team:mine") == ["Zwei"]
    assert find(desk.anna, "assignee:me drucker") == ["Eins"]
    assert find(desk.ada, "assignee:öztürk") == find(desk.ada, "assignee:anna@lindhafen.example") == ["Eins"]
    assert find(desk.ada, "assignee:none") == ["Drei", "Zwei"]
    assert find(desk.ada, "status:new,closed") == ["Drei", "Zwei", "Eins"]
    assert find(desk.ada, "status:closed") == []


def test_a_status_is_known_by_category_and_by_its_name_in_any_language(desk: Any) -> None:
    ticket = desk.ticket("Eins")
    names = [ticket.status.slug, ticket.status_category.upper(), *ticket.status.names.values()]
    for name in names:
        assert desk.find(desk.ada, f'status:"{name}"') == ["Eins"]


@pytest.mark.parametrize("query", ["status:nonsense", "team:nobody", "assignee:nobody", "color:red", "number:T1"])
def test_a_wrong_field_or_value_gets_a_clear_answer(desk: Any, query: str) -> None:
    with pytest.raises(QueryError) as caught:
        desk.find(desk.ada, query)
    assert query.split(":")[1] in str(caught.value) or query.split(":")[0] in str(caught.value)


def test_pages_go_by_key_and_totals_stop_counting(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(7):
        desk.ticket(f"Nummer {number}", "gleicher Text")
    first = desk.page(desk.ada, "gleicher text", limit=3)
    assert [ticket.subject for ticket in first.items] == ["Nummer 6", "Nummer 5", "Nummer 4"]
    assert (first.total, first.has_more_than_total) == (7, False)
    second = desk.page(desk.ada, "gleicher text", limit=3, cursor=first.next)
    third = desk.page(desk.ada, "gleicher text", limit=3, cursor=second.next)
    assert [ticket.subject for ticket in third.items] == ["Nummer 0"]
    assert third.next is None
    assert third.total == 7
    monkeypatch.setattr("tresen.service.search.services.COUNT_LIMIT", 5)
    capped = desk.page(desk.ada, "gleicher", limit=3)
    assert (capped.total, capped.has_more_than_total) == (5, True)
    assert COUNT_LIMIT == 1000


@pytest.mark.parametrize("cursor", ["", "x", "0x1", "-1", "1 OR 1=1", f"{'f' * 16}-1", "٣-1", "1_0-1", "0x1-1", "5"])
def test_a_cursor_that_is_none_is_refused(desk: Any, cursor: str) -> None:
    with pytest.raises(QueryError) as caught:
        desk.page(desk.ada, "text", cursor=cursor)
    assert caught.value.code == "bad_cursor"


def test_an_empty_line_finds_nothing_and_leaves_a_list_whole(desk: Any) -> None:
    desk.ticket("Eins")
    assert desk.find(desk.ada, "  ") == []
    assert apply_query(Ticket.objects.visible_to(SYSTEM), "", SYSTEM).count() == 1


def test_a_line_of_signs_alone_finds_nothing(desk: Any) -> None:
    desk.ticket("Eins", "Text")
    assert desk.find(desk.ada, "?!") == []
    assert desk.find(desk.ada, "status:new ?!") == ["Eins"]


HOSTILE = [
    '"',
    '""',
    '"""',
    "*",
    "a*",
    "%",
    "_",
    "'",
    "\\",
    "\0",
    "a\0b",
    "x' OR '1'='1",
    "x'; DROP TABLE search_searchdocument; --",
    "tokens:x",
    "NEAR(a b)",
    "a AND",
    "a OR b",
    "^a",
    "{tokens}:a",
    "a + b",
    "a & b",
    "a | !b",
    "a <-> b",
    "a:*",
    "'a':A",
    "(",
    "((((a",
    "$1 %s %(x)s {0}",
    "internal\u200b true",
    "\ud800",
    "a" * 500,
    "é" * 500,
    "\ufdfa" * 27,
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_line_does_no_harm(desk: Any, query: str) -> None:
    desk.ticket("Eins", "harmloser Text zzz")
    try:
        found = desk.find(desk.ada, query)
    except QueryError as fault:
        assert str(fault)
        found = []
    assert found == []
    assert desk.find(desk.ada, "harmloser") == ["Eins"]


def test_a_hostile_text_can_be_indexed(desk: Any) -> None:
    for number, query in enumerate(HOSTILE):
        desk.ticket(f"Nummer {number}", f"{query.replace(chr(0), '').replace(chr(0xD800), '')} Stecknadel")
    assert len(desk.find(desk.ada, "Stecknadel")) == len(HOSTILE)


def test_a_search_page_takes_a_fixed_number_of_queries(desk: Any, django_assert_num_queries: Any) -> None:
    for number in range(5):
        ticket = desk.ticket(f"Nummer {number}", "gleicher Text", team=desk.network, assignee=desk.anna)
        desk.reply(ticket, "Antwort")
    principal = Principal.of_agent(desk.anna)

    def read(query: str) -> None:
        for ticket in search_tickets(principal, query, limit=3).items:
            str(ticket.status), str(ticket.team), str(ticket.assignee), str(ticket.requester), str(ticket.brand)

    with django_assert_num_queries(2):
        read("gleicher text antwort status:open assignee:me")
    with django_assert_num_queries(3):
        read("gleicher team:netz")


def test_nobody_finds_nothing_and_the_system_everything(desk: Any) -> None:
    desk.ticket("Eins", "Drucker", team=desk.network)
    assert search_tickets(NOBODY, "drucker").items == []
    assert len(search_tickets(SYSTEM, "drucker").items) == 1
