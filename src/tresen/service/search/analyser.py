"""From a text to the words the search index holds, and from a typed word to the words to look for.

Both databases get the same words, made here, so both find the same tickets. A word of the index is made of the letters
a-z and the digits 0-9 alone: every letter is folded to its base (`Łódź` to `lodz`, `Größe` to `grosse`), a letter of
another alphabet becomes `u` and its code. After the words themselves, in their order, so that phrases can be found,
follow the words' stems and other spellings, each once.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import Stemmer

from tresen.kit.language import LANGUAGES, guess_language
from tresen.service.search.polish import polish_root

# More of a text than this is not indexed, and not more words than fit well into PostgreSQL's 1 MB of one tsvector.
MAX_TEXT = 200_000
MAX_TOKENS_LENGTH = 400_000
MAX_TOKEN_LENGTH = 64
_MAX_JOINED = 40
_MIN_PREFIX = 2

_ALGORITHMS = dict(zip(LANGUAGES, ("german", "polish", "english"), strict=True))

# Letters that Unicode does not take apart into a base letter and a mark.
_FOLD = str.maketrans(
    {
        "ł": "l",
        "ß": "ss",
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "\u0131": "i",
        "ħ": "h",
        "ŧ": "t",
    }
)
# Soft hyphens and zero-width characters stand inside words and mean nothing.
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
# `ue` after a, e or q is no umlaut: Mauer, neue, Quelle.
_SPELT_UMLAUT = re.compile(r"([ao])e|(?<![aeq])(u)e")

_GROUP = r"[^\W_]+"
_CHUNK = re.compile(rf"{_GROUP}(?:[-_./]{_GROUP})*")
_GROUPS = re.compile(_GROUP)
# A telephone number, as people write it: with any blanks. It begins with 0 or + and has seven digits or more.
PHONE = re.compile(r"(?<![\w+])[+0](?:[ ()/.\-]{0,2}\d){6,18}(?!\w)")
_NO_DIGIT = re.compile(r"\D+")

_stemmers = threading.local()


@dataclass(frozen=True, slots=True)
class Sequence:
    """Index words that must stand one after the other; with `prefix` the last of them may go on."""

    tokens: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """What one typed word or phrase may look like in the index: one of the alternatives must be there."""

    alternatives: tuple[Sequence, ...]


def holds(tokens: str, term: Term) -> bool:
    """Say whether index words (as `analyse` gives them) have the term in one of its spellings: what the word indexes
    of the databases do."""
    line = f" {tokens} "
    return any(
        f" {' '.join(sequence.tokens)}{'' if sequence.prefix else ' '}" in line for sequence in term.alternatives
    )


def fold(word: str) -> str:
    """Return a lower-case word in index letters: a-z and 0-9 alone, perhaps none, at most 64."""
    if word.isascii():
        return word[:MAX_TOKEN_LENGTH]
    letters = []
    for letter in unicodedata.normalize("NFKD", word.translate(_FOLD)):
        if letter.isascii():
            letters.append(letter if letter.isalnum() else "")
        elif not unicodedata.combining(letter):
            letters.append(f"u{ord(letter):x}")
    return "".join(letters)[:MAX_TOKEN_LENGTH]


def tokens(text: str, lang: str) -> list[str]:
    """Return the index words of a text: its words in order, then once each what else it shall be found by.

    `lang` is "de", "pl", "en", or "" for a text whose language is not known: then all three stemmers are asked.
    """
    clean = _clean(text)
    words: list[str] = []
    extras: set[str] = set()
    room = MAX_TOKENS_LENGTH // 2
    for chunk in _CHUNK.findall(clean):
        groups = [chunk] if chunk.isalnum() else _GROUPS.findall(chunk)
        for group in groups:
            base, others = _forms(group, lang)
            words.append(base)
            extras |= others
            room -= len(base) + 1
        if len(groups) > 1:
            extras.update(_joined(chunk, groups))
        if room <= 0:
            break
    extras.update(_phone_number(match.group()) for match in PHONE.finditer(clean))
    return [word for word in words if word] + _within(sorted(extras.difference(words)), MAX_TOKENS_LENGTH // 2)


def analyse(text: str) -> tuple[str, str]:
    """Return the guessed language of a text and its index words, joined by blanks."""
    lang = guess_language(text[:MAX_TEXT])
    return lang, " ".join(tokens(text, lang))


def query_terms(text: str, *, prefix_last: bool = False) -> list[Term]:
    """Return what to look for when somebody types these words: every term must be found, in any of its spellings.

    The language of three typed words cannot be known, so each is stemmed in all three. With `prefix_last` the last
    word may be the beginning of one; a word that ends in `*` always may. A word without a letter or digit asks for
    nothing.
    """
    clean = _clean(text)
    terms: list[Term] = []
    start = 0
    for phone in [*PHONE.finditer(clean), None]:
        before = clean[start : phone.start() if phone else None]
        typed = before.split()
        for place, word in enumerate(typed):
            last = prefix_last and phone is None and place == len(typed) - 1
            if term := _term(word, prefix=last or word.endswith("*")):
                terms.append(term)
        if phone:
            start = phone.end()
            terms.append(_phone_term(phone.group(), prefix=prefix_last and start == len(clean)))
    return terms


def phrase_term(text: str) -> Term | None:
    """Return the term for words that must stand exactly so, one after the other; None where there is no word."""
    words = tuple(words_of(text))
    return Term((Sequence(words),)) if words else None


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are folded, in their order."""
    return [base for group in _GROUPS.findall(_clean(text)) if (base := fold(group))]


