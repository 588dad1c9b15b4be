"""What two texts do not have in common, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

# Beyond this many words comparing would take longer than reading.
MOST_WORDS = 4000
_PIECE = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True)
class Piece:
    """A stretch of text: in both ("same"), only in the first ("gone") or only in the second ("new")."""

    kind: str
    text: str


def differences(first: str, second: str) -> list[Piece]:
    """The pieces of both texts in order; very long ones are shown whole, one behind the other."""
    old, new = _PIECE.findall(first), _PIECE.findall(second)
    if len(old) + len(new) > MOST_WORDS:
        return [Piece(kind, text) for kind, text in (("gone", first), ("new", second)) if text]
    pieces: list[Piece] = []
    for step, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if step == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
            continue
        gone, added = "".join(old[i:j]), "".join(new[k:m])
        pieces += [Piece(kind, text) for kind, text in (("gone", gone), ("new", added)) if text]
    return pieces
