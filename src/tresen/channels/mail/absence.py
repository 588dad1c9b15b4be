"""Until when is somebody away? Read from his automatic reply, in the languages that our customers' programs speak."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

LONGEST_DAYS = 370
FIRST_CHARACTERS = 4000
# First letters of the months, without accents, in en, de, pl, fr, es, it, nl, pt, cs; longest first where they overlap.
MONTHS: tuple[tuple[str, ...], ...] = (
    ("jan", "styc", "janv", "ener", "genn", "led"),
    ("feb", "lut", "fevr", "fev", "febb", "uno"),
    ("marz", "mar", "maer", "maar", "brez"),
    ("apr", "kwie", "avri", "abri"),
    ("may", "mai", "maj", "mayo", "magg", "mei", "kvet"),
    ("jun", "czer", "juin", "giug", "cervn"),
    ("jul", "lip", "juil", "lugl", "cervenc"),
    ("aug", "sier", "aout", "agos", "srp"),
    ("sep", "wrze", "sett", "set", "zari"),
    ("oct", "okt", "pazd", "otto", "outu", "ott", "rij"),
    ("nov", "list"),
    ("dec", "dez", "grud", "dice", "dici", "pros"),
)
SPELT = {ord(char): plain for char, plain in zip("łßöüä’", ("l", "ss", "oe", "ue", "ae", "'"), strict=True)}
MONTH = r"[a-z]{3,12}"
DATE = (
    r"(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
    r"|(?P<d2>\d{1,2})[./-] ?(?P<m2>\d{1,2})(?:[./-] ?(?P<y2>\d{4}|\d{2})?)?"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th|er|\.|o|º)? ?(?:of |de |di )?(?P<m3>{MONTH})\.?,?(?: (?:de )?(?P<y3>\d{{4}}))?"
    rf"|(?P<m4>{MONTH})\.? (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<y4>\d{{4}}))?)"
)
DAY_NAME = r"(?:(?:on |am |den |dnia |dem |le |el |il |op |dia |w )?[a-z]{2,12},? (?:the |den |dem |dnia |le |el )?)?"
# Away up to and with that day.
UNTIL = (
    r"until|untill|till|thru|through|up to|bis (?:einschliesslich|inkl\.?|zum|einschl\.?)?|einschliesslich|do dnia|do"
    r"|jusqu'?(?:au|a)|hasta (?:el)?|fino (?:al|a)|tot en met|t/m|tot|ate (?:o dia)?|az do|do vcetne|returning"
    r"|und bis|to|-|–"
)
# Back on that day: away up to the one before.
BACK = (
    r"(?:be )?back (?:in (?:the )?office )?(?:on|from|by)?"
    r"|return(?:ing)?(?: to (?:the )?(?:office|work))? (?:on|from)"
    r"|wieder (?:am|ab)|ab (?:dem)?|zurueck (?:am|ab)|wracam|wroce|powrot|bede (?:dostepn[ya]|ponownie)|od dnia"
    r"|de retour (?:le|a partir du)|retour le|regreso (?:el)?|vuelvo (?:el)?|(?:di )?ritorno (?:il)?|rientro (?:il)?"
    r"|terug (?:op)?|de volta (?:em|a)?|zpet"
)
NEAR = re.compile(rf"(?<![\w])(?:(?P<until>{UNTIL})|(?P<back>{BACK})) *:? *{DAY_NAME}{DATE}(?!\w)")


def away_until(subject: str, text: str, *, today: date) -> date | None:
    """The last day of the absence, if one is named: the latest date near an `until` or `back on`, from today on and
    within a year. Numbers are read day first, and month first where only that gives a date."""
    plain = _plain(f"{subject}\n{text[:FIRST_CHARACTERS]}")
    found: list[date] = []
    for match in NEAR.finditer(plain):
        day = _date(match, today)
        if day is None:
            continue
        last = day - timedelta(days=1) if match["back"] else day
        if today <= last <= today + timedelta(days=LONGEST_DAYS):
            found.append(last)
    return max(found, default=None)


def _plain(text: str) -> str:
    """Small letters without accents, blanks single."""
    spelt = text.lower().translate(SPELT)
    bare = "".join(c for c in unicodedata.normalize("NFD", spelt) if not unicodedata.combining(c))
    return " ".join(bare.split())


def _date(match: re.Match[str], today: date) -> date | None:
    day = next((int(match[name]) for name in ("d", "d2", "d3", "d4") if match[name]), 0)
    number = next((int(match[name]) for name in ("m", "m2") if match[name]), 0)
    word = match["m3"] or match["m4"]
    month = _month(word) if word else number
    stated = next((int(match[name]) for name in ("y", "y2", "y3", "y4") if match[name]), 0)
    year = stated + 2000 if 0 < stated < 100 else stated
    return _valid(year, month, day, today) or (_valid(year, day, month, today) if match["m2"] else None)


def _month(word: str) -> int:
    best = max(
        ((len(start), number) for number, starts in enumerate(MONTHS, 1) for start in starts if word.startswith(start)),
        default=(0, 0),
    )
    return best[1]


def _valid(year: int, month: int, day: int, today: date) -> date | None:
    """The date; without a year the next one that is not long past."""
    try:
        if year:
            return date(year, month, day)
        this = date(today.year, month, day)
        return this if this >= today - timedelta(days=60) else date(today.year + 1, month, day)
    except ValueError:
        return None
