"""Where a browser is in the event log: the newest event it was told of, and when that was."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_FORM = re.compile(r"(\d{1,18})\.(\d{1,11})")


class WrongCursor(ValueError):
    """It is none of ours."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """`event_id` 0: a page that only knows when it was made."""

    event_id: int
    at: datetime

    def __str__(self) -> str:
        return f"{self.event_id}.{int(self.at.timestamp())}"


def read_cursor(text: str) -> Cursor:
    """The cursor that `str()` wrote. Raises WrongCursor."""
    found = _FORM.fullmatch(text)
    if not found or not text.isascii():
        raise WrongCursor(text)
    return Cursor(int(found[1]), datetime.fromtimestamp(int(found[2]), tz=UTC))
