"""Finding articles: the reader's words against the index, best first, and nothing that he may not read.

The score is that of BM25 in whole hundredths (words.py), summed here, so both databases find the same in the same
order. Who may read what is asked of the articles themselves before anything is said of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import log

from tresen.core.knowledge.models import Article, ArticleText
from tresen.core.people.models import Brand
from tresen.core.people.principals import Principal
from tresen.kit.language import LANGUAGES
from tresen.service.answers.excerpts import excerpt
from tresen.service.answers.plan import (
    BEGINNING,
    COMPOUND,
    LAST_PIECE,
    ONE_MISTAKE,
    PIECE,
    TWO_MISTAKES,
    Option,
    Term,
    add_ways,
    meant_ways,
    read,
)
from tresen.service.answers.synonyms import Synonyms, all_synonyms
from tresen.service.answers.vocabulary import (
    Places,
    near_words,
    places_of,
    texts_by_language,
    words_beginning,
    words_ending,
)

# A text in another language counts so much of one in the reader's.
_OTHER_LANGUAGE = 0.5
# So much of what was asked, by weight, an article must answer.
_LEAST_SHARE = 0.35
# So many articles of the reader's language, the best of which answers so much, are enough.
_ENOUGH, _GOOD_SHARE = 3, 0.6
# So many more than are wanted are read at once, since some may not be for this reader.
_BESIDE = 2
_MOST_CANDIDATES = 500
_SHORTEST_PIECE, _SHORTEST_KNOWN = 5, 4


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found, in the words its reader gets: his language, else its main one, else what there is."""

    article: Article
    text: ArticleText
    title: str
    summary: str
    # One line of it, about where it was found.
    excerpt: str
    # What to mark in all of these (`highlight`).
    words: tuple[str, ...]
    # How sure: the share of what was asked that it answers, 0 to 1.
    share: float
    score: float

    @property
    def language(self) -> str:
        return self.text.language


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; `meant`: the line as it was understood where a word was misspelt, else empty."""

    hits: tuple[Hit, ...] = ()
    meant: str = ""


@dataclass(slots=True)
class _Score:
    score: float = 0.0
    weight: float = 0.0
    ways: list[Option] = field(default_factory=list)

    @property
    def said(self) -> set[str]:
        """Words that were meant instead of misspelt ones."""
        return {way.said for way in self.ways if way.said}

    @property
    def forms(self) -> frozenset[str]:
        """How the article says what was asked."""
        return frozenset(form for way in self.ways for part in way.parts for form in part)


def search_articles(
    words: str,
    *,
    language: str,
    principal: Principal,
    brand: Brand | None = None,
    limit: int = 10,
    typing: bool = False,
) -> Found:
    """The articles that answer these words, best first: those in `language` before others, of everything published
    that `principal` may read at the counter of `brand` (None: at any). `typing`: the last word may go on.

    Typing mistakes, compounds, inflected forms and synonyms are found, too. Five queries or so.
    """
    if not texts_by_language():
        return Found()
    ask = partial(_search, words, language, principal, brand, limit, typing)
    own = ask((language,))
    # Texts in other languages are looked through only where there are few in the reader's own.
    if len(own.hits) >= min(limit, _ENOUGH) and own.hits[0].share >= _GOOD_SHARE:
        return own
    return ask(LANGUAGES)


def _search(
    words: str, language: str, principal: Principal, brand: Brand | None, limit: int, typing: bool,
    languages: Sequence[str],
) -> Found:  # fmt: skip
    terms = read(words, typing=typing)
    if not terms:
        return Found()
    synonyms = all_synonyms()
    add_ways(terms, words, synonyms, languages)
    places = places_of(
        (form for term in terms for way in term.options for part in way.parts for form in part), languages
    )
    _forgive(terms, language, synonyms, places, languages)
    scored = _score(terms, places, language)
    hits = _readable(scored, language=language, principal=principal, brand=brand, limit=limit)
    return Found(tuple(hits), _meant(words, terms, scored, hits))


def _forgive(terms: list[Term], language: str, synonyms: Synonyms, places: Places, languages: Sequence[str]) -> None:
    """Look for likely words where the index knows a typed one in no way; and for words that go on from it."""
    more: list[Option] = []
    for term in terms:
        live = {option.language for option in term.options if _is_said(option, places)}
        found: list[Option] = []
        is_long = language not in live and len(term.base) >= _SHORTEST_PIECE
        if term.is_open or is_long:
            found += [
                Option(lang, (frozenset({one}),), BEGINNING) for lang, one in words_beginning(term.base, languages)
            ]
        if is_long and "de" in languages:
            found += [Option(lang, (frozenset({one}),), LAST_PIECE) for lang, one in words_ending(term.base, ("de",))]
        if not live and not found:
            for lang, word, mistakes in near_words(term.base, language, synonyms.words, languages):
                factor = ONE_MISTAKE if mistakes == 1 else TWO_MISTAKES
                found += meant_ways(lang, word, factor, synonyms)
        if not live:
            found += _known_pieces(term, places)
        term.options += found
        more += found
    missing = {form for option in more for part in option.parts for form in part}
    places |= places_of(missing, languages) if missing else {}


def _is_said(option: Option, places: Places) -> bool:
    """Whether some article has all its parts."""
    return next(iter(_places_of_option(option, places)), None) is not None


def _known_pieces(term: Term, places: Places) -> list[Option]:
    """One piece of a compound whose other piece nobody knows."""
    return [
        Option("de", (piece,), factor)
        for option in term.options
        if option.factor == COMPOUND and len(option.parts) == 2 and option.language == "de"
        for piece, factor in zip(option.parts, (PIECE, LAST_PIECE), strict=True)
        if max(map(len, piece)) >= _SHORTEST_KNOWN and any(("de", form) in places for form in piece)
    ]


def _score(terms: Sequence[Term], places: Places, language: str) -> dict[tuple[str, str], _Score]:
    """By article and language: how well it answers."""
    counts = texts_by_language()
    scores: dict[tuple[str, str], _Score] = defaultdict(_Score)
    asked: dict[str, float] = defaultdict(float)
    for term in terms:
        best = _best_places(term, places)
        if not best and term.is_weak:
            continue
        standing = Counter(lang for _article, lang in best)
        for lang, texts in counts.items():
            asked[lang] += log(1 + texts / max(1, standing[lang]))
        for (article, lang), (value, option) in best.items():
            rarity = log(1 + counts.get(lang, 1) / standing[lang])
            score = scores[(article, lang)]
            score.score += value * rarity
            score.weight += rarity * option.factor
            score.ways.append(option)
    return _good_ones(scores, asked, language)


def _good_ones(
    scores: dict[tuple[str, str], _Score], asked: dict[str, float], language: str
) -> dict[tuple[str, str], _Score]:
    """Those that answer enough of what was asked; it counts in the order, too, and so does the reader's language."""
    found = {}
    for key, score in scores.items():
        share = score.weight / asked[key[1]]
        if share >= _LEAST_SHARE:
            score.weight = share
            score.score *= (0.5 + 0.5 * share) * (1.0 if key[1] == language else _OTHER_LANGUAGE)
            found[key] = score
    return found


