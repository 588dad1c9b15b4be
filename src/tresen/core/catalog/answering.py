"""What somebody answered in a form: which fields are shown, what is kept, what is wrong. Pure.

Answers are kept by the keys of the fields: text, number, true, `2026-11-28`, the key of an option or a list of those,
the names of files. What is not shown is not answered, whatever was sent.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tresen.core.catalog.fields import (
    MOST_FILES,
    MOST_LINE,
    MOST_NUMBER,
    MOST_TEXT,
    SILENT,
    Condition,
    Field,
    How,
    Kind,
    Pattern,
)
from tresen.core.people.identities import is_mail_address

# Each is linear in what it reads: nothing repeats what repeats already.
PATTERNS = {
    Pattern.DIGITS: re.compile(r"[0-9]+"),
    Pattern.LETTERS: re.compile(r"(?:[^\W\d_]|[ '’.-])+"),
    Pattern.CODE: re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]*"),
    Pattern.POSTCODE_DE: re.compile(r"[0-9]{5}"),
    Pattern.POSTCODE_PL: re.compile(r"[0-9]{2}-[0-9]{3}"),
    Pattern.HOST: re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*"),
}
PHONE = re.compile(r"\+?[0-9 ()/.-]{3,40}")
YEARS = range(1900, 2200)


@dataclass(frozen=True)
class Fault:
    """What is wrong with the answer to a field. `why`: missing, short, long, small, large, number, date, offered, few,
    many, pattern, mail, phone, yes_no, unknown; `bound` is the limit that was missed, or the name of the pattern."""

    why: str
    bound: float | str | None = None


class _Wrong(ValueError):
    def __init__(self, why: str, bound: float | str | None = None) -> None:
        super().__init__(why)
        self.fault = Fault(why, bound)


@dataclass(frozen=True)
class Outcome:
    """`shown`: keys of the fields that are shown, in order. `answers`: as they are kept. `faults` by key."""

    shown: tuple[str, ...]
    answers: dict[str, Any]
    faults: dict[str, Fault]


def evaluate(fields: Sequence[Field], given: Mapping[str, Any]) -> Outcome:
    """What was typed (text, a list of texts) or sent (JSON), by the keys of the fields. A condition on a field that is
    not shown or has no answer does not hold."""
    shown: list[str] = []
    answers: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for field in fields:
        if not holds(field["when"], answers):
            continue
        key = field["key"]
        shown.append(key)
        if field["kind"] in SILENT:
            continue
        try:
            value = _read(field, given.get(key))
        except _Wrong as wrong:
            faults[key] = wrong.fault
            continue
        if value is not None:
            answers[key] = value
        elif field["required"]:
            faults[key] = Fault("missing")
    silent = {field["key"] for field in fields if field["kind"] in SILENT}
    for key in given.keys() - ({field["key"] for field in fields} - silent):
        faults[key] = Fault("unknown")
    return Outcome(tuple(shown), answers, faults)


def holds(when: Condition | None, answers: Mapping[str, Any]) -> bool:
    """Whether a field with that condition is shown, given the answers before it."""
    if when is None:
        return True
    answer = answers.get(when["field"])
    if answer is None:
        return False
    wanted = when["value"]
    if isinstance(answer, bool):
        return wanted == ("yes" if answer else "no")
    if isinstance(answer, list):
        return wanted in answer if when["how"] == How.CONTAINS else answer == [wanted]
    if isinstance(answer, int | float):
        return _number_in(wanted) == answer
    said, sought = " ".join(answer.lower().split()), wanted.lower()
    return sought in said if when["how"] == How.CONTAINS else said == sought


def _number_in(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _read(field: Field, value: Any) -> Any:
    """The answer as it is kept; None for none. Raises _Wrong."""
    if isinstance(value, str):
        value = value.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    if value is None or value in ("", []):
        return None
    return _READERS[Kind(field["kind"])](field, value)


def _words(value: Any, why: str) -> str:
    if not isinstance(value, str):
        raise _Wrong(why)
    return value


def _text(field: Field, value: Any) -> str:
    text = _words(value, "pattern")
    if field["kind"] != Kind.LONG_TEXT:
        text = " ".join(text.split())
    most = min(field["most"] or MOST_TEXT, MOST_TEXT if field["kind"] == Kind.LONG_TEXT else MOST_LINE)
    if len(text) > most:
        raise _Wrong("long", most)
    if field["least"] is not None and len(text) < field["least"]:
        raise _Wrong("short", field["least"])
    if field["pattern"] and not fits_pattern(field["pattern"], text):
        raise _Wrong("pattern", field["pattern"])
    return text


def fits_pattern(pattern: str, text: str) -> bool:
    """Whether a line looks like that."""
    if pattern == Pattern.IP:
        try:
            ipaddress.ip_address(text)
        except ValueError:
            return False
        return True
    return PATTERNS[Pattern(pattern)].fullmatch(text) is not None


def _number(field: Field, value: Any) -> float | int:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _Wrong("number")
    found = _number_in(value.replace(" ", "").replace("\xa0", "")) if isinstance(value, str) else float(value)
    if found is None or not math.isfinite(found) or abs(found) > MOST_NUMBER:
        raise _Wrong("number")
    if field["least"] is not None and found < field["least"]:
        raise _Wrong("small", field["least"])
    if field["most"] is not None and found > field["most"]:
        raise _Wrong("large", field["most"])
    return int(found) if found.is_integer() else found


def _choice(field: Field, value: Any) -> str:
    text = _words(value, "offered")
    if text not in {option["key"] for option in field["options"]}:
        raise _Wrong("offered")
    return text


def _choices(field: Field, value: Any) -> list[str]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise _Wrong("offered")
    offered = [option["key"] for option in field["options"]]
    if set(given) - set(offered):
        raise _Wrong("offered")
    return _counted(field, [key for key in offered if key in given])


def _counted(field: Field, found: list[str]) -> list[str]:
    if field["least"] is not None and len(found) < field["least"]:
        raise _Wrong("few", field["least"])
    if field["most"] is not None and len(found) > field["most"]:
        raise _Wrong("many", field["most"])
    return found


def _yes_no(field: Field, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value not in ("yes", "no"):
        raise _Wrong("yes_no")
    return bool(value == "yes")


def _date(field: Field, value: Any) -> str:
    try:
        found = date.fromisoformat(_words(value, "date"))
    except ValueError as fault:
        raise _Wrong("date") from fault
    if found.year not in YEARS:
        raise _Wrong("date")
    return found.isoformat()


def _mail(field: Field, value: Any) -> str:
    text = _words(value, "mail")
    if len(text) > 254 or not is_mail_address(text):
        raise _Wrong("mail")
    return text


def _phone(field: Field, value: Any) -> str:
    text = " ".join(_words(value, "phone").split())
    if not PHONE.fullmatch(text) or sum(c.isdigit() for c in text) < 3:
        raise _Wrong("phone")
    return text


def _files(field: Field, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise _Wrong("offered")
    if len(value) > MOST_FILES:
        raise _Wrong("many", MOST_FILES)
    return _counted(field, [name[:200] for name in value])


_READERS: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: _text, Kind.LONG_TEXT: _text, Kind.NUMBER: _number, Kind.CHOICE: _choice, Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no, Kind.DATE: _date, Kind.MAIL: _mail, Kind.PHONE: _phone, Kind.FILE: _files,
    Kind.PERSON: _text,
}  # fmt: skip
