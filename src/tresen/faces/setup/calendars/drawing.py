"""What a calendar comes to, for the eye: the bars of its week, its next days off, whether it is open now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from tresen.core.calendars.hours import closed_days, opening_of
from tresen.core.calendars.models import Calendar
from tresen.core.calendars.opening import FULL_DAY
from tresen.core.calendars.questions import DAYS, read_opening, read_zone
from tresen.core.people.form_fields import DAY_NAMES
from tresen.core.people.office_hours import Weekly, show_intervals
from tresen.kit import clock

MONDAY = datetime(2026, 6, 1, tzinfo=UTC)
SHOWN_DAYS, MOST_SHOWN = 366, 12


@dataclass(frozen=True)
class Row:
    """A day of the week: its name, what is written, and bars as (from, width) in minutes."""

    name: Any
    written: str
    bars: list[tuple[int, int]]


@dataclass(frozen=True)
class Look:
    """The whole of it."""

    rows: list[Row]
    days_off: list[tuple[date, str]]
    is_open: bool
    next_at: datetime | None
    here: Any


def week_rows(weekly: Weekly) -> list[Row]:
    """Seven days, with what runs over midnight on the day on which it is."""
    opening = read_opening({"timezone": "UTC", "weekly": weekly})
    bars: list[list[tuple[int, int]]] = [[] for _ in DAYS]
    for begin, end in opening.spans(MONDAY):
        first = int((begin - MONDAY).total_seconds()) // 60
        last = int((end - MONDAY).total_seconds()) // 60
        if first >= 7 * FULL_DAY:
            break
        while first < min(last, 7 * FULL_DAY):
            day = first // FULL_DAY
            until = min(last, (day + 1) * FULL_DAY)
            bars[day].append((first - day * FULL_DAY, until - first))
            first = until
    return [Row(DAY_NAMES[day], show_intervals(weekly.get(day, [])), bars[at]) for at, day in enumerate(DAYS)]


def look_at(calendar: Calendar) -> Look:
    """Everything of a calendar whose values are sound; the row need not be saved."""
    now, opening = clock.now(), opening_of(calendar)
    zone = read_zone(calendar.timezone)
    today = timezone.localtime(now, zone).date()
    first = next(opening.spans(now), None)
    is_open = bool(first and first[0] <= now)
    return Look(
        week_rows(calendar.weekly), closed_days(calendar, today, SHOWN_DAYS)[:MOST_SHOWN], is_open,
        (first[1] if is_open else first[0]) if first else None, timezone.localtime(now, zone),
    )  # fmt: skip
