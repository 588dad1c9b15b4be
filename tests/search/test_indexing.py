"""The documents follow tickets and messages, and can be made anew."""

from __future__ import annotations

import random
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection

from tresen.core.tickets.models import Message, Ticket
from tresen.faces.cli.main import main
from tresen.service.search.index import drop_index
from tresen.service.search.indexing import count_missing, index_tickets, rebuild
from tresen.service.search.models import PLACE_BITS, SearchDocument
from tresen.service.search.reactions import index_message, index_ticket
from tresen.spine.events.models import Event


def documents() -> set[tuple[Any, ...]]:
    return set(SearchDocument.objects.values_list("ticket", "message", "lang", "internal", "tokens"))


def a_desk_full(desk: Any) -> None:
    for number in range(5):
        ticket = desk.ticket(f"Drucker {number}", "Der Drucker druckt nicht, bitte um Hilfe")
        desk.note(ticket, "Trommel bestellt")
        desk.reply(ticket, "Wir kümmern uns")


def test_every_message_and_subject_has_one_document_that_names_its_ticket(desk: Any) -> None:
    a_desk_full(desk)
    assert count_missing() == 0
    assert SearchDocument.objects.count() == Ticket.objects.count() + Message.objects.count() == 20
    assert all(row.pk >> PLACE_BITS == row.ticket_id for row in SearchDocument.objects.all())


def test_a_reaction_that_runs_twice_changes_nothing(desk: Any) -> None:
    a_desk_full(desk)
    before = documents()
    for event in Event.objects.filter(stream_kind="ticket"):
        index_ticket(event)
        index_message(event)
    assert documents() == before
    assert desk.page(desk.ada, "drucker").total == 5


def test_a_message_that_was_moved_is_found_on_its_new_ticket(desk: Any) -> None:
    old, new = desk.ticket("Alt"), desk.ticket("Neu")
    moved = desk.received(old, "Stecknadel")
    Message.objects.filter(pk=moved.pk).update(ticket=new, thread=new.threads.get())
    index_message(Event(kind="message.moved", stream_kind="ticket", stream_id=new.pk, changes={"message": moved.pk}))
    assert desk.find(desk.ada, "stecknadel") == ["Neu"]


def test_a_deleted_message_is_not_found_any_more(desk: Any) -> None:
    ticket = desk.ticket("Eins")
    message = desk.note(ticket, "Stecknadel")
    message.delete()
    assert desk.find(desk.ada, "stecknadel") == []
    desk.note(ticket, "Nadelkissen")
    assert desk.find(desk.ada, "nadelkissen") == ["Eins"]


def test_a_rolled_back_change_leaves_no_document(desk: Any) -> None:
    from django.db import transaction

    ticket = desk.ticket("Eins")
    with transaction.atomic():
        desk.note(ticket, "Stecknadel")
        transaction.set_rollback(True)
    assert desk.find(desk.ada, "stecknadel") == []


def test_the_index_can_be_made_anew_and_says_how_far_it_is(desk: Any) -> None:
    a_desk_full(desk)
    before = documents()
    SearchDocument.objects.filter(message=None).delete()
    drop_index(connection)
    steps: list[tuple[int, int]] = []
    assert rebuild(lambda done, total: steps.append((done, total)), chunk=2) == 20
    assert steps == [(2, 5), (4, 5), (5, 5)]
    assert documents() == before
    assert desk.page(desk.ada, "drucker trommel").total == 5
    assert desk.find(desk.anna, '"Der Drucker druckt"')[0] == "Drucker 4"


def test_tickets_that_were_loaded_in_bulk_are_indexed_in_bulk(desk: Any, django_assert_max_num_queries: Any) -> None:
    a_desk_full(desk)
    before = documents()
    SearchDocument.objects.all().delete()
    assert count_missing() == 20
    with django_assert_max_num_queries(8):
        index_tickets(Ticket.objects.values_list("pk", flat=True))
    assert documents() == before


@pytest.mark.sqlite_only
def test_the_word_index_of_sqlite_is_sound(desk: Any) -> None:
    a_desk_full(desk)
    desk.received(Ticket.objects.get(subject="Drucker 0"), "x", is_held=True).delete()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO search_index(search_index, rank) VALUES ('integrity-check', 1)")


@pytest.mark.postgres_only
def test_postgresql_takes_every_index_word_as_it_is(db: None) -> None:
    chooser = random.Random(7)
    words = ["".join(chooser.choices("0123456789abcdefxeu", k=chooser.randint(1, 12))) for _ in range(5000)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(search_vector(%s))", [" ".join(words)])
        assert set(cursor.fetchone()[0]) == set(words)


def test_the_doctor_says_what_search_does_not_find(desk: Any) -> None:
    a_desk_full(desk)
    assert "ok    search, 0 texts are not found" in CliRunner().invoke(main, ["doctor"]).output
    SearchDocument.objects.all().delete()
    told = CliRunner().invoke(main, ["doctor"])
    assert told.exit_code == 1 and "FAIL  search, 20 texts are not found" in told.output
