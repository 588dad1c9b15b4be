"""Times as a person reads them: how long ago, when exactly, in the active language and time zone."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

MINUTE, HOUR, DAY = 60, 3600, 86400
# A unit is used from its first number of seconds on; `tick-time.js` reads the same table.
STEPS = (("minute", MINUTE, MINUTE), ("hour", HOUR, HOUR), ("day", DAY, DAY), ("month", 60 * DAY, 30 * DAY),
         ("year", 730 * DAY, 365 * DAY))  # fmt: skip


def unit_of(seconds: float) -> tuple[str, int]:
    """The unit and the whole number of it, rounded down: 150 s are ("minute", 2); ("now", 0) below a minute."""
    found = ("now", 0)
    for name, first, length in STEPS:
        if seconds >= first:
            found = (name, int(seconds // length))
    return found


def age_text(unit: str, number: int) -> str:
    """A span of time, short: "2 h"."""
    if unit == "now":
        return gettext("now")
    return {
        "minute": lambda: ngettext("%(n)s min", "%(n)s min", number),
        "hour": lambda: ngettext("%(n)s h", "%(n)s h", number),
        "day": lambda: ngettext("%(n)s d", "%(n)s d", number),
        "month": lambda: ngettext("%(n)s mo", "%(n)s mo", number),
        "year": lambda: ngettext("%(n)s y", "%(n)s y", number),
    }[unit]() % {"n": number}


def span_words(seconds: float) -> str:
    """A span of open time, never below a minute: `4 h 30 min`."""
    hours, minutes = divmod(max(1, round(abs(seconds) / 60)), 60)
    parts = [age_text(unit, number) for unit, number in (("hour", hours), ("minute", minutes)) if number]
    return " ".join(parts)


def past_text(unit: str, number: int) -> str:
    """How long ago: "2 h ago"."""
    if unit == "now":
        return gettext("just now")
    return {
        "minute": lambda: ngettext("%(n)s min ago", "%(n)s min ago", number),
        "hour": lambda: ngettext("%(n)s h ago", "%(n)s h ago", number),
        "day": lambda: ngettext("%(n)s day ago", "%(n)s days ago", number),
        "month": lambda: ngettext("%(n)s month ago", "%(n)s months ago", number),
        "year": lambda: ngettext("%(n)s year ago", "%(n)s years ago", number),
    }[unit]() % {"n": number}


def future_text(unit: str, number: int) -> str:
    """How long until then: "in 2 h"."""
    if unit == "now":
        return gettext("in a moment")
    return {
        "minute": lambda: ngettext("in %(n)s min", "in %(n)s min", number),
        "hour": lambda: ngettext("in %(n)s h", "in %(n)s h", number),
        "day": lambda: ngettext("in %(n)s day", "in %(n)s days", number),
        "month": lambda: ngettext("in %(n)s month", "in %(n)s months", number),
        "year": lambda: ngettext("in %(n)s year", "in %(n)s years", number),
    }[unit]() % {"n": number}


TEXTS = {"age": age_text, "past": past_text, "future": future_text}


def ago(at: datetime, now: datetime) -> str:
    """How long ago or until then: "5 min ago", "in 5 min"."""
    seconds = (now - at).total_seconds()
    return past_text(*unit_of(seconds)) if seconds >= 0 else future_text(*unit_of(-seconds))


def age(at: datetime, now: datetime) -> str:
    """The same without saying which way: "5 min"."""
    return _age(*unit_of(abs((now - at).total_seconds())), get_language())


@lru_cache(maxsize=1024)
def _age(unit: str, number: int, _language: str | None) -> str:
    """Lists say the same ages again and again."""
    return age_text(unit, number)


def exact(at: datetime) -> str:
    """The whole date in the active zone: "Tuesday 17 November 2026, 10:42"."""
    return _exact(at, timezone.get_current_timezone(), get_language() or "")


@lru_cache(maxsize=4096)
def _exact(at: datetime, zone: tzinfo, language: str) -> str:
    """Lists show the same moments again and again."""
    # Translators: a date format of Django: l weekday, j day, E month in the right case, Y year, H:i time
    return date_format(timezone.localtime(at, zone), pgettext("date format", "l j E Y, H:i"))


def until(start: datetime, end: datetime) -> str:
    """The end of a span whose start was told whole: "12:30" on the same day in the active zone, else whole, too."""
    local = timezone.localtime(end)
    if local.date() != timezone.localtime(start).date():
        return exact(end)
    return date_format(local, pgettext("date format", "H:i"))


def when(at: datetime, now: datetime) -> str:
    """As exact as one needs: "10:42" today, "yesterday, 10:42", "Tue 10:42" in six days, "17 Nov", "17 Nov 2025"."""
    local, today = timezone.localtime(at), timezone.localtime(now)
    clock = date_format(local, pgettext("date format", "H:i"))
    days = (local.date() - today.date()).days
    if days == 0:
        return clock
    if days == -1:
        return gettext("yesterday, %(time)s") % {"time": clock}
    if days == 1:
        return gettext("tomorrow, %(time)s") % {"time": clock}
    if abs(days) < 7:
        return date_format(local, pgettext("date format", "D H:i"))
    if local.year == today.year:
        return date_format(local, pgettext("date format", "j M"))
    return date_format(local, pgettext("date format", "j M Y"))


def day(at: datetime, now: datetime) -> str:
    """The day as a heading: "Today, Tuesday 17 November", "Yesterday, …", "Monday 3 November 2025"."""
    local, today = timezone.localtime(at), timezone.localtime(now)
    same_year = local.year == today.year
    named = date_format(local, pgettext("date format", "l j E") if same_year else pgettext("date format", "l j E Y"))
    if local.date() == today.date():
        return gettext("Today, %(day)s") % {"day": named}
    if local.date() == today.date() - timedelta(days=1):
        return gettext("Yesterday, %(day)s") % {"day": named}
    return named


def texts_for_browser() -> dict[str, object]:
    """Patterns for <tick-time>: per kind and unit the text for 1, 2 and 5, which stand for the plural forms."""
    patterns = {
        kind: {
            "now": text("now", 0),
            **{
                unit: [text(unit, sample).replace(str(sample), "{n}", 1) for sample in (1, 2, 5)]
                for unit, _first, _length in STEPS
            },
        }
        for kind, text in TEXTS.items()
    }
    return {"steps": [list(step) for step in STEPS], "texts": patterns}


def filesize(size: int) -> str:
    """A size as a person reads it, "48 KB" or "1.4 MB": units of 1024, one decimal below ten."""
    amount = float(size)
    if amount < 1024:
        return gettext("%(n)s B") % {"n": number_format(int(amount))}
    for text in ("KB", "MB", "GB"):
        amount /= 1024
        if amount < 1024 or text == "GB":
            break
    shown = number_format(amount, 1) if amount < 9.95 and text != "KB" else number_format(round(amount))
    return {
        "KB": gettext("%(n)s KB"),
        "MB": gettext("%(n)s MB"),
        "GB": gettext("%(n)s GB"),
    }[text] % {"n": shown}
