"""R29: the machine's clock jumps an hour, or stands still for ten minutes: nothing is told twice, no time is negative
(P19); and R18 of the same: however many look at once, each warning and each end is told once (P17)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.cast import TEST, Cast, make_cast
from tresen.core.calendars.services import create_calendar
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import update_ticket
from tresen.service.sla.jobs import watch
from tresen.service.sla.models import Clock, ClockSegment
from tresen.service.sla.services import create_policy
from tresen.spine.events.models import Event

ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
BEGIN = datetime(2026, 5, 4, 6, tzinfo=UTC)


@pytest.fixture
def at(time_machine: Any) -> Callable[[int], None]:
    """Sets the clock so many minutes after the beginning, or before it."""
    return lambda minutes: time_machine.move_to(BEGIN + timedelta(minutes=minutes), tick=False)


def promised(minutes: int) -> Cast:
    """A desk that promises a solution within so many minutes, round the clock."""
    cast = make_cast()
    calendar = create_calendar(set={"name": "Always", "timezone": "UTC", "weekly": ALWAYS}, by=TEST)
    targets = {"resolution": {"2": minutes}}
    create_policy(set={"name": "All", "calendar": calendar, "targets": targets, "is_active": True}, by=TEST)
    return cast


def told(ticket: Ticket) -> list[str]:
    return [event.kind for event in Event.objects.filter(stream_id=ticket.pk, kind__startswith="clock.")]


@pytest.mark.django_db
def test_r29_a_clock_that_jumps_tells_nothing_twice_and_makes_no_negative_time(at: Callable[[int], None]) -> None:
    at(0)
    ticket = promised(120).ticket()
    at(-60)
    update_ticket(ticket, by=TEST, set={"ball": "customer"})
    update_ticket(ticket, by=TEST, set={"ball": "us"})
    at(0)
    clock = Clock.objects.get()
    assert all(s.ended_at is None or s.ended_at >= s.started_at for s in ClockSegment.objects.all())
    assert clock.due_at == BEGIN + timedelta(minutes=120)
    for minute in (125, 65, 125, 185, 60, 200):  # an hour ahead and back, again and again
        at(minute)
        watch()
        update_ticket(ticket, by=TEST, set={"subject": f"VPN {minute}"})
    assert told(ticket) == ["clock.breached"]


@pytest.mark.django_db
def test_r29_what_fell_due_while_the_machine_slept_is_told_when_it_wakes(at: Callable[[int], None]) -> None:
    at(0)
    ticket = promised(100).ticket()
    at(74)
    watch()
    assert told(ticket) == []
    at(84)  # ten minutes later: the warning of minute 75 was slept through
    watch()
    watch()
    assert told(ticket) == ["clock.warned"]
    assert Clock.objects.get().warned_at == BEGIN + timedelta(minutes=75)


@pytest.mark.django_db(transaction=True)
def test_r18_many_who_watch_at_once_tell_each_end_once(full_size: bool, at: Callable[[int], None]) -> None:
    at(0)
    cast = promised(30)
    tickets = [cast.ticket(f"VPN {n}") for n in range(40 if full_size else 6)]
    at(31)
    faults: list[Exception] = []

    def look() -> None:
        try:
            watch()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=look) for _ in range(8 if full_size else 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert [told(ticket) for ticket in tickets] == [["clock.breached"]] * len(tickets)
