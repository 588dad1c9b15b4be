"""What a model sees of a text: its words as stems and as parts of words, each a number.

Stems let it know a word in another case or number; parts of words let it know compounds it has never seen
(Druckauftrag, Druckerwarteschlange). A feature is a number below `SIZE` by a hash that is the same everywhere, so that
no list of words has to be kept: from the model nobody reads what people wrote.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from tresen.kit.language import guess_language, is_stop_word
from tresen.service.search.analyser import roots_of

SIZE = 1 << 17
# So much of the first message tells what it is about; what follows is signatures and quotes.
MOST_CHARACTERS = 4000
MOST_WORDS = 250
_PART = 5
# Shorter words have no parts but themselves.
_LONG = 6


@dataclass(frozen=True, slots=True)
class Word:
    """A word as somebody wrote it, and its features."""

    written: str
    features: tuple[int, ...]


def words_of(subject: str, text: str) -> list[Word]:
    """The words of a ticket that can tell something, each once, those of the subject first."""
    line = f"{subject}\n{text[:MOST_CHARACTERS]}"
    found: dict[str, Word] = {}
    for written, base, stems in roots_of(line, guess_language(line)):
        if base in found or len(base) < 2 or base.isdigit() or is_stop_word(written):
            continue
        found[base] = Word(written, _features(base, stems))
        if len(found) >= MOST_WORDS:
            break
    return list(found.values())


@lru_cache(maxsize=60_000)
def _features(base: str, stems: frozenset[str]) -> tuple[int, ...]:
    names = {f"w{stem}" for stem in (stems or {base})} | {f"w{base}"}
    if len(base) >= _LONG:
        names |= {f"p{base[start : start + _PART]}" for start in range(len(base) - _PART + 1)}
    return tuple(sorted({crc32(name.encode()) & (SIZE - 1) for name in names}))
