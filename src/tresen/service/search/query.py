"""The search line, from text to a small typed tree (tree.py).

    line  := or                       status:open,new team:netz priority>=high (vpn OR "no network") -printer
    or    := and (OR and)*
    and   := not+                     what stands side by side must all hold; AND may be written
    not   := NOT not | -part | part
    part  := ( or ) | field | "phrase" | ticket number | telephone number | word
    field := name operator value      : = != < <= > >=, several values with commas, each in quotes where it has blanks

Nothing here knows the database. A new field is an entry of the table SEARCH_FIELDS (fields.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tresen.core.tickets.numbers import misheard_number, read_number
from tresen.kit.language import is_stop_word
from tresen.service.search.analyser import PHONE, fold
from tresen.service.search.spelling import near
from tresen.service.search.tree import (
    And,
    Field,
    Node,
    Not,
    Or,
    Phrase,
    Query,
    TicketNumber,
    Word,
    all_of,
    any_of,
    leaves,
)

__all__ = ["Field", "Phrase", "Query", "QueryError", "TicketNumber", "Word", "parse"]

MAX_LENGTH = 500
MAX_PARTS = 16
MAX_DEPTH = 8


class QueryError(ValueError):
    """A search line that cannot be understood: `str()` of it is for the person, `code` for programs, `span` (start and
    end, or None) says which part of the line is meant."""

    def __init__(self, code: str, message: str, span: tuple[int, int] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.span = span


# What people type and paste for a straight quotation mark, and for signs of comparison.
_SIGNS = str.maketrans({**dict.fromkeys("„“”«»‟", '"'), "≥": ">=", "≤": "<=", "≠": "!=", "\0": " "})
_WORDS_OF = {"or": {"OR", "ODER", "LUB"}, "and": {"AND", "UND", "ORAZ"}, "not": {"NOT", "NICHT", "NIE"}}
_KEYWORDS = {word: meaning for meaning, words in _WORDS_OF.items() for word in words}
OPERATOR = r":?(?:>=|<=|!=|>|<|=)|:"
_FIELD = re.compile(rf'(?P<name>[^\W\d_][\w-]*)(?P<operator>{OPERATOR})(?P<value>(?:"[^"]*"?|[^\s"()])*)')
_PHRASE = re.compile(r'"([^"]*)"?')
_WORD = re.compile(r'[^\s"()]+')
_VALUE = re.compile(r'"([^"]*)"?|([^,"]+)')
# A number as it is written or read out: T204187, T 20418-7, [#T204187]. The check digit decides whether it is one.
_NUMBER = re.compile(r"(?P<field>number:\s*)?\[?#?[A-Za-z]{1,3}[ -]?\d(?:[ -]?\d){1,15}\]?(?![^\s)])")
_BLANK = re.compile(r"\s+")


def parse(
    text: str, fields: Collection[str], *, aliases: Mapping[str, str] | None = None, typing: bool = True
) -> Query:
    """Return the tree of a search line.

    `fields` are the field names this reader may use, `aliases` their other names (folded). With `typing` the last word
    may be the beginning of one while no blank follows it. Raises `QueryError` for an unknown field, a field without a
    value, a wrong ticket number, and a line that is too long or too deep. A quotation mark or parenthesis that is never
    closed closes at the end.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(
            "too_long", _("The search is too long: please use %(limit)s characters at most.") % {"limit": MAX_LENGTH}
        )
    line = normalise(text)
    names = {fold(name.lower()): name for name in fields} | dict(aliases or {})
    reader = _Reader(line, names, fields)
    found = reader.read_or(0)
    parts = list(found.parts if isinstance(found, And) else [found] if found else [])
    parts = _without_stop_words(parts)
    if sum(1 for _leaf in leaves(tuple(parts))) > MAX_PARTS:
        raise QueryError(
            "too_many", _("The search has too many words: please use %(limit)s at most.") % {"limit": MAX_PARTS}
        )
    return Query(_open_last(parts, line) if typing else tuple(parts))


