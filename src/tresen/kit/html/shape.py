"""Whether HTML is of a size and depth that parsers take in reasonable time, found out in one pass over its tags.

Real parsers are quadratic on deeply nested or badly interleaved tags; this counts before any of them sees the text.
"""

from __future__ import annotations

import re
from functools import lru_cache

MOST_CHARACTERS = 1_000_000
DEEPEST = 200
# Unclosed <b><i>… are opened again in every paragraph after them: the sum of that is work and memory.
MOST_REOPENED = 300_000
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,30})")
VOID = frozenset("area base br col embed hr img input link meta param source track wbr keygen frame".split())
# Their end tags may be left out; a following one closes them, so they cannot nest by themselves.
SELF_ENDING = frozenset(
    "p li td th tr dt dd option optgroup tbody thead tfoot colgroup caption html head body rp rt".split()
)
FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
BLOCKS = frozenset("p div td th li h1 h2 h3 h4 h5 h6 pre blockquote center table ul ol dl dt dd address".split())


class HtmlTooHard(Exception):
    """Not handed to the parser. `code` is `size`, `depth` or `formatting`; the reader shows text instead."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@lru_cache(maxsize=2)  # the same mail is made into text, looked through for quotes and cleaned
def check_shape(html: str) -> None:
    """Raises HtmlTooHard when the HTML is larger than 1 MB (characters), nests more than 200 deep, or reopens too
    many tags."""
    if len(html) > MOST_CHARACTERS:
        raise HtmlTooHard("size")
    open_tags: dict[str, int] = {}
    depth = formatting = reopened = 0
    for found in TAG.finditer(html):
        name = found[2].lower()
        if name in VOID:
            continue
        if found[1]:
            if open_tags.get(name):
                open_tags[name] -= 1
                depth -= name not in SELF_ENDING
                formatting -= name in FORMATTING
            continue
        open_tags[name] = open_tags.get(name, 0) + 1
        depth += name not in SELF_ENDING
        formatting += name in FORMATTING
        if name in BLOCKS:
            reopened += formatting
        if depth > DEEPEST:
            raise HtmlTooHard("depth")
        if reopened > MOST_REOPENED:
            raise HtmlTooHard("formatting")
