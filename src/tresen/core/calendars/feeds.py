"""Days off out of an iCalendar feed (RFC 5545): whole days alone, with their repetition. Runs in the box.

A line is read once; what is not understood is left out. A rule is followed between two dates and no further.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from dateutil.rrule import rrulestr

MOST_EVENTS = 2000
MOST_DAYS = 3000
LONGEST = 60
OFTEN = ("FREQ=YEARLY", "FREQ=MONTHLY", "FREQ=WEEKLY", "FREQ=DAILY")
JOBS = {"read_feed": "tresen.core.calendars.feeds:read_days"}


def warm_up() -> None:
    """Loads what a rule needs, before the walls of the box stand."""
    _repeated(date(2026, 1, 1), "FREQ=YEARLY", date(2026, 1, 1), date(2026, 1, 2))


def read_days(text: bytes, first: str, last: str) -> list[list[str]] | None:
    """The whole days of the feed from `first` to `last` (ISO), each with its name, in order; None for what is no
    calendar."""
    lines = _unfolded(text.decode("utf-8", "replace"))
    if not lines or lines[0].strip().upper() != "BEGIN:VCALENDAR":
        return None
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    found: dict[date, str] = {}
    for event in _events(lines):
        try:
            days = _days(event, begin, end)
        except OverflowError:  # it ends after the last day there is
            continue
        for day in days:
            if len(found) < MOST_DAYS:
                found.setdefault(day, _plain(event.get("SUMMARY", ("", ""))[1]))
    return [[day.isoformat(), name] for day, name in sorted(found.items())]


def _unfolded(text: str) -> list[str]:
    lines: list[list[str]] = []
    for line in text.lstrip("\ufeff").splitlines():
        if line[:1] in {" ", "\t"} and lines:
            lines[-1].append(line[1:])
        else:
            lines.append([line])
    return ["".join(parts) for parts in lines]


def _events(lines: list[str]) -> list[dict[str, tuple[str, str]]]:
    """Each VEVENT as {name: (parameters, value)}; of a name that comes twice the first."""
    events: list[dict[str, tuple[str, str]]] = []
    current: dict[str, tuple[str, str]] | None = None
    depth = 0
    for line in lines:
        name, _colon, value = line.partition(":")
        name, _semicolon, parameters = name.partition(";")
        name, value = name.strip().upper(), value.strip()
        if name == "BEGIN" and current is not None:
            depth += 1
        elif name == "BEGIN" and value.upper() == "VEVENT" and len(events) < MOST_EVENTS:
            current, depth = {}, 0
        elif name == "END" and current is not None and depth == 0:
            events.append(current)
            current = None
        elif name == "END":
            depth = max(0, depth - 1)
        elif current is not None and depth == 0:
            if name == "EXDATE" and name in current:
                value = f"{current.pop(name)[1]},{value}"
            current.setdefault(name, (parameters.upper(), value))
    return events


def _days(event: dict[str, tuple[str, str]], begin: date, end: date) -> list[date]:
    start = _date(*event.get("DTSTART", ("", "")))
    if start is None or event.get("STATUS", ("", ""))[1].upper() == "CANCELLED":
        return []
    until = _date(*event.get("DTEND", ("", ""))) or start + timedelta(days=1)
    length = min(max((until - start).days, 1), LONGEST)
    starts = _repeated(start, event["RRULE"][1], begin - timedelta(days=LONGEST), end) if "RRULE" in event else [start]
    left_out = {_date("VALUE=DATE", part) for part in event.get("EXDATE", ("", ""))[1].split(",")}
    days = [one + timedelta(days=n) for one in starts if one not in left_out for n in range(length)]
    return [day for day in days if begin <= day <= end]


def _date(parameters: str, value: str) -> date | None:
    """A whole day, `20261224`; None for a time of day or nonsense."""
    if len(value) != 8 or not value.isascii() or not value.isdigit():
        return None
    try:
        return date(int(value[:4]), int(value[4:6]), int(value[6:]))
    except ValueError:
        return None


def _repeated(start: date, rule: str, begin: date, end: date) -> list[date]:
    parts = [part for part in rule.upper().split(";") if part]
    if not any(part in OFTEN for part in parts) or "INTERVAL=0" in parts:
        return [start]
    if not any(part.startswith("COUNT=") for part in parts):
        # An end in any case, so that a rule that never fits is not followed to the year 9999.
        given = [part for part in parts if part.startswith("UNTIL=")]
        parts = [part for part in parts if not part.startswith("UNTIL=")]
        last = min([end, *(d for part in given if (d := _date("", part[6:14])))])
        parts.append(f"UNTIL={last:%Y%m%d}")
    try:
        made: Any = rrulestr(";".join(parts), dtstart=datetime(start.year, start.month, start.day))  # noqa: DTZ001
        first, last_moment = datetime(begin.year, begin.month, begin.day), datetime(end.year, end.month, end.day)  # noqa: DTZ001
        # The start is the first one, whether the rule fits it or not (RFC 5545, 3.8.5.3).
        return list(dict.fromkeys([start, *(moment.date() for moment in made.between(first, last_moment, inc=True))]))
    except (ValueError, TypeError, KeyError, OverflowError):
        return [start]


def _plain(value: str) -> str:
    """A text value without its escapes (RFC 5545, 3.3.11)."""
    text = value.replace("\\n", " ").replace("\\N", " ").replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
    return " ".join(text.split())[:80]
