"""What a search line could go on with at the place where somebody types: fields, comparisons, values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from tresen.core.people.principals import Principal
from tresen.service.search.analyser import fold
from tresen.service.search.custom_kind import custom_fields
from tresen.service.search.field_kinds import Moment
from tresen.service.search.fields import SearchField, aliases_of, fields_for
from tresen.service.search.query import MAX_LENGTH, OPERATOR, normalise
from tresen.service.search.values import folded

MOST = 8

_NAME = r"[^\W\d_][\w-]*"
_BEFORE = r"(?:^|(?<=[\s(]))-?"
# `team:netz,"Erste Li` up to the caret: the values before the last comma stay as they are.
_IN_VALUE = re.compile(
    rf'{_BEFORE}(?P<name>{_NAME})(?P<operator>{OPERATOR})(?:(?:"[^"]*"|[^\s",()]+),)*(?P<typed>"[^"]*|[^\s",()]*)$'
)
_IN_WORD = re.compile(rf"{_BEFORE}(?P<typed>{_NAME})$")
_REST_OF_VALUE = re.compile(r'"?[^\s",()]*"?')
_REST_OF_WORD = re.compile(r"[\w-]*")


@dataclass(frozen=True)
class Suggestion:
    """`text` may take the place of the line's characters from `start` to `end`; `label` explains it. A field is not
    `whole`: its value follows at once."""

    text: str
    label: str
    start: int
    end: int
    whole: bool


def complete(text: str, at: int, principal: Principal, *, asked: bool = False) -> list[Suggestion]:
    """Return at most 8 ways to go on at the caret `at`: only names and values that this reader may see.

    On an empty place only when `asked` for (the line may as well end there); an empty line shows what there is.
    """
    line = text[:MAX_LENGTH]
    left, right = normalise(line[:at]), line[at:]
    if left.count('"') % 2 and not _IN_VALUE.search(left):
        return []  # inside a phrase
    if value := _IN_VALUE.search(left):
        return _values(value, right, len(line) - len(right), principal)
    word = _IN_WORD.search(left)
    if word is None and (left[-1:].strip(" (-") or (left.strip() and not asked)):
        return []
    typed = word["typed"] if word else ""
    start = len(line[:at]) - len(typed)
    rest = _REST_OF_WORD.match(right)
    end = len(line[:at]) + (rest.end() if rest and word else 0)
    return [Suggestion(name, label, start, end, False) for name, label in _fields(typed, principal)][:MOST]


def _fields(typed: str, principal: Principal) -> Iterable[tuple[str, str]]:
    start = folded(typed)
    for field in {**custom_fields(principal), **fields_for(principal)}.values():
        if not _named(field, start):
            continue
        yield f"{field.name}:", str(field.label)
        if typed and field.kind.compares:
            if isinstance(field.kind, Moment):
                yield f"{field.name}<", _("%(field)s: less than … ago") % {"field": field.label}
            else:
                yield f"{field.name}>=", _("%(field)s: this or above") % {"field": field.label}


def _named(field: SearchField, start: str) -> bool:
    names = [field.name, *field.aliases, *map(folded, str(field.label).split())]
    return any(name.startswith(start) for name in names)


def _values(match: re.Match[str], right: str, at: int, principal: Principal) -> list[Suggestion]:
    fields = fields_for(principal)
    name = fold(match["name"].lower())
    field = fields.get(name) or fields.get(aliases_of(fields).get(name, ""))
    if field is None:
        own = custom_fields(principal)
        field = own.get(name) or own.get(aliases_of(own).get(name, ""))
    if field is None:
        return []
    typed = match["typed"]
    is_open = typed.startswith('"')
    rest = re.match(r'[^"]*"?', right) if is_open else _REST_OF_VALUE.match(right)
    start, end = at - len(typed), at + (rest.end() if rest else 0)
    offers = field.kind.offers(principal, typed.strip('"'))[:MOST]
    return [Suggestion(offer.value, offer.label, start, end, True) for offer in offers]
