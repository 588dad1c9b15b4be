"""What people write behind a field: words of the three languages, dates and ages."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache

from django.db.models import Choices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from tresen.kit.language import LANGUAGES
from tresen.service.search.analyser import fold

NONE_WORDS = frozenset({"none", "keine", "keiner", "keins", "niemand", "brak", "nikt"})
ME_WORDS = frozenset({"me", "ich", "ja"})
MINE_WORDS = frozenset({"mine", "my-teams", "meine", "moje"})

_UNITS = {
    **dict.fromkeys(("m", "min"), timedelta(minutes=1)),
    **dict.fromkeys(("h", "std", "godz"), timedelta(hours=1)),
    **dict.fromkeys(("d", "t", "dni"), timedelta(days=1)),
    **dict.fromkeys(("w", "wo", "tyg"), timedelta(weeks=1)),
    **dict.fromkeys(("y", "j", "r"), timedelta(days=365)),
}
OLDEST = timedelta(days=365_000)
_AGE = re.compile(rf"(\d{{1,5}})\s?({'|'.join(sorted(_UNITS, key=len, reverse=True))})", re.ASCII)
_ISO = re.compile(r"(\d{4})-(\d\d?)(?:-(\d\d?)(?:[t ](\d\d?):(\d\d))?)?", re.ASCII)
_DOTTED = re.compile(r"(\d\d?)\.(\d\d?)\.(\d{4})", re.ASCII)
_DAYS = {
    **dict.fromkeys(("today", "heute", "dzis", "dzisiaj"), 0),
    **dict.fromkeys(("yesterday", "gestern", "wczoraj"), -1),
    **dict.fromkeys(("tomorrow", "morgen", "jutro"), 1),
}
_YEARS = range(1971, 2200)


def folded(value: str) -> str:
    """A written value as it is compared: lower case, letters and digits and hyphens alone, without marks."""
    return "-".join("".join(filter(str.isalnum, fold(part))) for part in value.lower().split("-"))


def read_age(value: str) -> timedelta | None:
    """`30m`, `2h`, `7d`, `2w`, `1y`, also with German and Polish units; None for anything else, and for more than
    the calendar has."""
    read = _AGE.fullmatch(value.lower())
    age = int(read[1]) * _UNITS[read[2]] if read else None
    return age if age is not None and age <= OLDEST else None


def read_span(value: str, now: datetime) -> tuple[datetime, datetime] | None:
    """From and before when a written time is: a minute, a day, a month, in the reader's time zone; None for no time.

    `today`, `yesterday`, `tomorrow`, `2026-11-27`, `27.11.2026`, `2026-11`, `2026-11-27T10:30`.
    """
    zone = timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    try:
        if (days := _DAYS.get(folded(value))) is not None:
            return _days(today + timedelta(days=days), 1)
        if dotted := _DOTTED.fullmatch(value):
            return _days(_date(int(dotted[3]), int(dotted[2]), int(dotted[1])), 1)
        iso = _ISO.fullmatch(value.lower())
        if not iso:
            return None
        year, month = int(iso[1]), int(iso[2])
        if iso[3] is None:
            first = _date(year, month, 1)
            return _days(first, ((first.replace(day=28) + timedelta(days=4)).replace(day=1) - first).days)
        day = _date(year, month, int(iso[3]))
        if iso[4] is None:
            return _days(day, 1)
        at = datetime(day.year, day.month, day.day, int(iso[4]), int(iso[5]), tzinfo=zone)
        return at, at + timedelta(minutes=1)
    except ValueError:
        return None


def _date(year: int, month: int, day: int) -> date:
    if year not in _YEARS:
        raise ValueError
    return date(year, month, day)


def _days(first: date, count: int) -> tuple[datetime, datetime]:
    zone = timezone.get_current_timezone()
    end = first + timedelta(days=count)
    start_at = datetime(first.year, first.month, first.day, tzinfo=zone)
    return start_at, datetime(end.year, end.month, end.day, tzinfo=zone)


@cache
def names_of(choices: type[Choices]) -> dict[str, object]:
    """Every way to write one of fixed choices: its value, its name in the three languages. The value first."""
    found: dict[str, object] = {}
    for choice in choices:
        for name in (str(choice.value), choice.name):
            found[folded(name.replace("_", "-"))] = choice.value
            found[folded(name)] = choice.value
    for language in LANGUAGES:
        with override(language):
            for choice in choices:
                found.setdefault(folded(str(choice.label)), choice.value)
                found.setdefault(_joined(str(choice.label)), choice.value)
    return found


def _joined(label: str) -> str:
    """`A third party’s turn` also without blanks, since a value in a line ends at one."""
    return folded("-".join(label.split()))


def quoted(value: str) -> str:
    """A value as it stands in a line: in quotes where it needs them."""
    plain = value.replace('"', "")
    return plain if re.fullmatch(r"[^\s,()\"]+", plain) else f'"{plain}"'


def list_words(words: list[str], most: int = 12) -> str:
    """Some of the words, for a sentence that says what can be used."""
    return ", ".join(words[:most]) + (", …" if len(words) > most else "")


def did_you_mean(meant: str | None, known: list[str]) -> str:
    """The second sentence of a fault: what was probably meant, or what can be used."""
    if meant:
        return " " + _("Did you mean “%(meant)s”?") % {"meant": meant}
    return " " + _("You can use %(known)s.") % {"known": list_words(known)} if known else ""