def normalise(text: str) -> str:
    """The line as it is read: one kind of quotation marks and of letters. Spans of faults count its characters."""
    return unicodedata.normalize("NFKC", text).translate(_SIGNS)


@dataclass
class _Reader:
    """Reads a line from left to right; each function leaves `at` behind what it has read."""

    line: str
    names: Mapping[str, str]
    fields: Collection[str]
    at: int = 0

    def read_or(self, depth: int) -> Node | None:
        if depth > MAX_DEPTH:
            raise QueryError("too_deep", _("There are too many parentheses within each other."), (self.at - 1, self.at))
        choices: list[Node] = []
        while True:
            if found := self.read_and(depth):
                choices.append(found)
            if not self._keyword("or"):
                return any_of(choices)

    def read_and(self, depth: int) -> Node | None:
        parts: list[Node] = []
        while self._more() and not self._keyword("or", peek=True):
            if self.line[self.at] == ")":
                if depth:
                    break
                self.at += 1  # closes nothing
            elif not self._keyword("and") and (found := self.read_not(depth)):
                # Parentheses around what must hold anyway mean nothing.
                parts += found.parts if isinstance(found, And) else [found]
        return all_of(parts)

    def read_not(self, depth: int) -> Node | None:
        following = self.line[self.at + 1 : self.at + 2]
        dash = self.line[self.at] == "-" and bool(following.strip(" -\t)"))
        if dash:
            self.at += 1
        if dash or self._keyword("not"):
            if not self._more() or self.line[self.at] == ")":
                return None
            if depth > MAX_DEPTH:
                raise QueryError("too_deep", _("There are too many parentheses within each other."))
            inner = self.read_not(depth + 1)
            return inner.part if isinstance(inner, Not) else Not(inner) if inner else None
        return self.read_part(depth)

    def read_part(self, depth: int) -> Node | None:
        if phone := PHONE.match(self.line, self.at):
            return self._took(phone.end(), Word(phone.group()))
        if self.line[self.at] == "(":
            self.at += 1
            inner = self.read_or(depth + 1)
            if self._more() and self.line[self.at] == ")":
                self.at += 1
            return inner
        if phrase := _PHRASE.match(self.line, self.at):
            text = phrase[1].strip()
            return self._took(phrase.end(), Phrase(text) if text else None)
        if (number := _NUMBER.match(self.line, self.at)) and (node := self._typed_number(number)):
            return self._took(number.end(), node)
        if field := _FIELD.match(self.line, self.at):
            return self._took(field.end(), self._field(field))
        word = _WORD.match(self.line, self.at)
        return self._took(word.end(), _word(word.group())) if word else None

    def _took(self, end: int, node: Node | None) -> Node | None:
        self.at = end
        return node

    def _more(self) -> bool:
        """Go to the next letter; say whether there is one."""
        if blank := _BLANK.match(self.line, self.at):
            self.at = blank.end()
        return self.at < len(self.line)

    def _keyword(self, meaning: str, *, peek: bool = False) -> bool:
        """Take the keyword of that meaning (or a `|`) if it stands here."""
        if not self._more():
            return False
        word = _WORD.match(self.line, self.at)
        if not word or not (_KEYWORDS.get(word.group()) == meaning or (meaning == "or" and word.group() == "|")):
            return False
        if not peek:
            self.at = word.end()
        return True

    def _typed_number(self, match: re.Match[str]) -> Node | None:
        if match["field"] and "number" not in self.fields:
            return None
        written = match.group().removeprefix(match["field"] or "").strip("[]")
        number = read_number(written)
        if number is None:
            return None
        if match["field"]:
            return Field("number", (number,), span=match.span())
        return TicketNumber(number, tuple(map(Word, written.split())))

    def _field(self, piece: re.Match[str]) -> Node:
        written, value = piece["name"], piece["value"]
        operator = piece["operator"].lstrip(":") or ":"
        name = self.names.get(fold(written.lower()))
        if name is None:
            # `Re:` before a pasted subject, an address (https://…), a path (C:\…) and a->b are no fields.
            is_text = not value or value[0] in "/\\" or (operator != ":" and not self._meant(written))
            if is_text:
                return _word(piece.group())
            raise self._unknown_field(written, piece.span("name"))
        values = tuple(wanted for match in _VALUE.finditer(value) if (wanted := (match[1] or match[2] or "").strip()))
        if not values:
            message = _("Please write a value after “%(field)s”.") % {"field": f"{written}{piece['operator']}"}
            raise QueryError("no_value", message, piece.span())
        if name == "number":
            values = tuple(_checked_number(value, piece.span()) for value in values)
        node = Field(name, values, ":" if operator in ("=", "!=") else operator, piece.span())
        return Not(node) if operator == "!=" else node

    def _meant(self, written: str) -> str:
        """The field name that is written almost like this, as it would be written; empty when there is none."""
        return near(fold(written.lower()), self.names) or ""

    def _unknown_field(self, name: str, span: tuple[int, int]) -> QueryError:
        if meant := self._meant(name):
            message = _("There is no field “%(name)s:”. Did you mean “%(meant)s:”?")
            return QueryError("unknown_field", message % {"name": name, "meant": self._shown(meant)}, span)
        names = ", ".join(f"{field}:" for field in self.fields)
        message = _("There is no field “%(name)s:”. You can use %(names)s or put the text in quotation marks.")
        return QueryError("unknown_field", message % {"name": name, "names": names}, span)

    def _shown(self, name: str) -> str:
        return name if name in self.fields else self.names[name]


