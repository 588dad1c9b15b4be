"""The small language of texts that people write for mail: `{{name}}` and `{{name|else}}`, and nothing more.

A text knows a fixed list of names; there are no expressions, no attributes, no loops (safety decision 16). Values are
put in once and are never read for names again, and each is escaped for the place where it goes. What is no name of the
list stays as it was written. A line whose names are all empty, and have no `|else`, is left out, so that
`Follow it here: {{ticket.link}}` vanishes where there is no link.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import Enum
from html import escape
from unicodedata import category

NAME = re.compile(r"\{\{ {0,3}([a-z]{1,30}(?:[._][a-z]{1,30}){0,3}) {0,3}(?:\|([^{}|\r\n]{0,200}))?\}\}")
BRACES = re.compile(r"\{\{[^{}\r\n]{0,200}\}\}")


class Place(Enum):
    """Where a text goes, and so what its values must not be able to do there."""

    TEXT = "text"  # plain text, of several lines
    HTML = "html"  # between tags
    HEADER = "header"  # one line of a mail's head: no line ends, no control characters


def unknown_names(text: str, known: Collection[str]) -> list[str]:
    """What stands in double braces and is none of the names, as it was written."""
    found = []
    for braces in BRACES.finditer(text):
        name = NAME.fullmatch(braces[0])
        if name is None or name[1] not in known:
            found.append(braces[0])
    return list(dict.fromkeys(found))


def has_name(text: str, name: str) -> bool:
    """Whether the text uses that name."""
    return any(found[1] == name for found in NAME.finditer(text))


def fill(text: str, values: Mapping[str, str], *, place: Place) -> str:
    """The text with its values. In HTML the text itself is taken for plain text too and escaped."""
    lines = []
    for line in text.replace("\r\n", "\n").split("\n"):
        names = [found for found in NAME.finditer(line) if found[1] in values]
        if names and not any(values[found[1]].strip() or found[2] is not None for found in names):
            continue
        lines.append(_fill_line(line, values, place))
    joined = ("<br>\n" if place is Place.HTML else "\n").join(lines)
    return _one_line(joined) if place is Place.HEADER else joined.strip()


def _fill_line(line: str, values: Mapping[str, str], place: Place) -> str:
    out, at = [], 0
    for found in NAME.finditer(line):
        if found[1] not in values:
            continue
        value = values[found[1]].strip() or (found[2] or "").strip()
        out += [_escaped(line[at : found.start()], place), _escaped(value, place)]
        at = found.end()
    return "".join([*out, _escaped(line[at:], place)])


def _escaped(text: str, place: Place) -> str:
    # Letters, signs and blanks of any width; no control, no direction mark, no line end but \n.
    kept = "".join(c for c in text if c.isprintable() or c in "\n\t" or category(c) == "Zs")
    if place is Place.HEADER:
        return kept.replace("\n", " ").replace("\t", " ")
    return escape(kept).replace("\n", "<br>\n") if place is Place.HTML else kept


def _one_line(text: str) -> str:
    return " ".join(text.split())