def _best_places(term: Term, places: Places) -> dict[tuple[str, str], tuple[float, Option]]:
    """By article and language: the best way in which it says the word, and what that counts there."""
    best: dict[tuple[str, str], tuple[float, Option]] = {}
    for option in term.options:
        for article, value in _places_of_option(option, places):
            key, old = (article, option.language), best.get((article, option.language))
            if old is None or value > old[0]:
                best[key] = (value, option)
    return best


def _places_of_option(option: Option, places: Places) -> Iterator[tuple[str, float]]:
    """The articles that have all its parts, and what it counts there."""
    parts = []
    for part in option.parts:
        stand = [there for form in part if (there := places.get((option.language, form)))]
        if not stand:
            return
        here = stand[0]
        for there in stand[1:]:
            here = there | {article: weight for article, weight in here.items() if weight >= there.get(article, 0)}
        parts.append(here)
    first, *others = parts
    if not others:
        yield from ((article, weight * option.factor) for article, weight in first.items())
        return
    for article in first.keys() & others[0].keys() if len(others) == 1 else set(first).intersection(*others):
        yield article, sum(part[article] for part in parts) / len(parts) * option.factor


def _readable(
    scored: dict[tuple[str, str], _Score], *, language: str, principal: Principal, brand: Brand | None, limit: int
) -> list[Hit]:
    """The best that the reader may read, each article once."""
    best: dict[int, tuple[float, str]] = {}
    for (article, lang), score in scored.items():
        best[int(article)] = max(best.get(int(article), (0.0, "")), (score.score, lang))
    ranked = sorted(best, key=lambda article: (-best[article][0], article))
    hits: list[Hit] = []
    for start in range(0, min(len(ranked), _MOST_CANDIDATES), limit + _BESIDE):
        keys = ranked[start : start + limit + _BESIDE]
        readable = Article.objects.filter(pk__in=keys).readable_by(principal)
        if brand is not None:
            readable = readable.for_brand(brand)
        texts: dict[int, list[ArticleText]] = defaultdict(list)
        rows = ArticleText.objects.published().filter(article__in=readable)
        for text in rows.select_related("published", "article__collection").defer("published__source").order_by("pk"):
            texts[text.article_id].append(text)
        for key in [key for key in keys if key in texts][: limit - len(hits)]:
            hits += _hit(texts[key], best[key], scored, language)
        if len(hits) >= limit:
            break
    return hits


def _hit(
    texts: list[ArticleText], best: tuple[float, str], scored: dict[tuple[str, str], _Score], language: str
) -> Iterator[Hit]:
    """In the reader's language, else in the main one, else in that in which it was found."""
    score, found_in = best
    ways = (language, texts[0].article.language, found_in)
    text = min(texts, key=lambda one: ways.index(one.language) if one.language in ways else len(ways))
    found = scored[(str(text.article_id), found_in)]
    line, words = excerpt(text, found.forms)
    if version := text.published:
        yield Hit(text.article, text, version.title, version.summary, line, words, found.weight, score)


def _meant(words: str, terms: list[Term], scored: dict[tuple[str, str], _Score], hits: list[Hit]) -> str:
    """The line with its misspelt words as the articles that are shown have them."""
    shown = {str(hit.article.pk) for hit in hits}
    said = {one for (article, _language), score in scored.items() if article in shown for one in score.said}
    line = words
    for term in terms:
        if meant := next((option.said for option in term.options if option.said in said and option.said), ""):
            line = _replaced(line, term.raw, meant)
    return line if line != words else ""


def _replaced(line: str, raw: str, meant: str) -> str:
    at = line.lower().find(raw)
    return line[:at] + meant + line[at + len(raw) :] if at >= 0 else line
