"""How well a name answers what was typed: pure, no storage. Marks, case and one slip of the finger do not matter."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TypeVar

from tresen.kit.words import fold

T = TypeVar("T")
_WORD = re.compile(r"\w+")
WHOLE, BEGINNING, INSIDE, INITIALS, SLIP = 100, 80, 60, 50, 30
# Below this many letters a slip could mean anything.
SLIP_LETTERS = 4


def match(typed: str, *names: str) -> int:
    """How well any of the names answers the words typed, 0 for not at all; every word has to be answered."""
    words = _WORD.findall(fold(typed))
    folded = [fold(name) for name in names if name]
    return max((_all_words(words, name) for name in folded), default=0) if words else 0


def _all_words(words: list[str], name: str) -> int:
    found = [_one_word(word, name) for word in words]
    return sum(found) // len(found) * 100 - len(name) if all(found) else 0


def _one_word(word: str, name: str) -> int:
    if name.startswith(word):
        return WHOLE
    parts = _WORD.findall(name)
    if any(part.startswith(word) for part in parts):
        return BEGINNING
    if len(word) > 2 and word in name:
        return INSIDE
    if len(word) > 1 and "".join(part[0] for part in parts).startswith(word):
        return INITIALS
    if len(word) >= SLIP_LETTERS and any(_is_a_slip(word, part) for part in parts):
        return SLIP
    return 0


def _is_a_slip(word: str, part: str) -> bool:
    """Whether the word is the beginning of the part but for one letter: wrong, missing, too many, or two swapped."""
    beginning = part[: len(word)]
    if len(part) < len(word) - 1 or not beginning:
        return False
    at = next((i for i, (a, b) in enumerate(zip(word, beginning, strict=False)) if a != b), len(beginning))
    rest, other = word[at:], part[at:]
    return (
        other.startswith(rest[1:])  # one too many
        or other[1:].startswith(rest)  # one missing
        or other[1:].startswith(rest[1:])  # a wrong one
        or (len(rest) > 1 and other.startswith(rest[1] + rest[0] + rest[2:]))  # two swapped
    )


def ranked(found: Iterable[tuple[int, T]]) -> list[T]:
    """What was found with a score above 0, best first; slips of the finger only where nothing else was found."""
    pairs = sorted((pair for pair in found if pair[0]), key=lambda pair: -pair[0])
    better = [pair for pair in pairs if pair[0] > (SLIP + INITIALS) // 2 * 100]
    return [one for _score, one in better or pairs]