def _word(text: str) -> Word:
    return Word(text.rstrip("*"), prefix=True) if text.endswith("*") else Word(text)


def _checked_number(value: str, span: tuple[int, int]) -> str:
    number = read_number(value)
    if number is None and misheard_number(value):
        message = _("“%(value)s” is no ticket number: its last digit, the check digit, does not fit the others.")
        raise QueryError("bad_number", message % {"value": value}, span)
    if number is None:
        message = _("“%(value)s” is no ticket number: please check the letters and digits.")
        raise QueryError("bad_number", message % {"value": value}, span)
    return number


def _without_stop_words(parts: list[Node]) -> list[Node]:
    """Drop words like `der` or `the`, unless the line has nothing else to look for."""
    telling = any(not isinstance(leaf, Field) and not _is_stop_word(leaf) for leaf in leaves(tuple(parts)))
    if not telling:
        return parts
    return [kept for part in parts if (kept := _without(part, _is_stop_word))]


def _is_stop_word(node: Node) -> bool:
    return isinstance(node, Word) and is_stop_word(node.text.lower())


def _without(node: Node, drop: Callable[[Node], bool]) -> Node | None:
    """The node without the leaves to drop; None when nothing is left."""
    match node:
        case Not():
            inner = _without(node.part, drop)
            return Not(inner) if inner else None
        case And():
            return all_of([kept for part in node.parts if (kept := _without(part, drop))])
        case Or():
            return any_of([kept for part in node.parts if (kept := _without(part, drop))])
        case _:
            return None if drop(node) else node


def _open_last(parts: list[Node], line: str) -> tuple[Node, ...]:
    """Let the last word be the beginning of one while no blank follows it."""
    last = parts[-1] if parts else None
    if not line[-1:].strip():
        return tuple(parts)
    if isinstance(last, Or):
        return (*parts[:-1], Or(_open_last(list(last.parts), line)))
    if isinstance(last, And):
        return (*parts[:-1], And(_open_last(list(last.parts), line)))
    if isinstance(last, Word) and line.endswith(last.text):
        return (*parts[:-1], Word(last.text, prefix=True))
    return tuple(parts)
