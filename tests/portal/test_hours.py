"""Office hours as a calculation: the contract's calendar, asked for one instant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tresen.faces.portal.home.hours import hours_at

DAYS = {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
BERLIN = "Europe/Berlin"


def asked(weekly: dict[str, Any], at: str, **more: Any) -> tuple[bool, str, str]:
    found = hours_at({"timezone": BERLIN, "weekly": weekly, **more}, datetime.fromisoformat(at))
    assert found

    def shown(instant: datetime | None) -> str:
        return instant.astimezone(found.zone).strftime("%a %H:%M") if instant else ""

    return found.is_open, shown(found.closes_at), shown(found.opens_at)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-23T07:59:59+01:00", (False, "", "Mon 08:00")),
        ("2026-11-23T08:00:00+01:00", (True, "Mon 17:00", "")),
        ("2026-11-23T16:59:59+01:00", (True, "Mon 17:00", "")),
        ("2026-11-23T17:00:00+01:00", (False, "", "Tue 08:00")),
        ("2026-11-27T18:00:00+01:00", (False, "", "Mon 08:00")),
    ],
)
def test_intervals_are_half_open(at: str, expected: tuple[bool, str, str]) -> None:
    assert asked(DAYS, at) == expected


def test_a_night_shift_runs_into_the_next_day() -> None:
    night = {"mon": [["22:00", "06:00"]]}
    assert asked(night, "2026-11-24T05:00:00+01:00") == (True, "Tue 06:00", "")
    assert asked(night, "2026-11-24T06:00:00+01:00") == (False, "", "Mon 22:00")


def test_intervals_that_touch_or_overlap_are_one() -> None:
    both = {"mon": [["08:00", "12:00"], ["11:00", "15:00"], ["15:00", "24:00"]], "tue": [["00:00", "03:00"]]}
    assert asked(both, "2026-11-23T09:00:00+01:00") == (True, "Tue 03:00", "")


def test_a_holiday_closes_its_whole_date_and_no_more() -> None:
    night = {"mon": [["22:00", "06:00"]], "tue": [["22:00", "06:00"]]}
    on_tuesday = {"holidays": ["2026-11-24"]}
    assert asked(night, "2026-11-23T23:00:00+01:00", **on_tuesday) == (True, "Tue 00:00", "")
    assert asked(night, "2026-11-24T23:00:00+01:00", **on_tuesday) == (False, "", "Wed 00:00")


def test_the_clock_change_moves_the_hours_with_the_wall_clock() -> None:
    assert asked({"sun": [["08:00", "12:00"]]}, "2026-03-29T06:30:00+00:00") == (True, "Sun 12:00", "")
    assert asked({"sun": [["08:00", "12:00"]]}, "2026-10-25T06:30:00+00:00") == (False, "", "Sun 08:00")


def test_a_desk_that_never_closes_has_no_end() -> None:
    always = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    assert asked(always, "2026-11-23T03:00:00+01:00") == (True, "", "")


@pytest.mark.parametrize(
    "calendar",
    [{}, None, [], {"weekly": {}}, {"weekly": {"mon": []}}, {"weekly": {"mon": [["8", "x"]]}},
     {"weekly": {"mon": [["08:00", "09:00"]]}, "timezone": "Mars/Olympus"},
     {"weekly": {"mon": [["08:00", "09:00"]]}, "holidays": ["soon"]}],
)  # fmt: skip
def test_hours_that_cannot_be_read_are_no_hours(calendar: Any) -> None:
    assert hours_at(calendar, datetime.fromisoformat("2026-11-23T08:30:00+00:00")) is None
