"""Rules by time look each minute at what is new, by an index, and every few minutes at all: large desks cost little."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Cast
from tresen.core.people.models import Contact
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import update_ticket
from tresen.kit import clock
from tresen.service.rules.due import act_on_due, new_since
from tresen.service.rules.models import Rule, RuleRun
from tresen.service.rules.services import change_rule, create_rule
from tresen.service.rules.triggers import MOMENTS


def by_time(condition: str = "", since: str = "created", **more: Any) -> Rule:
    """An hour after a moment it becomes a problem."""
    values = {"name": f"{since} {condition}", "since": since, "minutes": 60, "condition": condition, "is_active": True,
              "actions": [{"do": "type", "value": "problem"}], **more}  # fmt: skip
    return create_rule(set=values, by=TEST)


class Minutes:
    """Moves the clock, and lets the rules look."""

    def __init__(self, machine: Any) -> None:
        self.machine, self.start = machine, clock.now()
        self.at(0)

    def at(self, minutes: float) -> datetime:
        """It is so many minutes after the beginning."""
        self.machine.move_to(self.start + timedelta(minutes=minutes), tick=False)
        return clock.now()

    def looks(self, minutes: float) -> int:
        """On how many tickets the rules act then."""
        return act_on_due(self.at(minutes))


@pytest.fixture
def minutes(time_machine: Any) -> Minutes:
    return Minutes(time_machine)


def test_what_comes_due_and_what_is_changed_is_found_within_a_minute(cast: Cast, minutes: Minutes) -> None:
    by_time("priority:urgent")
    first = cast.ticket("First", impact=3, urgency=3)
    minutes.at(2)
    second, third = cast.ticket("Second", impact=3, urgency=3), cast.ticket("Third")
    assert [t.priority for t in (first, second, third)] == [4, 4, 2]
    assert minutes.looks(60) == 1  # all of them
    assert minutes.looks(61) == 0 and minutes.looks(62) == 1
    minutes.at(62.5)
    update_ticket(third, by=TEST, set={"priority": 4})
    assert minutes.looks(63) == 1 and minutes.looks(64) == 0
    assert set(RuleRun.objects.values_list("ticket", flat=True)) == {first.pk, second.pk, third.pk}


def test_what_its_condition_asks_besides_the_ticket_is_found_a_few_minutes_later(cast: Cast, minutes: Minutes) -> None:
    by_time("is:vip")
    cast.ticket()
    assert minutes.looks(63) == 0
    Contact.objects.filter(pk=cast.carol.pk).update(is_vip=True)
    assert minutes.looks(64) == 0 and minutes.looks(68) == 1


def test_a_rule_that_says_something_else_looks_at_all_again(cast: Cast, minutes: Minutes) -> None:
    rule = by_time("priority:urgent")
    cast.ticket()
    assert minutes.looks(61) == 0
    change_rule(rule, set={"condition": "priority:normal"}, by=TEST)
    assert minutes.looks(62) == 1


def test_more_than_it_does_at_once_are_done_with_the_next_look(
    cast: Cast, minutes: Minutes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tresen.service.rules.due.AT_ONCE", 2)
    by_time()
    minutes.at(2)
    for _ in range(3):
        cast.ticket()
    assert minutes.looks(60) == 0
    assert [minutes.looks(n) for n in (62, 63, 64)] == [2, 1, 0]


def test_a_look_asks_the_condition_of_the_new_ones_alone_and_by_an_index(cast: Cast, minutes: Minutes) -> None:
    rules = [by_time("-is:vip", since) for since in MOMENTS]
    tickets = [cast.ticket(f"VPN {n}") for n in range(4)]
    minutes.looks(60)
    minutes.looks(63)
    minutes.at(64.5)
    update_ticket(tickets[2], by=TEST, set={"urgency": 3})
    now = minutes.at(64.8)
    for rule in Rule.objects.filter(pk__in=[rule.pk for rule in rules]):
        assert new_since(rule, now) == {tickets[2].pk}
    act_on_due(now)
    with CaptureQueriesContext(connection) as queries:
        act_on_due(minutes.at(64.9))
    assert len(queries) <= 1 + len(rules) * 5
    if connection.vendor == "sqlite":  # PostgreSQL reads so small a table from end to end
        for moment in MOMENTS.values():
            rows = Ticket.objects.filter(**{f"{moment.column}__gt": now, f"{moment.column}__lte": now})
            told = rows.order_by(moment.column).values_list("pk").explain()
            assert "COVERING INDEX tickets_by_" in told, told
