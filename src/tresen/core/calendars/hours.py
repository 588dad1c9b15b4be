"""From the row of a calendar to its open time, and to the days on which it is closed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from tresen.core.calendars.models import Calendar
from tresen.core.calendars.opening import Opening
from tresen.core.calendars.public_holidays import holidays_of
from tresen.core.calendars.questions import read_opening

# Ten years: what is not due by then is never due. A calendar is followed while tickets are held.
MOST_DAYS = 3653


def opening_of(calendar: Calendar) -> Opening:
    """Its open time. Equal calendars share one, with the days that were looked at."""
    shape: dict[str, Any] = {
        "timezone": calendar.timezone, "weekly": calendar.weekly, "country": calendar.country,
        "subdivision": calendar.subdivision,
        "holidays": [day for day, _name in [*calendar.own_days, *calendar.feed_days] if len(day) == 10],
    }  # fmt: skip
    yearly = [day for day, _name in calendar.own_days if len(day) == 5]
    return _kept(json.dumps(shape, sort_keys=True), tuple(sorted(yearly)))


@lru_cache(maxsize=200)
def _kept(shape: str, yearly: tuple[str, ...]) -> Opening:
    opening = read_opening(json.loads(shape))
    opening.most_days = MOST_DAYS
    if yearly:
        once, every_year = opening.is_holiday, frozenset(yearly)
        opening.is_holiday = lambda day: once(day) or day.strftime("%m-%d") in every_year
    return opening


def closed_days(calendar: Calendar, first: date, days: int) -> list[tuple[date, str]]:
    """The days in that time on which nobody is there, each with its name, in order; ordinary free days are not named.

    One day with several names has the most particular: the desk's own, then the feed's, then the public one.
    """
    language = (get_language() or "en")[:2]
    named = dict([*calendar.feed_days, *calendar.own_days])
    found = []
    for count in range(days):
        day = first + timedelta(days=count)
        iso = day.isoformat()
        public = holidays_of(calendar.country, calendar.subdivision, day.year, language) if calendar.country else {}
        if iso in named or iso[5:] in named or day in public:
            found.append((day, named.get(iso) or named.get(iso[5:]) or public.get(day, "")))
    return found
