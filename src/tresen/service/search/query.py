"""The search line, from text to a small typed tree: words, "quoted phrases", ticket numbers and `field:value`.

The tree knows nothing of the database; `filters.py` turns it into one query. A new field is a line in `FIELDS` there;
a new kind of node is a dataclass here and a branch there.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from tresen.core.tickets.numbers import misheard_number, read_number
from tresen.kit.language import is_stop_word
from tresen.service.search.analyser import is_phone_number

MAX_LENGTH = 500
MAX_PARTS = 16


class QueryError(ValueError):
    """A search line that cannot be understood: `str()` of it is for the person, `code` for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Word:
    """A typed word; with `prefix` it may be the beginning of one."""

    text: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in quotes: they stand one after the other, as they are."""

    text: str


@dataclass(frozen=True, slots=True)
class TicketNumber:
    """A ticket number with a right check digit. Typed without `number:` it may as well be text, which `words` keeps."""

    number: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """`name:value,value`: the ticket has one of the values."""

    name: str
    values: tuple[str, ...]


Node = Word | Phrase | TicketNumber | Field


@dataclass(frozen=True, slots=True)
class Query:
    """A search line: every part must hold. Without parts it asks for everything."""

    parts: tuple[Node, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The plain words and phrases of the line, to be marked in what was found."""
        found: list[str] = []
        for part in self.parts:
            match part:
                case Word() | Phrase():
                    found.append(part.text)
                case TicketNumber():
                    found += [word.text for word in part.words]
        return tuple(found)


# What people type and paste for a straight quotation mark.
_QUOTES = str.maketrans(dict.fromkeys("„“”«»‟", '"'))
_PIECE = re.compile(r'(?P<field>[^\W\d_][\w-]*):(?P<value>(?:"[^"]*"?|[^\s"])*)|"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+)')
_VALUE = re.compile(r'"([^"]*)"?|([^,"]+)')
# A number as it is written or read out: T204187, T 20418-7, [#T204187]. The check digit decides whether it is one.
_NUMBER = re.compile(r"(?<!\S)(?P<field>number:\s*)?\[?#?[A-Za-z]{1,3}[ -]?\d(?:[ -]?\d){1,15}\]?(?!\S)")
_NUMERIC = re.compile(r"[+\d()/.-]+$")


def parse(text: str, fields: Collection[str]) -> Query:
    """Return the tree of a search line.

    `fields` are the field names this reader may use. Raises `QueryError` for an unknown field, a field without a
    value, a wrong ticket number, and a line that is too long. A quotation mark that is never closed closes at the
    end.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(
            "too_long", _("The search is too long: please use %(limit)s characters at most.") % {"limit": MAX_LENGTH}
        )
    line = unicodedata.normalize("NFKC", text).translate(_QUOTES).replace("\0", " ")
    parts: list[Node] = []
    start = 0
    for match in _NUMBER.finditer(line):
        if number := _typed_number(match, line, fields):
            parts += _nodes(line[start : match.start()], fields)
            parts.append(number)
            start = match.end()
    parts += _nodes(line[start:], fields)
    parts = _without_stop_words(_with_phone_numbers(parts))
    if len(parts) > MAX_PARTS:
        raise QueryError(
            "too_many", _("The search has too many words: please use %(limit)s at most.") % {"limit": MAX_PARTS}
        )
    return Query(_open_last(parts, line))


def _typed_number(match: re.Match[str], line: str, fields: Collection[str]) -> Node | None:
    """Return the node for what looks like a ticket number, or None where it is inside quotes or is none."""
    inside_quotes = line.count('"', 0, match.start()) % 2
    if inside_quotes or (match["field"] and "number" not in fields):
        return None
    written = match.group().removeprefix(match["field"] or "").strip("[]")
    number = read_number(written)
    if number is None:
        return None
    if match["field"]:
        return Field("number", (number,))
    return TicketNumber(number, tuple(map(Word, written.split())))


def _nodes(text: str, fields: Collection[str]) -> list[Node]:
    found = (_node(piece, fields) for piece in _PIECE.finditer(text))
    return [node for node in found if node != Phrase("")]


def _node(piece: re.Match[str], fields: Collection[str]) -> Node:
    if piece["phrase"] is not None:
        return Phrase(piece["phrase"].strip())
    if piece["word"] is not None:
        return _word(piece["word"])
    name = piece["field"].lower()
    known = name in fields
    # `Re:` before a pasted subject, an address (https://…) and a path (C:\…) are no fields.
    if not known and (not piece["value"] or piece["value"][0] in "/\\"):
        return _word(piece.group())
    if not known:
        raise _unknown_field(piece["field"], fields)
    values = tuple(
        value for match in _VALUE.finditer(piece["value"]) if (value := (match[1] or match[2] or "").strip())
    )
    if not values:
        raise QueryError("no_value", _("Please write a value after “%(field)s:”.") % {"field": name})
    if name == "number":
        return Field(name, tuple(map(_checked_number, values)))
    return Field(name, values)


def _word(text: str) -> Word:
    return Word(text.rstrip("*"), prefix=True) if text.endswith("*") else Word(text)


def _checked_number(value: str) -> str:
    number = read_number(value)
    if number is None and misheard_number(value):
        message = _("“%(value)s” is no ticket number: its last digit, the check digit, does not fit the others.")
        raise QueryError("bad_number", message % {"value": value})
    if number is None:
        message = _("“%(value)s” is no ticket number: please check the letters and digits.")
        raise QueryError("bad_number", message % {"value": value})
    return number


def _unknown_field(name: str, fields: Collection[str]) -> QueryError:
    names = ", ".join(f"{field}:" for field in fields)
    message = _("There is no field “%(name)s:”. You can use %(names)s or put the text in quotation marks.")
    return QueryError("unknown_field", message % {"name": name, "names": names})


def _with_phone_numbers(parts: list[Node]) -> list[Node]:
    """Put the words of a telephone number, `040 12 34 567`, together into one."""
    found: list[Node] = []
    for is_numeric, group in groupby(parts, lambda part: isinstance(part, Word) and bool(_NUMERIC.match(part.text))):
        run = list(group)
        written = " ".join(part.text for part in run if isinstance(part, Word))
        found += [Word(written)] if is_numeric and is_phone_number(written) else run
    return found


def _without_stop_words(parts: list[Node]) -> list[Node]:
    """Drop words like `der` or `the`, unless the line has nothing else to look for."""
    telling = [part for part in parts if not (isinstance(part, Word) and is_stop_word(part.text.lower()))]
    return telling if any(not isinstance(part, Field) for part in telling) else parts


def _open_last(parts: list[Node], line: str) -> tuple[Node, ...]:
    """Let the last word be the beginning of one while no blank follows it."""
    last = parts[-1] if parts else None
    if isinstance(last, Word) and line[-1:].strip() and line.endswith(last.text):
        return (*parts[:-1], Word(last.text, prefix=True))
    return tuple(parts)
