"""CSV for spreadsheets: what people wrote stays text there, and comes back exactly as it was (safety test S51).

A cell that a spreadsheet would take for a formula gets an apostrophe in front, as one would type it there; so does one
that begins with an apostrophe, so that `plain_cell` gives back each value as it was.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

# What begins a formula in any of the usual programs, in its wide form, too; and what hides such a beginning.
STARTS = frozenset("=+-@\t\r\n＝＋－＠|%")
MARK = "'"


def safe_cell(value: object) -> str:
    """The value as text that no spreadsheet runs. Numbers of ours stay numbers."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    text = str(value)
    head = text.lstrip(" \u00a0\u3000")[:1]
    return MARK + text if head and (head in STARTS or text.startswith(MARK)) else text


def plain_cell(text: str) -> str:
    """What `safe_cell` was given, as text."""
    return text[1:] if text.startswith(MARK) and safe_cell(text[1:]) == text else text


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a file (RFC 4180, UTF-8 with a mark at its beginning, by which spreadsheets know it)."""
    yield "\ufeff" + _line(head)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[object]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()
