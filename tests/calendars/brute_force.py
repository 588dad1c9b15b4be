"""The other way to find out when something is due: count the minutes, one after the other.

Written apart from the product: it knows nothing of its code, resolves no wall-clock time with `fold`, and takes from
`zoneinfo` only what a clock on a wall shows at an instant. Minutes are numbered from 1970; a day is a table of them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import holidays

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 24 * 60
# Clocks are changed at half hours of UTC or at whole ones; within such a block a wall shows one offset.
BLOCK = 30
MOST_DAYS = 400


@cache
def offset(zone: str, block: int) -> int:
    """Minutes that the wall is ahead of UTC during a block."""
    shown = (EPOCH + timedelta(minutes=block * BLOCK)).astimezone(ZoneInfo(zone)).utcoffset()
    assert shown is not None and shown.total_seconds() % 60 == 0
    return int(shown.total_seconds()) // 60


def wall(zone: str, minute: int) -> int:
    """What the wall shows in that minute, as a minute number of its own."""
    return minute + offset(zone, minute // BLOCK)


@cache
def first_shown(zone: str, wanted: int) -> int:
    """The first minute in which the wall shows `wanted`; where it never does, as long after the leap as it was asked
    beyond it."""
    minute = wanted - 27 * 60
    while wall(zone, minute) < wanted:
        before = minute
        # Up to the next block the wall moves on minute by minute, so one may step; then it may leap.
        minute = min(minute + (wanted - wall(zone, minute)), (minute // BLOCK + 1) * BLOCK)
    if wall(zone, minute) == wanted:
        return minute
    return before + (wanted - wall(zone, before))


def clock(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def number(text: str) -> int:
    seconds = (datetime.fromisoformat(text) - EPOCH).total_seconds()
    assert seconds % 60 == 0
    return int(seconds) // 60


def due(question: dict[str, Any]) -> str | None:
    """The same answer as `tresen clock due` gives, or None where no minute of 400 days is the last one."""
    start, left = number(question["start"]), question["minutes"]
    first_day = (EPOCH + timedelta(minutes=start)).date() - timedelta(days=4)
    origin = (first_day - EPOCH.date()).days * DAY
    for days in (20, MOST_DAYS):
        table = open_minutes(question, first_day, origin, days)
        counted = 0
        for at in range(start - origin, len(table)):
            counted += table[at]
            if counted == left:
                instant = EPOCH + timedelta(minutes=origin + at + 1)
                return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
    return None


def open_minutes(question: dict[str, Any], first_day: date, origin: int, days: int) -> bytearray:
    """A table of minutes: 1 where somebody is there and the clock does not rest. Its end may lack a day or two."""
    calendar = question["calendar"]
    zone, table = calendar["timezone"], bytearray(days * DAY)

    def paint(begin: int, end: int, colour: int) -> None:
        begin, end = max(begin - origin, 0), min(end - origin, len(table))
        if end > begin:
            table[begin:end] = bytes([colour]) * (end - begin)

    for count in range(-2, days + 2):
        day = first_day + timedelta(days=count)
        midnight = (day - EPOCH.date()).days * DAY
        for begin, end in calendar["weekly"].get(WEEKDAYS[day.weekday()], []):
            until = clock(end) if clock(end) > clock(begin) else clock(end) + DAY
            paint(first_shown(zone, midnight + clock(begin)), first_shown(zone, midnight + until), 1)
    for count in range(-2, days + 2):
        day = first_day + timedelta(days=count)
        if is_closed(calendar, day):
            midnight = (day - EPOCH.date()).days * DAY
            paint(first_shown(zone, midnight), first_shown(zone, midnight + DAY), 0)
    for begin, end in question.get("pauses", []):
        paint(number(begin), number(end), 0)
    return table


def is_closed(calendar: dict[str, Any], day: date) -> bool:
    return day.isoformat() in calendar.get("holidays", []) or bool(
        calendar.get("country") and day in public(calendar["country"], calendar.get("subdivision"))
    )


@cache
def public(country: str, subdivision: str | None) -> Any:
    return holidays.country_holidays(country, subdiv=subdivision, years=range(2025, 2029))
