"""Open time: when somebody is there, and when a span of open time is over. Pure; instants in, instants out.

Wall-clock times are resolved as `zoneinfo` does with `fold=0`: one that a change of the clocks leaves out stands as far
after the change as it was written, one that comes twice means the first. Between two instants real time passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TypeVar

DAY = timedelta(days=1)
NOTHING = timedelta(0)
FULL_DAY = 24 * 60
# How far a calendar is followed. Beyond that it is taken for one that is never open again.
MOST_DAYS = 200 * 366
Span = tuple[datetime, datetime]
# Minutes since the midnight with which the day begins: (480, 1020). An end that is not after its start is on the next
# day; 1440 is the next midnight.
Interval = tuple[int, int]
Point = TypeVar("Point", datetime, timedelta)


class NeverDue(ValueError):
    """The calendar does not have that much open time as far as it is followed."""


class Opening:
    """The open time of a calendar: weekly intervals (Monday first) in a zone, without holidays.

    `is_holiday` says of a local date whether it is closed from 00:00 to 24:00. Days once looked at are kept; it is
    followed for `most_days` from a start.
    """

    most_days = MOST_DAYS

    def __init__(
        self, zone: tzinfo, week: Sequence[Sequence[Interval]], is_holiday: Callable[[date], bool] = lambda _: False
    ) -> None:
        self.zone, self.is_holiday = zone, is_holiday
        self.week = [[_forward(interval) for interval in day] for day in week]
        # What is open on each day of the week, counted from its midnight, where no clock is changed.
        self._plain: dict[int, list[tuple[timedelta, timedelta]]] = {}
        self._days: dict[date, list[Span]] = {}
        self._offsets: dict[date, timedelta] = {}

    @property
    def is_never_open(self) -> bool:
        """Not one interval in the week."""
        return not any(self.week)

    def spans(self, start: datetime, days: int | None = None) -> Iterator[Span]:
        """The open time from `start` on, in order, none touching the other's inside. Ends after so many days, or
        `most_days`."""
        if self.is_never_open:
            return
        try:
            day = start.astimezone(self.zone).date() - DAY  # a day that begins late may still hold the first hour
            for _ in range(self.most_days if days is None else days):
                for begin, end in self._open(day):
                    if end > start:
                        yield max(begin, start), end
                day += DAY
        except OverflowError:  # the year 9999
            return

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at that instant."""
        day = at.astimezone(self.zone).date()
        return any(begin <= at < end for near in (day - DAY, day) for begin, end in self._open(near))

    def _open(self, day: date) -> list[Span]:
        """What is open between this midnight and the next, overlaps counted once."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = [] if self.is_holiday(day) else self._between_midnights(day)
        return found

    def _between_midnights(self, day: date) -> list[Span]:
        offset = self._offset(day - DAY - DAY)
        if offset != self._offset(day + DAY + DAY):
            return self._around_a_change(day)
        midnight, weekday = datetime(day.year, day.month, day.day, tzinfo=UTC) - offset, day.weekday()
        if weekday not in self._plain:
            self._plain[weekday] = _within_day(self.week[weekday - 1], self.week[weekday])
        return [(midnight + begin, midnight + end) for begin, end in self._plain[weekday]]

    def _around_a_change(self, day: date) -> list[Span]:
        """The same where the clocks of the zone are changed, each interval resolved as it is written."""
        midnight, next_midnight = self._instant(day, 0), self._instant(day, FULL_DAY)
        # Two days back: an interval over midnight may end in a day that a zone has left out (Apia, 30 December 2011).
        spans = [span for near in range(-2, 2) for span in self._as_written(day + near * DAY)]
        return union(sorted((max(begin, midnight), min(end, next_midnight)) for begin, end in spans))

    def _as_written(self, day: date) -> list[Span]:
        """The intervals that belong to the day, each from its start to its end, wherever that is."""
        spans = ((self._instant(day, begin), self._instant(day, end)) for begin, end in self.week[day.weekday()])
        return [(begin, end) for begin, end in spans if end > begin]

    def _offset(self, day: date) -> timedelta:
        """How far the zone is ahead of UTC at the midnight with which the day begins."""
        found = self._offsets.get(day)
        if found is None:
            found = datetime(day.year, day.month, day.day, tzinfo=self.zone).utcoffset() or NOTHING
            self._offsets[day] = found
        return found

    def _instant(self, day: date, minutes: int) -> datetime:
        days, rest = divmod(minutes, FULL_DAY)
        hour, minute = divmod(rest, 60)
        if days:
            day += days * DAY
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=self.zone).astimezone(UTC)


def always() -> Opening:
    """Round the clock."""
    return Opening(UTC, [[(0, FULL_DAY)]] * 7)


def _forward(interval: Interval) -> Interval:
    begin, end = interval
    return (begin, end) if end > begin else (begin, end + FULL_DAY)


def _within_day(yesterday: Sequence[Interval], today: Sequence[Interval]) -> list[tuple[timedelta, timedelta]]:
    """What is open between a midnight and the next, with what runs into it from the day before."""
    minutes = [(begin, min(end, FULL_DAY)) for begin, end in today]
    minutes += [(max(begin - FULL_DAY, 0), end - FULL_DAY) for begin, end in yesterday]
    return union(sorted((timedelta(minutes=begin), timedelta(minutes=end)) for begin, end in minutes))


def union(spans: Iterable[tuple[Point, Point]]) -> list[tuple[Point, Point]]:
    """Sorted spans, joined where they overlap or touch; empty ones are gone."""
    joined: list[tuple[Point, Point]] = []
    for begin, end in spans:
        if end <= begin:
            continue
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def without(spans: Iterable[Span], pauses: Sequence[Span]) -> Iterator[Span]:
    """What is left of the spans, in order. `pauses` as `union` gives them."""
    at = 0
    for begin, end in spans:
        while at < len(pauses) and pauses[at][1] <= begin:
            at += 1
        for pause_begin, pause_end in pauses[at:]:
            if pause_begin >= end:
                break
            if pause_begin > begin:
                yield begin, pause_begin
            begin = max(begin, pause_end)
        if begin < end:
            yield begin, end


def due_at(opening: Opening, start: datetime, span: timedelta, pauses: Iterable[Span] = ()) -> datetime:
    """The first instant at which the open time since `start` that lies in no pause reaches `span` (> 0).

    Raises NeverDue.
    """
    left = span
    for begin, end in without(opening.spans(start), union(sorted(pauses))):
        if end - begin >= left:
            return begin + left
        left -= end - begin
    raise NeverDue


def open_time(opening: Opening, start: datetime, end: datetime, pauses: Iterable[Span] = ()) -> timedelta:
    """How much open time lies between the two instants and in no pause."""
    passed = NOTHING
    days = max(0, (end - start).days) + 5  # the day before the start, those begun on either side, a zone that leaps
    for begin, finish in without(opening.spans(start, days), union(sorted(pauses))):
        if begin >= end:
            break
        passed += min(finish, end) - begin
    return passed
