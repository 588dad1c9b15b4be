"""The dates of a pattern, as a table, and against counting day by day."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tresen.core.calendars.opening import Opening
from tresen.service.recurring.dates import Pattern

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Opening(BERLIN, [[(480, 1020)]] * 5 + [[]] * 2, lambda day: day == date(2026, 12, 25))


def pattern(frequency: str, **more: Any) -> Pattern:
    usual: dict[str, Any] = {"every": 1, "at": time(8, 0), "zone": BERLIN, "starts_on": date(2026, 1, 1)}
    return Pattern(frequency, **{**usual, **more})


def first(found: Pattern, count: int = 4, after: datetime | None = None) -> list[str]:
    return [f"{at.astimezone(BERLIN):%d.%m.%y %H:%M}" for at in islice(found.dates(after), count)]


@pytest.mark.parametrize(
    ("found", "dates"),
    [
        (pattern("daily", every=3), "01.01.26 04.01.26 07.01.26 10.01.26"),
        (pattern("weekly", weekdays=(0, 3), every=2), "01.01.26 12.01.26 15.01.26 26.01.26"),
        (pattern("monthly", month_day=31), "31.01.26 28.02.26 31.03.26 30.04.26"),
        (pattern("monthly", nth=1, weekdays=(0,)), "05.01.26 02.02.26 02.03.26 06.04.26"),
        (pattern("monthly", nth=-1, weekdays=(4,)), "30.01.26 27.02.26 27.03.26 24.04.26"),
        (pattern("yearly", starts_on=date(2024, 2, 29)), "29.02.24 28.02.25 28.02.26 28.02.27"),
        (pattern("yearly", nth=2, weekdays=(6,), starts_on=date(2026, 5, 1)), "10.05.26 09.05.27 14.05.28 13.05.29"),
        (pattern("monthly", month_day=15, ends_on=date(2026, 3, 14)), "15.01.26 15.02.26"),
    ],
)
def test_the_dates_of_a_pattern(found: Pattern, dates: str) -> None:
    assert [one.split()[0] for one in first(found)] == dates.split()


def test_closed_days_are_kept_left_out_or_put_off() -> None:
    daily = {"opening": OFFICE, "starts_on": date(2026, 12, 24)}
    assert first(pattern("daily", **daily), 2) == ["24.12.26 08:00", "25.12.26 08:00"]
    assert first(pattern("daily", on_closed="skip", **daily), 2) == ["24.12.26 08:00", "28.12.26 08:00"]
    put_off = pattern("monthly", month_day=25, on_closed="next", opening=OFFICE, starts_on=date(2026, 12, 1))
    assert first(put_off, 2) == ["28.12.26 08:00", "25.01.27 08:00"]
    day_by_day = pattern("daily", on_closed="next", **daily)
    assert first(day_by_day, 3) == ["24.12.26 08:00", "28.12.26 08:00", "29.12.26 08:00"], "each day once"
    waiting = datetime(2026, 12, 26, 12, tzinfo=UTC)
    assert first(put_off, 1, waiting) == ["28.12.26 08:00"], "what waits for an open day is still to come"


def test_the_clock_on_the_wall_counts_over_both_changes() -> None:
    night = pattern("daily", at=time(2, 30), starts_on=date(2026, 3, 28))
    assert first(night, 3) == ["28.03.26 02:30", "29.03.26 03:30", "30.03.26 02:30"]
    autumn = pattern("daily", at=time(2, 30), starts_on=date(2026, 10, 24))
    assert len(set(islice(autumn.dates(), 3))) == 3 and autumn.between(
        datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 10, 25, 3, tzinfo=UTC)
    ) == [datetime(2026, 10, 25, 0, 30, tzinfo=UTC)], "the first of two"


@pytest.mark.parametrize("nth", [1, 2, 3, 4, -1])
def test_the_nth_weekday_is_what_counting_says(nth: int) -> None:
    for weekday in range(7):
        found = pattern("monthly", nth=nth, weekdays=(weekday,))
        counted = []
        for month in range(1, 13):
            whole = [date(2026, month, n) for n in range(1, monthrange(2026, month)[1] + 1)]
            days = [day for day in whole if day.weekday() == weekday]
            counted.append(days[nth - 1 if nth > 0 else -1])
        assert [at.astimezone(BERLIN).date() for at in islice(found.dates(), 12)] == counted


def test_going_on_from_any_moment_gives_the_same_dates() -> None:
    found = pattern("weekly", weekdays=(1, 4), every=3)
    dates = list(islice(found.dates(), 40))
    for before, after in pairwise(dates):
        assert found.next(before) == after
        assert found.next(after - timedelta(seconds=1)) == after
    assert found.between(dates[3], dates[9]) == dates[4:10]


def test_nothing_ever_open_ends() -> None:
    closed = Opening(BERLIN, [[]] * 7)
    assert pattern("daily", opening=closed, on_closed="skip").next(datetime(2026, 1, 1, tzinfo=UTC)) is None
