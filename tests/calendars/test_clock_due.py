"""`tresen clock due`: what the contract says of it, case by case."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from tresen.core.calendars.questions import answer
from tresen.faces.cli.clocks import clock

OFFICE = {day: [["08:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def due(start: str, minutes: Any, weekly: Any = OFFICE, pauses: Any = (), **calendar: Any) -> dict[str, str]:
    asked = {"calendar": {"timezone": "Europe/Berlin", "weekly": weekly, **calendar}, "start": start}
    return answer(json.dumps({**asked, "minutes": minutes, "pauses": list(pauses)}).encode())


@pytest.mark.parametrize(
    ("start", "minutes", "more", "expected"),
    [
        # Friday 16:30 in winter; Monday is summer time.
        ("2026-03-27T15:30:00Z", 480, {}, "2026-03-30T14:30:00Z"),
        ("2026-03-27T15:30:00Z", 30, {}, "2026-03-27T16:00:00Z"),
        ("2026-03-27T15:30:00Z", 31, {}, "2026-03-30T06:01:00Z"),
        ("2026-03-30T07:00:00Z", 60,
         {"pauses": [["2026-03-30T07:30:00Z", "2026-03-30T08:45:00Z"]]}, "2026-03-30T09:15:00Z"),
        # The night in which the hour from two to three is left out has seven hours of work, the other one nine.
        ("2026-03-28T21:00:00Z", 421, {"weekly": {"sat": [["22:00", "06:00"]]}}, "2026-04-04T20:01:00Z"),
        ("2026-10-24T20:00:00Z", 540, {"weekly": {"sat": [["22:00", "06:00"]]}}, "2026-10-25T05:00:00Z"),
        # A shift belongs to its first day; a holiday closes its whole date, not the shift.
        ("2026-12-24T21:00:00Z", 180,
         {"weekly": {"thu": [["22:00", "06:00"]]}, "holidays": ["2026-12-25"]}, "2026-12-31T22:00:00Z"),
        ("2026-12-24T21:00:00Z", 60,
         {"weekly": {"thu": [["22:00", "06:00"]]}, "holidays": ["2026-12-24"]}, "2026-12-25T00:00:00Z"),
        # Assumption Day is one in Augsburg and Munich, not in Dresden.
        ("2026-08-14T16:00:00Z", 60,
         {"weekly": {"sat": [["10:00", "12:00"]]}, "country": "DE", "subdivision": "SL"}, "2026-08-22T09:00:00Z"),
        ("2026-08-14T16:00:00Z", 60,
         {"weekly": {"sat": [["10:00", "12:00"]]}, "country": "DE", "subdivision": "SN"}, "2026-08-15T09:00:00Z"),
        ("2026-05-03T00:00:00Z", 1, {"weekly": {"sun": [["00:00", "24:00"]]}, "country": "PL"}, "2026-05-09T22:01:00Z"),
        # Overlapping intervals count once; 24:00 is the next midnight; an end at the start is a whole day.
        ("2026-01-05T07:00:00Z", 301,
         {"weekly": {"mon": [["08:00", "12:00"], ["10:00", "13:00"]]}}, "2026-01-12T07:01:00Z"),
        ("2026-01-05T07:00:00Z", 120,
         {"weekly": {"mon": [["23:00", "24:00"]], "tue": [["00:00", "01:00"]]}}, "2026-01-06T00:00:00Z"),
        ("2026-01-05T07:00:00Z", 1440, {"weekly": {"mon": [["09:00", "09:00"]]}}, "2026-01-06T08:00:00Z"),
        # Half minutes and seconds are kept.
        ("2026-01-05T07:00:30Z", 0.5, {}, "2026-01-05T07:01:00Z"),
    ],
)  # fmt: skip
def test_what_is_due_when(start: str, minutes: float, more: dict[str, Any], expected: str) -> None:
    assert due(start, minutes, **more) == {"due": expected}


@pytest.mark.parametrize("zone", ["", "Europe", "Mars/Base", "../../etc/passwd", "a\0b", None, 5, ["UTC"], {}])
def test_a_zone_nobody_knows_is_an_error(zone: object) -> None:
    assert "timezone" in due("2026-01-05T07:00:00Z", 1, timezone=zone)["error"]


@pytest.mark.parametrize(
    "changed",
    [
        {"start": "2026-01-05T07:00:00"}, {"start": None}, {"start": "soon"}, {"start": 5}, {"start": "2026-01-05"},
        {"minutes": 0}, {"minutes": -1}, {"minutes": "60"}, {"minutes": None}, {"minutes": True}, {"minutes": 1e300},
        {"minutes": [1]}, {"weekly": {}}, {"weekly": None}, {"weekly": []}, {"weekly": {"monday": []}},
        {"weekly": {"mon": [["08:00"]]}}, {"weekly": {"mon": [["8:00", "25:00"]]}}, {"weekly": {"mon": ["08:00"]}},
        {"weekly": {"mon": "08:00-17:00"}}, {"weekly": {"mon": [["08:00", None]]}}, {"weekly": {"mon": []}},
        {"weekly": {"mon": [["08:00", "24:01"]]}}, {"holidays": "2026-12-25"}, {"holidays": ["25.12."]},
        {"holidays": [5]}, {"country": "XX"}, {"country": 5}, {"country": "HolidayBase"}, {"subdivision": "BY"},
        {"country": "DE", "subdivision": "XX"}, {"pauses": ["x"]}, {"pauses": [["2026-01-05T07:00:00Z", None]]},
        {"pauses": [["2026-01-05T07:00:00Z", "2026-01-05T06:00:00Z"]]},
        # Open on one minute a week: a million of them are never reached.
        {"weekly": {"mon": [["08:00", "08:01"]]}, "minutes": 1_000_000},
        # There is no year 10000.
        {"weekly": {"mon": [["24:00", "24:00"]]}, "start": "9999-12-28T00:00:00Z", "minutes": 99_999},
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_an_error_in_words(changed: dict[str, Any]) -> None:
    asked = {"start": "2026-01-05T07:00:00Z", "minutes": 60, **changed}
    found = due(**asked)
    assert list(found) == ["error"] and len(found["error"]) > 10


def test_lines_are_answered_one_by_one_whatever_they_hold() -> None:
    good = {"calendar": {"timezone": "UTC", "weekly": OFFICE}, "start": "2026-01-05T08:00:00Z", "minutes": 1}
    lines = [
        json.dumps(good).encode(),
        b"",
        b"\xff",
        b"null",
        b"[1]",
        b"{",
        b"{}",
        b"[" * 5000,
        json.dumps(good).encode(),
    ]
    ended = CliRunner().invoke(clock, ["due", "--lines"], input=b"\n".join(lines) + b"\n")
    answers = [json.loads(line) for line in ended.stdout.splitlines()]
    assert ended.exit_code == 1
    assert [list(found) for found in answers] == [["due"], *[["error"]] * 7, ["due"]]
    assert (
        CliRunner().invoke(clock, ["due"], input=json.dumps(good, indent=1)).stdout
        == '{"due":"2026-01-05T08:01:00Z"}\n'
    )
