"""How far apart two words are, for "did you mean"."""

from __future__ import annotations

import string
from collections.abc import Iterable

_LETTERS = string.ascii_lowercase + string.digits


def distance(one: str, other: str, limit: int = 2) -> int:
    """How many letters have to be put in, left out, changed or swapped with a neighbour to make one word the other.

    Above `limit` it says limit + 1 and stops reading.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def near(word: str, known: Iterable[str]) -> str | None:
    """The known word that is written almost like this one; None when none is near: one letter for short words, two from
    six letters on."""
    limit = 2 if len(word) >= 6 else 1
    found = min(((distance(word, other, limit), other) for other in known), default=(limit + 1, ""))
    return found[1] if found[0] <= limit and len(word) > 2 else None


def one_away(word: str) -> set[str]:
    """Every word that one letter put in, left out, changed, or swapped with its neighbour makes of this one."""
    halves = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    left_out = {first + rest[1:] for first, rest in halves if rest}
    swapped = {first + rest[1] + rest[0] + rest[2:] for first, rest in halves if len(rest) > 1}
    changed = {first + letter + rest[1:] for first, rest in halves if rest for letter in _LETTERS}
    put_in = {first + letter + rest for first, rest in halves for letter in _LETTERS}
    return (left_out | swapped | changed | put_in) - {word}
