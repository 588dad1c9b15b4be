"""Ages in the sample's content: how long ago something was said, so that the desk is fresh on the day it is loaded.

`25m`, `2h10m` are minutes and hours before now; `3d 10:42` is three days ago at that local time. What falls on a
weekend moves to the Friday before, since offices are closed; today's ages are taken as they are.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_SHORT = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?")
_DAYS = re.compile(r"(\d+)d (\d\d):(\d\d)")
_DATE_MARK = re.compile(r"\{([dw])([+-]\d+)\}")
_WEEKDAYS = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "pl": ("poniedziałek", "wtorek", "środę", "czwartek", "piątek", "sobotę", "niedzielę"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS_EN = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
              "November", "December")  # fmt: skip
_LEAST_GAP = timedelta(minutes=7)


def moment(age: str, *, now: datetime, zone: str) -> datetime:
    """The instant of an age. `now` is aware; `zone` is where the wall clock of `3d 10:42` hangs.

    Raises ValueError for what is no age.
    """
    if match := _DAYS.fullmatch(age):
        days, hour, minute = map(int, match.groups())
        local = now.astimezone(ZoneInfo(zone))
        day = local.date() - timedelta(days=days)
        day -= timedelta(days=max(0, day.weekday() - 4))
        return datetime.combine(day, time(hour, minute), tzinfo=local.tzinfo)
    match = _SHORT.fullmatch(age)
    if not age or match is None:
        raise ValueError(f"no age: {age!r}")
    return now - timedelta(hours=int(match[1] or 0), minutes=int(match[2] or 0))


def in_order(moments: list[datetime], *, now: datetime) -> list[datetime]:
    """The same moments, each after the one before and none in the future: weekends may have pushed two together."""
    ordered: list[datetime] = []
    for at in moments:
        ordered.append(max(at, ordered[-1] + _LEAST_GAP) if ordered and at <= ordered[-1] else at)
    latest = now
    for place in range(len(ordered) - 1, -1, -1):
        ordered[place] = min(ordered[place], latest)
        latest = ordered[place] - timedelta(seconds=20)
    return ordered


def fill_dates(text: str, *, at: datetime, language: str) -> str:
    """The text with `{d+3}` as the date and `{w+3}` as the weekday three days after `at`, as the language writes it.

    A weekday that falls on a weekend becomes the Monday after, and so does its date.
    """

    def written(match: re.Match[str]) -> str:
        day = at.date() + timedelta(days=int(match[2]))
        if day.weekday() > 4:
            day += timedelta(days=7 - day.weekday())
        if match[1] == "w":
            return _WEEKDAYS[language][day.weekday()]
        if language == "en":
            return f"{day.day} {_MONTHS_EN[day.month - 1]}"
        return f"{day.day:02}.{day.month:02}."

    return _DATE_MARK.sub(written, text)
