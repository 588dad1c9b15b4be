"""When news may reach somebody."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from tresen.service.notifications.timing import Quiet, next_mail

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = Quiet(time(20), time(7))
NIGHT_AND_WEEKEND = Quiet(time(20), time(7), weekends=True)


def at(text: str) -> datetime:
    """A wall-clock time in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "pace", "quiet", "due"),
    [
        ("2026-03-02T10:00", "at_once", NIGHT, "2026-03-02T10:01"),
        ("2026-03-02T19:59:30", "at_once", NIGHT, "2026-03-03T07:00"),
        ("2026-03-02T23:00", "at_once", NIGHT, "2026-03-03T07:00"),
        ("2026-03-03T03:00", "at_once", NIGHT, "2026-03-03T07:00"),
        ("2026-03-02T10:20", "hourly", NIGHT, "2026-03-02T11:00"),
        ("2026-03-02T19:20", "hourly", NIGHT, "2026-03-03T07:00"),
        ("2026-03-02T10:20", "daily", NIGHT, "2026-03-03T08:00"),
        ("2026-03-02T06:20", "daily", NIGHT, "2026-03-02T08:00"),
        ("2026-03-06T19:00", "daily", NIGHT_AND_WEEKEND, "2026-03-09T07:00"),
        ("2026-03-07T12:00", "at_once", NIGHT_AND_WEEKEND, "2026-03-09T07:00"),
        ("2026-03-07T12:00", "at_once", Quiet(weekends=True), "2026-03-09T00:00"),
        ("2026-03-02T12:30", "at_once", Quiet(time(12), time(13)), "2026-03-02T13:00"),
        ("2026-03-02T12:30", "at_once", Quiet(time(12), time(12)), "2026-03-02T12:31"),
        # The night in which the clock goes forward.
        ("2026-03-28T22:00", "at_once", NIGHT, "2026-03-29T07:00"),
    ],
)
def test_the_next_mail_waits_for_its_hour_and_for_the_end_of_the_quiet(
    now: str, pace: str, quiet: Quiet, due: str
) -> None:
    assert next_mail(at(now), pace=pace, daily_hour=8, quiet=quiet, zone=BERLIN) == at(due)
