"""Who is meant by `@name` in a text. Pure: names in, matches out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_AT = re.compile(r"(?<![\w@.+/-])@")
_LONGEST = 160
# What has no decomposition but a plain letter beside it on every keyboard.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe"})
MOST_MENTIONS = 20


@dataclass(frozen=True)
class Named:
    """Somebody who can be called: an agent or a team, with the name and the short name he goes by."""

    kind: str
    pk: int
    name: str
    handle: str


@dataclass(frozen=True)
class Call:
    """One `@name` that was understood; `typed` is what stands in the text, without the sign."""

    who: Named
    typed: str


def fold(text: str) -> str:
    """Lower case without marks, so that `@Wiśniewski` and `@wisniewski` are one. Character by character, so that
    places in the folded text are places in the text, but for the few letters that become two."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(c for c in plain if not unicodedata.combining(c))


def forms_of(people: Iterable[Named]) -> dict[str, Named]:
    """Every way to write somebody: whole name, name joined by dots, short name, first name. What could mean two
    people means nobody, but a whole name goes before others' short forms."""
    whole: dict[str, list[Named]] = {}
    short: dict[str, list[Named]] = {}
    for who in people:
        words = fold(who.name).split()
        for form in {" ".join(words), ".".join(words)}:
            whole.setdefault(form, []).append(who)
        for form in {fold(who.handle), *words[:1]}:
            short.setdefault(form, []).append(who)
    found = {form: who[0] for form, who in short.items() if form and len(who) == 1}
    return found | {form: who[0] for form, who in whole.items() if form and len(who) == 1}


def find_calls(text: str, people: Iterable[Named]) -> list[Call]:
    """The people called in a text, each once, in their order; the longest form that fits wins, and a word must end
    behind it: `@annabell` is not Anna."""
    starts = [match.end() for match in _AT.finditer(text)]
    if not starts:
        return []
    forms = sorted(forms_of(people).items(), key=lambda pair: -len(pair[0]))
    calls: dict[Named, Call] = {}
    for start in starts[: 10 * MOST_MENTIONS]:
        if (call := _call_at(text[start : start + _LONGEST], forms)) and len(calls) < MOST_MENTIONS:
            calls.setdefault(call.who, call)
    return list(calls.values())


def _call_at(rest: str, forms: list[tuple[str, Named]]) -> Call | None:
    folded = fold(rest)
    for form, who in forms:
        if folded.startswith(form) and not folded[len(form) : len(form) + 1].isalnum():
            return Call(who, _typed(rest, form))
    return None


def _typed(rest: str, form: str) -> str:
    """The beginning of the text that folds to the form."""
    for end in range(1, len(rest) + 1):
        if fold(rest[:end]) == form and (end == len(rest) or fold(rest[: end + 1]) != form):
            return rest[:end]
    return rest[: len(form)]
