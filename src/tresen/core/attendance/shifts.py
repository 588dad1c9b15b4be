"""Other hours than those of the fixed week: for some days, or in turn (an early and a late week)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tresen.core.calendars.opening import Opening, Span
from tresen.core.people.office_hours import Weekly

WEEK = timedelta(days=7)
EVERY = (1, 2, 3, 4)
MOST_SHIFTS = 30


@dataclass(frozen=True)
class Shift:
    """The hours of the weeks from the first to the last day (None: until further notice), of each week or only every
    second to fourth, counted from that of the first day. A day without hours is free."""

    key: str
    starts_on: date
    ends_on: date | None
    every: int
    weekly: Weekly

    def covers(self, day: date) -> bool:
        """It says when he works on that day."""
        if day < self.starts_on or (self.ends_on is not None and day > self.ends_on):
            return False
        return (_monday(day) - _monday(self.starts_on)) // WEEK % self.every == 0

    @property
    def kept(self) -> dict[str, Any]:
        """As the row of the agent keeps it."""
        ends_on = self.ends_on.isoformat() if self.ends_on else None
        return {"key": self.key, "starts_on": self.starts_on.isoformat(), "ends_on": ends_on, "every": self.every,
                "weekly": self.weekly}  # fmt: skip


def shifts_in(kept: Iterable[Mapping[str, Any]]) -> list[Shift]:
    """The shifts of a row, in the order in which they were entered."""
    return [
        Shift(
            row["key"], date.fromisoformat(row["starts_on"]),
            date.fromisoformat(row["ends_on"]) if row["ends_on"] else None, row["every"], row["weekly"],
        )
        for row in kept
    ]  # fmt: skip


class Roster(Opening):
    """The open time of somebody who has shifts: on a day that one covers by its hours, the last that was entered first,
    else by those of the fixed week. `shifts`: each with the open time of its week."""

    def __init__(self, fixed: Opening, shifts: Sequence[tuple[Shift, Opening]]) -> None:
        super().__init__(fixed.zone, fixed.week, fixed.is_holiday)
        self.most_days, self.shifts = fixed.most_days, shifts

    @property
    def is_never_open(self) -> bool:
        """Not one interval in the week and in any shift."""
        return super().is_never_open and all(opening.is_never_open for _shift, opening in self.shifts)

    def _between_midnights(self, day: date) -> list[Span]:
        return self._around_a_change(day)

    def _as_written(self, day: date) -> list[Span]:
        found = next((opening for shift, opening in reversed(self.shifts) if shift.covers(day)), None)
        return super()._as_written(day) if found is None else found._as_written(day)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
