"""When it comes again: the dates of a pattern. Pure.

A date is written in wall-clock time of a zone. A time that a change of the clocks leaves out stands as far after the
change as it was written; one that comes twice means the first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from dateutil import rrule

from tresen.core.calendars.opening import Opening

_FREQUENCIES = {"daily": rrule.DAILY, "weekly": rrule.WEEKLY, "monthly": rrule.MONTHLY, "yearly": rrule.YEARLY}
# So many dates are looked through at most: a pattern of which nothing is ever open ends there.
MOST = 5000
# For an open day it waits no longer than this.
MOST_DAYS_LATER = 31
# No date is later: towards the year 9999 another zone, or the next open day, is beyond what a date can be.
LAST = date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Pattern:
    """`every` so many days, weeks, months or years from `starts_on` on, at `at` in the zone. Weekly: on `weekdays`
    (Monday 0). Monthly and yearly: on `month_day`, or on the last day of a shorter month; or on the `nth` (1 to 4, -1
    the last) of the weekday. Without those, on the day of the start. `opening` with `on_closed`: what becomes of dates
    on which it is closed all day (keep, next, skip)."""

    frequency: str
    every: int
    at: time
    zone: ZoneInfo
    starts_on: date
    ends_on: date | None = None
    weekdays: tuple[int, ...] = ()
    month_day: int | None = None
    nth: int | None = None
    opening: Opening | None = None
    on_closed: str = "keep"

    def dates(self, after: datetime | None = None) -> Iterator[datetime]:
        """The dates in order, in UTC, each once, those up to `after` left out."""
        last = datetime.min.replace(tzinfo=UTC) if after is None else after
        for plain in islice(self._rule(after), MOST):
            day = self._open_day(plain.date())
            if day is None or (self.ends_on and day > self.ends_on):
                continue
            found = datetime.combine(day, self.at, self.zone).astimezone(UTC)
            if found > last:
                last = found
                yield found

    def next(self, after: datetime) -> datetime | None:
        """The first date after that instant; None when there is none."""
        return next(self.dates(after), None)

    def between(self, after: datetime, until: datetime) -> list[datetime]:
        """The dates after the one instant and up to the other."""
        found = []
        for at in self.dates(after):
            if at > until:
                break
            found.append(at)
        return found

    def _rule(self, after: datetime | None) -> Iterator[datetime]:
        more: dict[str, Any] = {}
        if self.frequency == "weekly" and self.weekdays:
            more["byweekday"] = self.weekdays
        elif self.frequency in ("monthly", "yearly"):
            more = self._in_month()
        if self.frequency == "yearly" and more:
            more["bymonth"] = self.starts_on.month
        until = datetime.combine(min(self.ends_on or LAST, LAST), time.max)
        rule = rrule.rrule(
            _FREQUENCIES[self.frequency], interval=self.every, until=until,
            dtstart=datetime.combine(self.starts_on, self.at), **more,
        )  # fmt: skip
        if after is None:
            return iter(rule)
        # A date that waits for an open day may stand that far before.
        back = timedelta(days=2 + (MOST_DAYS_LATER if self.on_closed == "next" else 0))
        begin = max(after.astimezone(self.zone).replace(tzinfo=None) - back, datetime(1, 1, 2))  # noqa: DTZ001
        return rule.xafter(begin, inc=True)

    def _in_month(self) -> dict[str, Any]:
        if self.nth is not None and self.weekdays:
            return {"byweekday": self.weekdays[0], "bysetpos": self.nth}
        day = self.month_day or self.starts_on.day
        if day <= 28:
            return {"bymonthday": day}
        return {"bymonthday": tuple(range(28, day + 1)), "bysetpos": -1}

    def _open_day(self, day: date) -> date | None:
        """The day, or the one that takes its place; None where it is left out."""
        if self.opening is None or self.on_closed == "keep" or _is_open(self.opening, day):
            return day
        if self.on_closed == "skip":
            return None
        later = (day + timedelta(days=count) for count in range(1, MOST_DAYS_LATER + 1))
        return next((one for one in later if _is_open(self.opening, one)), None)


def _is_open(opening: Opening, day: date) -> bool:
    hours: Sequence[Any] = opening.week[day.weekday()]
    return bool(hours) and not opening.is_holiday(day)
