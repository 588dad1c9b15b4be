"""What the index is asked: where words stand, which words are written almost like another, begin or end like it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.db.models import Count, Q, QuerySet

from tresen.service.answers.models import IndexedText, IndexWord
from tresen.service.search.spelling import distance, one_away

_COUNTS, _SECONDS = "answers.counts", 30
SHORTEST_FORGIVEN, LONGEST_FORGIVEN = 4, 24
_TWO_MISTAKES = 6
_SAME_BEGINNING = 2
_MOST_NEAR, _MOST_ALIKE = 12, 12
# So many words that begin alike are compared letter by letter; no more, however large the index.
_MOST_COMPARED = 3000

# By language and word: the articles it stands in, and how much it says of each.
Places = dict[tuple[str, str], dict[str, int]]


def places_of(words: Iterable[str], languages: Sequence[str]) -> Places:
    """Where these words stand. One query."""
    rows = IndexWord.objects.filter(language__in=languages, word__in=sorted(set(words)))
    return {(language, word): found for language, word, found in rows.values_list("language", "word", "articles")}


def near_words(
    word: str, reader: str, synonym_words: dict[str, frozenset[str]], languages: Sequence[str]
) -> list[tuple[str, str, int]]:
    """Words that the index or a group of synonyms has and that are written almost like this one: language, word, how
    many letters differ. Two letters may differ where the reader's language has none that is nearer. One or two queries;
    none for very short and very long words."""
    if not SHORTEST_FORGIVEN <= len(word) <= LONGEST_FORGIVEN or not word.isalpha():
        return []
    known_here = IndexWord.objects.filter(language__in=languages).values_list("language", "word")
    nearest = one_away(word)
    if len(word) < _TWO_MISTAKES:
        # Short words have many neighbours; nearly all mistakes leave the first letter alone.
        nearest = {other for other in nearest if other[:1] == word[0]}
    found = {pair: 1 for pair in known_here.filter(word__in=nearest)}
    found |= {
        (language, other): 1 for language in languages for other in synonym_words.get(language, frozenset()) & nearest
    }
    if len(word) >= _TWO_MISTAKES and not any(language == reader for language, _other in found):
        begins = known_here.filter(_begins("word", word[:_SAME_BEGINNING])).order_by("word")[:_MOST_COMPARED]
        groups = ((language, other) for language in languages for other in synonym_words.get(language, frozenset()))
        known = [*begins, *groups]
        for language, other in known:
            if (language, other) not in found and abs(len(other) - len(word)) <= 2 and distance(word, other) <= 2:
                found[(language, other)] = 2
    ranked = sorted(found.items(), key=lambda item: (item[1], abs(len(item[0][1]) - len(word)), item[0]))
    return [(language, other, mistakes) for (language, other), mistakes in ranked[:_MOST_NEAR]]


def words_beginning(word: str, languages: Sequence[str]) -> list[tuple[str, str]]:
    """Words of the index that go on from this one, the shortest first."""
    return _alike("word", word, languages)


def words_ending(word: str, languages: Sequence[str]) -> list[tuple[str, str]]:
    """Words of the index that end so, the shortest first."""
    return _alike("backwards", word[::-1], languages)


def _alike(field: str, start: str, languages: Sequence[str]) -> list[tuple[str, str]]:
    rows = IndexWord.objects.filter(_begins(field, start), language__in=languages).values_list("language", "word")
    return sorted(rows, key=lambda pair: (len(pair[1]), pair))[:_MOST_ALIKE]


def _begins(field: str, start: str) -> Q:
    """SQLite's LIKE knows no case and therefore no index: there it is a range."""
    if connection.vendor == "sqlite":
        return Q(**{f"{field}__gte": start, f"{field}__lt": start + "{"})
    return Q(**{f"{field}__startswith": start})


def texts_by_language() -> dict[str, int]:
    """How many texts of each language the index knows; looked at again twice a minute in each process."""
    known: dict[str, int] | None = cache.get(_COUNTS)
    if known is None:
        rows: QuerySet[Any, Any] = IndexedText.objects.values_list("language").annotate(Count("pk")).order_by()
        known = dict(rows)
        cache.set(_COUNTS, known, _SECONDS)
    return known


def count_anew() -> None:
    """This process has changed the index."""
    cache.delete(_COUNTS)
