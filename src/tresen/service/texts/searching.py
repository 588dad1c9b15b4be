"""Finding a saved reply or a macro by what one remembers of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import TypeVar

from tresen.service.texts.models import KeptText

Kept = TypeVar("Kept", bound=KeptText)
_LETTERS = str.maketrans({"ł": "l", "ß": "ss"})


def fold(text: str) -> str:
    """Small letters without marks: `Zurücksetzen` and `zurucksetzen` are the same. text-picker.js folds alike."""
    apart = unicodedata.normalize("NFD", text.lower().translate(_LETTERS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words_of(kept: KeptText) -> str:
    """Everything one may find it by, folded: short word, name, folder, texts."""
    shortcut = getattr(kept, "shortcut", "")
    return fold(" ".join([shortcut, kept.name, kept.folder, *kept.texts.values()]))


def matching(rows: Iterable[Kept], query: str) -> list[Kept]:
    """Those that hold every word of the line; whose short word it is, or whose name begins with it, go first."""
    line = fold(query.strip().lstrip("/"))
    wanted = line.split()
    found = [row for row in rows if all(word in words_of(row) for word in wanted)]
    return sorted(found, key=lambda row: _distance(row, line)) if line else found


def _distance(row: KeptText, line: str) -> int:
    shortcut, name = fold(getattr(row, "shortcut", "")), fold(row.name)
    if shortcut == line:
        return 0
    return 1 if name.startswith(line) or (shortcut and shortcut.startswith(line)) else 2
