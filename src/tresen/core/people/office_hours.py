"""When somebody is there: weekly intervals as a person types them, kept in the calendar shape of the contract."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = r"(\d{1,2})(?:[:.](\d{2}))?"
_INTERVAL = re.compile(rf"{_TIME}\s*[-–—]\s*{_TIME}")
MAX_INTERVALS = 6
Weekly = dict[str, list[list[str]]]


def read_intervals(text: str) -> list[list[str]]:
    """`8-12, 13:00–17:30` → `[["08:00", "12:00"], ["13:00", "17:30"]]`; nothing typed is a closed day.

    An interval whose end is not after its start runs into the next day. Raises ValidationError in words.
    """
    parts = [part.strip() for part in re.split(r"[,;]", text) if part.strip()]
    if len(parts) > MAX_INTERVALS:
        raise ValidationError(_("At most %(n)s times a day.") % {"n": MAX_INTERVALS})
    found = []
    for part in parts:
        match = _INTERVAL.fullmatch(part)
        if match is None:
            raise ValidationError(_("“%(text)s” is not a time. Write it like 08:00–17:00.") % {"text": part[:40]})
        start, end = _time(match[1], match[2], part), _time(match[3], match[4], part, is_end=True)
        if start == end:
            raise ValidationError(_("“%(text)s” begins and ends at the same time.") % {"text": part[:40]})
        found.append([start, end])
    return found


def _time(hours: str, minutes: str | None, shown: str, *, is_end: bool = False) -> str:
    hour, minute = int(hours), int(minutes or 0)
    if (hour, minute) == (24, 0) and is_end:
        return "24:00"
    if hour > 23 or minute > 59:
        raise ValidationError(_("“%(text)s” is not a time. Write it like 08:00–17:00.") % {"text": shown[:40]})
    return f"{hour:02d}:{minute:02d}"


def show_intervals(intervals: list[list[str]]) -> str:
    """The intervals of one day as they are typed: `08:00–12:00, 13:00–17:30`."""
    return ", ".join(f"{start}–{end}" for start, end in intervals)


def calendar(weekly: Weekly, *, timezone: str, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """The calendar with these weekly hours; holidays and country of the one `before` stay."""
    kept = {key: value for key, value in (before or {}).items() if key not in {"weekly", "timezone"}}
    return {"timezone": timezone, "weekly": {day: weekly[day] for day in DAYS if weekly.get(day)}, **kept}


def usual_week() -> Weekly:
    """What a new desk begins with: Monday to Friday, 9 to 17."""
    return {day: [["09:00", "17:00"]] for day in DAYS[:5]}
