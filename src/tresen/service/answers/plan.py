"""What to look for when somebody types: for every word the ways in which an article may say it.

A way (`Option`) is one or more parts that an article must all have, each part in one of several forms: the word itself,
its stem, a word that means the same, the pieces of a compound, a word that is written almost like it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tresen.service.answers.stop_words import is_stop, is_weak
from tresen.service.answers.synonyms import Synonyms
from tresen.service.answers.words import words_in

MOST_WORDS = 12
MOST_LETTERS = 200
# What a way counts of the word itself.
SAME, FORM, SYNONYM = 1.0, 0.9, 0.8
COMPOUND, JOINED, BEGINNING, LAST_PIECE, PIECE = 0.85, 0.85, 0.6, 0.55, 0.4
ONE_MISTAKE, TWO_MISTAKES = 0.75, 0.6
_SHORTEST_PIECE = 3
_SHORTEST_COMPOUND = 7
_LINKS = ("", "s", "n", "en", "es", "er", "e")


@dataclass(frozen=True, slots=True)
class Option:
    """A way to say a word in a language. `said`: the word that was meant instead of the one typed, if another."""

    language: str
    parts: tuple[frozenset[str], ...]
    factor: float
    said: str = ""


@dataclass(slots=True)
class Term:
    """A typed word: as written in lower case, folded, and how it may be said."""

    raw: str
    base: str
    options: list[Option] = field(default_factory=list)
    is_weak: bool = False
    # The word may go on: it is still being typed.
    is_open: bool = False


def read(line: str, *, typing: bool = False) -> list[Term]:
    """The words of a line that say something, each once, at most twelve."""
    found: dict[str, Term] = {}
    words = list(words_in(line[:MOST_LETTERS], "en"))
    for place, (raw, base, _others) in enumerate(words):
        is_open = typing and place == len(words) - 1 and not line[-1:].isspace()
        if base not in found and (is_open or not is_stop(raw, base)):
            found[base] = Term(raw, base, is_weak=is_weak(base), is_open=is_open)
    return list(found.values())[:MOST_WORDS]


def add_ways(terms: list[Term], line: str, synonyms: Synonyms, languages: Sequence[str]) -> None:
    """Give every word the ways to say it in these languages that need no look at the index."""
    by_base = {term.base: term for term in terms}
    for language in languages:
        words = list(words_in(line[:MOST_LETTERS], language))
        for _raw, base, others in words:
            if term := by_base.get(base):
                term.options += _own_ways(language, base, others)
        _add_synonyms(by_base, language, words, synonyms)
        # Words that say nothing may stand between those of a phrase.
        telling = [word for word in words if word[1] in by_base]
        if len(telling) < len(words):
            _add_synonyms(by_base, language, telling, synonyms)
    if "de" in languages:
        _add_joined(terms)


def _add_synonyms(
    by_base: dict[str, Term], language: str, words: list[tuple[str, str, frozenset[str]]], synonyms: Synonyms
) -> None:
    forms = [others | {base} for _raw, base, others in words]
    for place in range(len(words)):
        for length, phrases in synonyms.meant(language, forms, place):
            for base in {base for _raw, base, _others in words[place : place + length]}:
                if base in by_base:
                    by_base[base].options += [Option(language, phrase, SYNONYM) for phrase in phrases]


def _own_ways(language: str, base: str, others: frozenset[str]) -> Iterator[Option]:
    yield Option(language, (frozenset({base}),), SAME)
    if others:
        yield Option(language, (others,), FORM)
    if language == "de" and len(base) >= _SHORTEST_COMPOUND and base.isalpha():
        yield from _split(base)


def meant_ways(language: str, meant: str, factor: float, synonyms: Synonyms) -> Iterator[Option]:
    """The ways to say a known word that stands for a misspelt one."""
    for _raw, base, others in words_in(meant, language):
        yield Option(language, (others | {base},), factor, meant)
        for _length, phrases in synonyms.meant(language, [others | {base}], 0):
            for phrase in phrases:
                yield Option(language, phrase, factor * SYNONYM, meant)


def _split(base: str) -> Iterator[Option]:
    """The two pieces a compound may be made of, at every place, without the letters that link them."""
    for at in range(_SHORTEST_PIECE, len(base) - _SHORTEST_PIECE + 1):
        first, second = piece_forms(base[:at]), piece_forms(base[at:])
        yield Option("de", (first, second), COMPOUND)


def piece_forms(piece: str) -> frozenset[str]:
    """A piece of a compound as a word of its own: with and without what links it, and its stem."""
    bare = {piece.removesuffix(link) for link in _LINKS if len(piece) - len(link) >= _SHORTEST_PIECE}
    found = set(bare) | {piece}
    for _raw, base, others in words_in(piece, "de"):
        found |= others | {base}
    return frozenset(found)


def _add_joined(terms: list[Term]) -> None:
    """Two typed words may be one in an article: Treiber, Drucker and Druckertreiber."""
    plain = [term for term in terms if term.base.isalpha() and len(term.base) >= _SHORTEST_PIECE]
    for one in plain:
        for other in plain:
            if one is not other:
                joined = frozenset(f"{_short(one.base)}{link}{_short(other.base)}" for link in _LINKS)
                joined |= {f"{one.base}{_short(other.base)}", one.base + other.base, _short(one.base) + other.base}
                option = Option("de", (joined,), JOINED)
                one.options.append(option)
                other.options.append(option)


def _short(base: str) -> str:
    return next((base[: -len(link)] for link in ("en", "n", "s") if base.endswith(link) and len(base) > 5), base)
