"""Words and phrases that mean the same: as they are kept, and as the search asks for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.core.cache import cache

from tresen.service.answers.models import SynonymGroup
from tresen.service.answers.stop_words import is_stop
from tresen.service.answers.words import words_in

_ROWS, _SECONDS = "answers.synonyms", 30
# For each word of a phrase the forms by which it is known.
Forms = tuple[frozenset[str], ...]
_LONGEST_PHRASE = 5


@dataclass(frozen=True, slots=True)
class Phrase:
    """A word or some: all of them as they are typed, and those that say something, which an article must have."""

    typed: Forms
    wanted: Forms


@dataclass(frozen=True, slots=True)
class Synonyms:
    """All groups. `starts`: by language and form, the groups (and which phrase of them) that begin with the word."""

    groups: tuple[tuple[Phrase, ...], ...]
    starts: dict[tuple[str, str], tuple[tuple[int, int], ...]]
    # Every folded word of a language's groups as it is written, for typing mistakes.
    words: dict[str, frozenset[str]]

    def meant(self, language: str, forms: Sequence[frozenset[str]], start: int) -> list[tuple[int, list[Forms]]]:
        """What else the words from this place on may be called: how many words, and the other phrases of the group."""
        found = []
        for group, own in {one: None for form in forms[start] for one in self.starts.get((language, form), ())}:
            phrase = self.groups[group][own]
            others = [other.wanted for n, other in enumerate(self.groups[group]) if n != own and other.wanted]
            for said in (phrase.typed, *([phrase.wanted] if len(phrase.wanted) > 1 else [])):
                here = forms[start : start + len(said)]
                if len(here) == len(said) and all(map(frozenset.__and__, said, here)):
                    found.append((len(said), others))
        return found


def all_synonyms() -> Synonyms:
    """The groups as they are kept; looked at again twice a minute in each process."""
    rows: tuple[tuple[str, str], ...] | None = cache.get(_ROWS)
    if rows is None:
        rows = tuple(SynonymGroup.objects.values_list("language", "words"))
        cache.set(_ROWS, rows, _SECONDS)
    return _table(rows)


def read_anew() -> None:
    """This process has changed a group."""
    cache.delete(_ROWS)


def _phrase(text: str, language: str) -> Phrase:
    words = list(words_in(text, language))[:_LONGEST_PHRASE]
    typed = [(others | {base}, is_stop(raw, base)) for raw, base, others in words]
    return Phrase(tuple(forms for forms, _ in typed), tuple(forms for forms, silent in typed if not silent))


@lru_cache(maxsize=4)
def _table(rows: tuple[tuple[str, str], ...]) -> Synonyms:
    groups: list[tuple[Phrase, ...]] = []
    words: dict[str, frozenset[str]] = {}
    starts: dict[tuple[str, str], dict[tuple[int, int], None]] = {}
    for language, lines in rows:
        phrases = [phrase for line in lines.splitlines() if (phrase := _phrase(line, language)).typed]
        for own, phrase in enumerate(phrases):
            for form in phrase.typed[0].union(*phrase.wanted[:1]):
                starts.setdefault((language, form), {})[(len(groups), own)] = None
        groups.append(tuple(phrases))
        words[language] = words.get(language, frozenset()) | _plain_words(lines, language)
    return Synonyms(tuple(groups), {key: tuple(found) for key, found in starts.items()}, words)


def _plain_words(lines: str, language: str) -> frozenset[str]:
    return frozenset(base for raw, base, _others in words_in(lines, language) if not is_stop(raw, base))


def lines_of(words: Iterable[str]) -> str:
    """Words and phrases as a group keeps them: a line each, each once."""
    return "\n".join(dict.fromkeys(" ".join(word.split()).lower() for word in words if word.strip()))
