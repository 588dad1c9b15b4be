"""`tresen clock due`: a question in JSON, answered without a database. The shape stands in the contract."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from tresen.core.calendars.opening import FULL_DAY, Interval, NeverDue, Opening, Span, due_at
from tresen.core.calendars.public_holidays import UnknownPlace, holidays_of

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")


class BadCalendar(ValueError):
    """What is asked cannot be read; the text says what is wrong."""


def answer(line: bytes) -> dict[str, str]:
    """`{"due": "…Z"}` for one question, or `{"error": "…"}`; never an exception."""
    try:
        asked = orjson.loads(line)
    except orjson.JSONDecodeError as fault:
        return {"error": f"not JSON: {fault}"}
    try:
        return {"due": show_instant(_due(asked))}
    except NeverDue:
        return {"error": "the calendar is not open for that long within 200 years"}
    except BadCalendar as fault:
        return {"error": str(fault)}


def _due(asked: Any) -> datetime:
    if not isinstance(asked, dict):
        raise BadCalendar("a question is a JSON object")
    opening = _kept_opening(orjson.dumps(asked.get("calendar")))
    if opening.is_never_open:
        raise BadCalendar("the calendar is never open")
    start, span = read_instant(asked.get("start"), "start"), _span(asked.get("minutes"))
    return due_at(opening, start, span, _pauses(asked.get("pauses")))


def _span(minutes: Any) -> timedelta:
    if isinstance(minutes, bool) or not isinstance(minutes, int | float):
        raise BadCalendar("minutes must be a number")
    try:
        span = timedelta(minutes=minutes)
    except OverflowError as fault:
        raise NeverDue from fault
    if span <= timedelta(0):
        raise BadCalendar("minutes must be more than 0")
    return span


def _pauses(pauses: Any) -> list[Span]:
    if pauses is None:
        return []
    if not isinstance(pauses, list):
        raise BadCalendar("pauses must be a list")
    found = []
    for pause in pauses:
        if not isinstance(pause, list) or len(pause) != 2:
            raise BadCalendar("a pause is a list of its start and its end")
        begin, end = read_instant(pause[0], "a pause"), read_instant(pause[1], "a pause")
        if end < begin:
            raise BadCalendar("a pause ends before it begins")
        found.append((begin, end))
    return found


def read_instant(text: Any, what: str) -> datetime:
    """ISO 8601 with its offset. Raises BadCalendar, which names `what`."""
    try:
        at = datetime.fromisoformat(text)
        if at.utcoffset() is None:
            raise BadCalendar(f"{what} says no offset from UTC; end it with Z")
        return at.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as fault:
        if isinstance(fault, BadCalendar):
            raise
        raise BadCalendar(f"{what} is not a time such as 2026-03-27T15:30:00Z") from fault


def show_instant(at: datetime) -> str:
    """`2026-03-27T15:30:00Z`; fractions of a second only where there are some."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


@lru_cache(maxsize=500)
def _kept_opening(calendar: bytes) -> Opening:
    """Days that were looked at for one question serve the next one with the same calendar."""
    return read_opening(orjson.loads(calendar))


def read_opening(calendar: Any) -> Opening:
    """The open time of a calendar in the shape of the contract. Raises BadCalendar."""
    if not isinstance(calendar, dict):
        raise BadCalendar("calendar must be an object")
    zone = read_zone(calendar.get("timezone"))
    return Opening(zone, _week(calendar.get("weekly")), _closed_days(calendar))


def read_zone(name: Any) -> ZoneInfo:
    """The time zone of that name. Raises BadCalendar."""
    try:
        return ZoneInfo(name)
    except (TypeError, ValueError, OSError, LookupError, ImportError, AttributeError) as fault:
        raise BadCalendar(f"timezone must be a name such as Europe/Berlin, not {str(name)[:60]!r}") from fault


def _week(weekly: Any) -> list[list[Interval]]:
    if not isinstance(weekly, dict):
        raise BadCalendar("weekly must be an object of days")
    if unknown := set(weekly) - set(DAYS):
        raise BadCalendar(f"weekly knows mon to sun, not {sorted(unknown)[0][:20]!r}")
    return [[_interval(interval) for interval in _list(weekly.get(day), day)] for day in DAYS]


def _list(intervals: Any, day: str) -> list[Any]:
    if intervals is None:
        return []
    if not isinstance(intervals, list):
        raise BadCalendar(f"{day} must be a list of intervals")
    return intervals


def _interval(interval: Any) -> Interval:
    if not isinstance(interval, list) or len(interval) != 2:
        raise BadCalendar("an interval is a list of its start and its end")
    return _minutes(interval[0]), _minutes(interval[1])


def _minutes(time: Any) -> int:
    match = _TIME.fullmatch(time) if isinstance(time, str) else None
    if match is None:
        raise BadCalendar(f"{str(time)[:20]!r} is not a time from 00:00 to 24:00")
    return int(match[1]) * 60 + int(match[2]) if match[1] else FULL_DAY


def _closed_days(calendar: dict[str, Any]) -> Callable[[date], bool]:
    listed = _dates(calendar.get("holidays"))
    country, subdivision = _place(calendar, "country"), _place(calendar, "subdivision")
    if not country:
        if subdivision:
            raise BadCalendar("a subdivision needs its country")
        return listed.__contains__
    try:
        holidays_of(country, subdivision, 2026)
    except UnknownPlace as fault:
        raise BadCalendar(f"holidays are not known: {fault}") from fault
    return lambda day: day in listed or day in holidays_of(country, subdivision, day.year)


def _place(calendar: dict[str, Any], name: str) -> str:
    value = calendar.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadCalendar(f"{name} must be a text such as DE")
    return value


def _dates(listed: Any) -> frozenset[date]:
    if listed is None:
        return frozenset()
    if not isinstance(listed, list):
        raise BadCalendar("holidays must be a list of dates")
    try:
        return frozenset(date.fromisoformat(day) for day in listed)
    except (TypeError, ValueError) as fault:
        raise BadCalendar("a holiday is a date such as 2026-12-25") from fault
