"""What the fields of a search line mean."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from tresen.core.people.principals import SYSTEM, Principal
from tresen.core.tickets.choices import Priority
from tresen.core.tickets.models import Ticket
from tresen.service.search.fields import all_fields, fields_for
from tresen.service.search.query import QueryError
from tresen.service.search.services import apply_query

NOW = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)


def found(line: str, who: Principal = SYSTEM) -> set[str]:
    tickets = apply_query(Ticket.objects.all(), f"{line} ", who, now=NOW)
    return set(tickets.values_list("subject", flat=True))


@pytest.fixture
def dated(desk: Any) -> Any:
    """Tickets called by their age."""
    for name, age in (("1h", 1), ("2h", 2), ("30h", 30), ("10d", 240)):
        ticket = desk.ticket(name)
        Ticket.objects.filter(pk=ticket.pk).update(created_at=NOW - timedelta(hours=age))
    return desk


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("created<2h", "1h"),
        ("created<=2h", "1h 2h"),
        ("created>2h", "30h 10d"),
        ("created>=2h", "2h 30h 10d"),
        ("created:2h", "1h 2h"),
        ("created<7d", "1h 2h 30h"),
        ("created>1w", "10d"),
        ("erstellt<2std", "1h"),
        ("utworzono<2godz", "1h"),
        ("created:today", "1h 2h"),
        ("created:heute", "1h 2h"),
        ("created:dziś", "1h 2h"),
        ("created:yesterday", "30h"),
        ("created<today", "30h 10d"),
        ("created>=yesterday", "1h 2h 30h"),
        ("created:2026-11-26", "30h"),
        ("created:26.11.2026", "30h"),
        ("created<2026-11-26", "10d"),
        ("created>2026-11-26", "1h 2h"),
        ("created:2026-11", "1h 2h 30h 10d"),
        ("created:2026-11-01..2026-11-26", "30h 10d"),
        ("created:..2026-11-20", "10d"),
        ("created:2026-11-27T10:00", "1h"),
        ("created>=2026-11-27T10:00", "1h"),
        ("-created<7d", "10d"),
        ("solved:none", "1h 2h 30h 10d"),
        ("solved>1h", ""),
    ],
)
def test_times_are_ages_or_days_of_the_reader(dated: Any, line: str, names: str) -> None:
    with timezone.override("Europe/Berlin"):  # one hour before UTC: it is 11 o'clock
        assert found(line) == set(names.split())


def test_a_day_begins_at_the_readers_midnight(dated: Any) -> None:
    with timezone.override("America/Los_Angeles"):  # it is two in the morning there
        assert found("created:today") == {"1h", "2h"}
        assert found("created:yesterday") == set()
        assert found("created:2026-11-25") == {"30h"}


@pytest.mark.parametrize(
    "value", ["gestern1", "2026-13", "0001-01-01", "99999999d", "31.2.2026", "1..2", "-2h", "..", "2026-1-1T25:00"]
)
def test_a_time_that_is_none_gets_a_clear_answer(db: None, value: str) -> None:
    with pytest.raises(QueryError) as caught:
        found(f"created:{value}")
    assert caught.value.code == "bad_value"
    assert "created" in str(caught.value)


def test_priorities_are_compared_by_their_rank(desk: Any) -> None:
    for priority in Priority:
        Ticket.objects.filter(pk=desk.ticket(priority.name).pk).update(priority=priority)
    assert found("priority>=high") == found("prio>=hoch") == found("priorytet>=wysoki") == {"HIGH", "URGENT"}
    assert found("priority<2") == {"LOW"}
    assert found("priority!=normal priority!=low") == found("priority:high,urgent") == {"HIGH", "URGENT"}


def test_names_of_fields_and_values_are_known_in_three_languages(desk: Any) -> None:
    desk.ticket("Eins", team=desk.network, assignee=desk.anna)
    anna = Principal.of_agent(desk.anna)
    for line in ("assignee:me team:mine", "zuständig:ich gruppe:meine", "przypisany:ja zespół:moje", "team:my-teams"):
        assert found(line, anna) == {"Eins"}
    for line in ("channel:mail", "kanal:Mail", "status:neu", "stan:nowe", 'ball:"our turn"', "art:Störung"):
        assert found(line) == {"Eins"}
    assert found("assignee:niemand") == found("organisation:brak assignee:none") == set()


def test_a_requester_is_meant_by_name_address_or_domain(desk: Any) -> None:
    desk.ticket("Carols")
    desk.ticket("Daves", requester=desk.dave)
    assert found("requester:carol") == found("von:carol@kunde.example") == {"Carols"}
    assert found("requester:@kunde.example") == {"Carols", "Daves"}
    assert found("participant:dave") == {"Daves"}


def test_an_address_finds_the_tickets_of_its_owner(desk: Any) -> None:
    desk.ticket("Carols")
    desk.ticket("Daves", requester=desk.dave)
    desk.ticket("Erwähnt", "bitte an carol@kunde.example", requester=desk.dave)
    assert set(desk.find(desk.ada, "carol@kunde.example")) == {"Carols", "Erwähnt"}


def test_what_is_left_out_is_not_found(desk: Any) -> None:
    desk.ticket("VPN im Keller")
    desk.ticket("VPN im Dach")
    assert desk.find(desk.ada, "vpn -keller") == ["VPN im Dach"]
    assert desk.find(desk.ada, "vpn (keller OR dach) -dach") == ["VPN im Keller"]
    assert desk.find(desk.ada, "-vpn") == []


@pytest.mark.parametrize(
    ("line", "code", "told"),
    [
        ("priority:hihg", "bad_value", "Did you mean “high”?"),
        ("status:opne", "bad_value", "Did you mean “open”?"),
        ("team:netzz", "bad_value", "“team:” knows no “netzz”. You can use"),
        ("team>3", "bad_operator", "team:"),
        ("priority>low,high", "bad_value", "one value"),
        ("created<99999y", "bad_value", "is no time for"),
        ("priorty>=high", "unknown_field", "Did you mean “priority:”?"),
    ],
)
def test_a_fault_is_told_with_the_way_out(desk: Any, line: str, code: str, told: str) -> None:
    with pytest.raises(QueryError) as caught:
        found(f"vpn {line}")
    assert caught.value.code == code
    assert told in str(caught.value)
    assert caught.value.span and caught.value.span[0] == 4


def test_names_of_fields_are_unambiguous() -> None:
    fields = all_fields()
    aliases = [alias for field in fields.values() for alias in field.aliases]
    assert len(set(aliases)) == len(aliases)
    assert not set(aliases) & set(fields)
    with translation.override("de"):
        assert all(str(field.label) for field in fields.values())


def test_customers_may_ask_for_little(desk: Any) -> None:
    assert set(fields_for(Principal.of_contact(desk.carol))) == {"number", "subject", "status", "created", "updated"}
