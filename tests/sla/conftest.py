"""A desk with a policy, and a clock on the wall that tests set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.cast import TEST, Cast, make_cast
from tresen.core.calendars.models import Calendar
from tresen.core.calendars.services import create_calendar
from tresen.core.tickets.models import Status, Ticket
from tresen.service.sla.integrity import clock_faults
from tresen.service.sla.models import Clock, Policy
from tresen.service.sla.services import create_policy
from tresen.spine.jobs.worker import drain

OFFICE = {day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
# Minutes of open time for urgent, high, normal and low.
TARGETS = {
    "first_response": {"4": 30, "3": 60, "2": 240, "1": 480}, "next_response": {"4": 30, "3": 60, "2": 240},
    "resolution": {"4": 240, "3": 480, "2": 960, "1": 2400},
}  # fmt: skip


@pytest.fixture
def cast(db: None, wall: Callable[[str], datetime]) -> Iterator[Cast]:
    """In the winter before the stories begin; in the end all clocks fit together."""
    wall("2026-02-02 06:00")
    yield make_cast()
    assert clock_faults() == []


@pytest.fixture
def office(cast: Cast) -> Calendar:
    """Berlin, eight to twelve and one to five, with the holidays of Bavaria."""
    shape = {"timezone": "Europe/Berlin", "weekly": OFFICE, "country": "DE", "subdivision": "BY"}
    return create_calendar(set={"name": "Office", **shape}, by=TEST)


@pytest.fixture
def policy(office: Calendar) -> Policy:
    """For everybody."""
    values = {"name": "Usual", "calendar": office, "targets": TARGETS, "is_active": True}
    made = create_policy(set=values, by=TEST)
    drain("default")
    return made


@pytest.fixture
def wall(time_machine: Any) -> Callable[[str], datetime]:
    """Sets the clock, in UTC: `wall("2026-03-27 15:30")`. It stands still."""

    def set_to(text: str) -> datetime:
        at = datetime.fromisoformat(text).replace(tzinfo=UTC)
        time_machine.move_to(at, tick=False)
        return at

    return set_to


def clock_of(ticket: Ticket, metric: str = "resolution") -> Clock:
    """The newest clock of a metric."""
    found = Clock.objects.filter(ticket=ticket, metric=metric).order_by("-started_at", "-pk").first()
    assert found is not None, f"no clock for {metric}"
    return found


def status(category: str) -> Status:
    """The status that stands for a category."""
    found: Status = Status.objects.default_of(category)
    return found


def shown(at: datetime | None) -> str:
    """As the tests write it."""
    return at.strftime("%Y-%m-%d %H:%M") if at else "–"
