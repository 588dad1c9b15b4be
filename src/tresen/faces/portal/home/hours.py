"""Are we there? Office hours in the calendar shape of the contract (docs: `clock due`), asked for one instant.

Intervals are wall-clock times of the calendar's zone, half open, resolved with `fold=0`; one whose end is not after its
start runs into the next day and belongs to the day on which it starts. A listed holiday closes its whole local date.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOK_AHEAD_DAYS = 40
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Hours:
    """The state at one instant. `today`: the intervals that begin today, as written; `closes_at` when open (None:
    not within the next weeks), `opens_at` when shut (None: nobody knows when)."""

    is_open: bool
    today: list[tuple[str, str]]
    opens_at: datetime | None
    closes_at: datetime | None
    zone: zoneinfo.ZoneInfo


def hours_at(calendar: Any, at: datetime, *, timezone: str = "UTC") -> Hours | None:
    """Whether the desk is open at that instant; None where no hours are kept or they cannot be read.

    `timezone` is the zone of a calendar that names none.
    """
    weekly = calendar.get("weekly") if isinstance(calendar, dict) else None
    if not isinstance(weekly, dict) or not any(weekly.values()):
        return None
    try:
        zone = zoneinfo.ZoneInfo(calendar.get("timezone") or timezone)
        closed = {date.fromisoformat(day) for day in calendar.get("holidays", [])}
        spans = list(open_spans(weekly, zone, closed, first=at.astimezone(zone).date() - timedelta(days=1)))
    except (ValueError, TypeError, KeyError, zoneinfo.ZoneInfoNotFoundError):
        return None
    here = at.astimezone(zone).date()
    today = [] if here in closed else [(start, end) for start, end in weekly.get(DAYS[here.weekday()], [])]
    now_open = next((span for span in spans if span[0] <= at < span[1]), None)
    next_open = next((span[0] for span in spans if span[0] > at), None)
    edge = at + timedelta(days=LOOK_AHEAD_DAYS - 2)
    closes = now_open[1] if now_open and now_open[1] < edge else None
    return Hours(now_open is not None, today, None if now_open else next_open, closes, zone)


def open_spans(weekly: dict[str, Any], zone: zoneinfo.ZoneInfo, closed: set[date], *, first: date) -> Iterator[Span]:
    """The open times from a date on, in order, joined where they touch, in UTC. Raises ValueError."""
    last: Span | None = None
    for span in sorted(_pieces(weekly, zone, closed, first)):
        if last and span[0] <= last[1]:
            last = (last[0], max(last[1], span[1]))
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def _pieces(weekly: dict[str, Any], zone: zoneinfo.ZoneInfo, closed: set[date], first: date) -> Iterator[Span]:
    for offset in range(LOOK_AHEAD_DAYS):
        day = first + timedelta(days=offset)
        for start, end in weekly.get(DAYS[day.weekday()], []):
            begin, until = _minutes(start), _minutes(end)
            if until <= begin:
                until += 24 * 60
            # Cut at midnight, so that a holiday takes away exactly its own date.
            cuts = [begin, *([24 * 60] if begin < 24 * 60 < until else []), until]
            for left, right in pairwise(cuts):
                if day + timedelta(days=left // (24 * 60)) not in closed:
                    yield _instant(day, left, zone), _instant(day, right, zone)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _instant(day: date, minutes: int, zone: zoneinfo.ZoneInfo) -> datetime:
    local = datetime.combine(day + timedelta(days=minutes // (24 * 60)), time(), tzinfo=zone)
    rest = minutes % (24 * 60)
    return local.replace(hour=rest // 60, minute=rest % 60).astimezone(UTC)