def roots_of(text: str, lang: str) -> list[tuple[str, str, frozenset[str]]]:
    """Return the words of a text in their order: as written in lower case, folded, and their stems in one language (""
    for all)."""
    return [(word, *_forms(word, lang)) for word in _GROUPS.findall(_clean(text))]


def spellings(word: str) -> set[str]:
    """Return a folded word, and how it is written with plain letters for spelt umlauts: `mueller` and `muller`."""
    return {word, _without_spelt_umlauts(word)}


def _clean(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:MAX_TEXT].translate(_INVISIBLE)).lower()[:MAX_TEXT]


@lru_cache(maxsize=50_000)
def _forms(word: str, lang: str) -> tuple[str, frozenset[str]]:
    """Return the folded word, and its stems and other spellings for one language ("" for all)."""
    base = fold(word)
    if len(word) > MAX_TOKEN_LENGTH or not base:
        return base, frozenset()
    others = set() if base.isdigit() else {fold(_stem(word, one)) for one in ([lang] if lang else LANGUAGES)}
    others.add(_without_spelt_umlauts(base))
    if lang in ("pl", ""):
        others.add(polish_root(base))
    return base, frozenset(others - {base, ""})


def _stem(word: str, lang: str) -> str:
    # A stemmer must not be shared between threads.
    stemmer = getattr(_stemmers, lang, None)
    if stemmer is None:
        stemmer = Stemmer.Stemmer(_ALGORITHMS[lang])
        setattr(_stemmers, lang, stemmer)
    return str(stemmer.stemWord(word))


def _without_spelt_umlauts(base: str) -> str:
    return _SPELT_UMLAUT.sub(lambda match: match.group(1) or match.group(2), base)


def _joined(chunk: str, groups: list[str]) -> Iterator[str]:
    """Yield `ORD-2026/17` as ord202617 and `E-Mail` as email; file names and addresses without digits stay apart."""
    if len(groups) < 2 or len(chunk) > _MAX_JOINED:
        return
    if any(letter.isdigit() for letter in chunk) or not any(mark in chunk for mark in "_./"):
        yield "".join(map(fold, groups))[:MAX_TOKEN_LENGTH]


def _phone_number(written: str) -> str:
    return fold(_NO_DIGIT.sub("", written))


def _phone_term(written: str, *, prefix: bool) -> Term:
    groups = tuple(map(fold, _GROUPS.findall(written)))
    return Term((Sequence((_phone_number(written),), prefix), *([Sequence(groups, prefix)] if len(groups) > 1 else [])))


def _term(word: str, *, prefix: bool) -> Term | None:
    groups = [group for group in _GROUPS.findall(word) if fold(group)]
    if not groups:
        return None
    found: dict[Sequence, None] = {}
    if len(groups) == 1:
        base, others = _forms(groups[0], "")
        opens = prefix and len(base) >= _MIN_PREFIX
        found[Sequence((base,), opens)] = None
        found.update(
            (Sequence((other,), opens and other == _without_spelt_umlauts(base)), None) for other in sorted(others)
        )
    else:
        found[Sequence(tuple(map(fold, groups)), prefix)] = None
        found.update((Sequence((joined,), prefix), None) for joined in _joined(word.strip("*"), groups))
    return Term(tuple(found))


def _within(words: list[str], length: int) -> list[str]:
    for place, word in enumerate(words):
        length -= len(word) + 1
        if length < 0:
            return words[:place]
    return words
