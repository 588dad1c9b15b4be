"""The Date header, of every shape that still means one instant."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

MONTHS = {name: number for number, names in enumerate((
    "jan januar january janvier stycznia sty leden ledna enero ene gennaio gen",
    "feb februar february fevrier lutego lut févr fevr febrero febbraio fev",
    "mar maerz märz mär march mars marca marzo março marco maart mrt",
    "apr april avr avril kwietnia kwi abril abr aprile",
    "may mai maja maj mayo maggio mag maio mei",
    "jun juni june juin czerwca cze junio giugno giu junho",
    "jul juli july juillet lipca lip juil julio luglio lug julho",
    "aug august aout août sierpnia sie agosto ago",
    "sep sept september septembre września wrzesnia wrz septiembre settembre set setembro",
    "oct okt october oktober octobre października pazdziernika paź paz octubre ottobre ott outubro out",
    "nov november novembre listopada lis noviembre novembro",
    "dec dez december dezember decembre décembre grudnia gru déc diciembre dicembre dic dezembro",
), start=1) for name in names.split()}  # fmt: skip
ZONES = {"ut": 0, "utc": 0, "gmt": 0, "z": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
         "pst": -8, "pdt": -7, "cet": 1, "cest": 2, "met": 1, "mest": 2, "mez": 1, "mesz": 2, "bst": 1, "eet": 2,
         "eest": 3, "msk": 3, "jst": 9}  # fmt: skip
COMMENT = re.compile(r"\([^()]{0,100}\)")
DAY_MONTH = re.compile(r"(\d{1,2})[\s.-]{1,3}([^\W\d]{3,12})\.?[\s,-]{1,3}(\d{2,4})")
MONTH_DAY = re.compile(
    r"([^\W\d]{3,12})\.?\s{1,3}(\d{1,2})(?:st|nd|rd|th)?,?\s{1,3}(?:\d\d?:\d\d(?::\d\d)?\s{1,3}(?:[AaPp][Mm]\s{1,3})?)?"
    r"(?:[A-Z]{3,4}\s{1,3}|(?:GMT|UTC)?[+-]\d\d:?\d\d\s{1,3})?(\d{4}|\d\d(?=\s+\d\d?:))"
)
ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")
COMPACT = re.compile(r"\b((?:19|20)\d\d)(\d\d)(\d\d)(?=\D|\Z)")
COMPACT_CLOCK = re.compile(r"[ T](\d\d)(\d\d)(\d\d)?()")
EAST_ASIAN = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]")
NUMBERS = re.compile(r"\b(\d{1,2})([./-])(\d{1,2})[./-](\d{4}|\d\d)\b")
CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:[.,]\d{1,9})?\s{0,2}([AaPp][Mm]\b)?")
OFFSET = re.compile(r"([+-])\s?(\d{1,2})(?::?(\d{2}))?\b")
NAMED = re.compile(r"\b([A-Za-z]{1,4})\b")


def parse_date(value: str) -> datetime | None:
    """The instant in UTC, or None when the text names none between 1970 and 2100. A missing zone is UTC (RFC 5322,
    4.3)."""
    text = COMMENT.sub(" ", value[:500]).partition("(")[0].strip()[:200]
    found = _day(text)
    if found is None:
        return None
    (year, month, day), behind = found
    clock = COMPACT_CLOCK.match(text, behind) or CLOCK.search(text, behind) or CLOCK.search(text)
    hour, minute, second = (int(clock[1]), int(clock[2]), min(int(clock[3] or 0), 59)) if clock else (0, 0, 0)
    if clock and clock[4] and hour <= 12:
        hour = hour % 12 + (12 if clock[4].lower() == "pm" else 0)
    try:
        zone = timezone(_offset(text, clock.end() if clock else 0))
        instant = datetime(year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return instant if 1970 <= instant.year <= 2100 else None


def _day(text: str) -> tuple[tuple[int, int, int], int] | None:
    """Year, month, day and where in the text they end (0 where the time may stand among them)."""
    found = DAY_MONTH.search(text)
    if found and found[2].lower() in MONTHS:
        return (_year(found[3]), MONTHS[found[2].lower()], int(found[1])), found.end()
    found = ISO.search(text) or EAST_ASIAN.search(text) or COMPACT.search(text)
    if found:
        return (int(found[1]), int(found[2]), int(found[3])), found.end()
    for found in MONTH_DAY.finditer(text):
        if found[1].lower() in MONTHS:
            return (_year(found[3]), MONTHS[found[1].lower()], int(found[2])), 0
    found = NUMBERS.search(text)
    return None if not found else (_numbers(found), found.end())


def _numbers(found: re.Match[str]) -> tuple[int, int, int]:
    """31.12.2009 and 12/31/2009: with dots the day comes first, with slashes the month, unless it cannot be one."""
    first, second = int(found[1]), int(found[3])
    is_day_first = found[2] in ".-" or first > 12
    return (_year(found[4]), second, first) if is_day_first and second <= 12 else (_year(found[4]), first, second)


def _year(digits: str) -> int:
    """Two and three digits as RFC 5322, 4.3 reads them."""
    year = int(digits)
    if len(digits) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if len(digits) == 3 else year


def _offset(text: str, after: int) -> timedelta:
    found = OFFSET.search(text, after)
    if found:
        hours, minutes = int(found[2]), int(found[3] or 0)
        if hours > 14 or minutes > 59:
            return timedelta()
        return (1 if found[1] == "+" else -1) * timedelta(hours=hours, minutes=minutes)
    name = NAMED.search(text, after)
    return timedelta(hours=ZONES.get(name[1].lower(), 0)) if name else timedelta()
