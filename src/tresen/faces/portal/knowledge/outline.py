"""An article's HTML as a page shows it: parts that can be linked to, code that can be copied, tables that fit.

Works on what `clean_prose` made alone: balanced tags, headings with ids, angle brackets and quotes escaped elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tresen.kit.html import Heading, headings_of, text_of_tags

HEADING = re.compile(r'<h([2-4])((?: [a-z-]+="[^"]*")*) id="(s-[^"]*)">(.*?)</h\1>', re.DOTALL)
CODE = re.compile(r"<pre\b[^<>]*>.*?</pre>", re.DOTALL)
TABLE = re.compile(r"</?table\b[^<>]*>")
WORDS_A_MINUTE = 200
# With fewer parts nobody needs a list of them.
FEWEST_PARTS = 2
KEPT = 512


@dataclass(frozen=True)
class Outline:
    """The article ready to be shown, its parts (of level 2 and 3), and how long it takes to read it."""

    html: SafeString
    parts: tuple[Heading, ...]
    minutes: int


def outline_of(html: str) -> Outline:
    """Worked out once for each text and language of the page: a text that readers have seen is never changed."""
    return _outline(html, get_language() or "en")


@lru_cache(maxsize=KEPT)
def _outline(html: str, _language: str) -> Outline:
    shown = HEADING.sub(_heading, html)
    shown = _framed_tables(CODE.sub(_code, shown))
    parts = tuple(part for part in headings_of(html) if part.level <= 3)
    minutes = max(1, round(len(text_of_tags(html).split()) / WORDS_A_MINUTE))
    return Outline(mark_safe(shown), parts if len(parts) >= FEWEST_PARTS else (), minutes)  # noqa: S308 - cleaned


def _heading(found: re.Match[str]) -> str:
    level, given, anchor, inner = found.groups()
    drawn = {"level": level, "given": mark_safe(given), "anchor": mark_safe(anchor), "inner": mark_safe(inner)}  # noqa: S308
    return render_to_string("portal/knowledge/heading.html", {**drawn, "has_link": "<a " in inner})


def _code(found: re.Match[str]) -> str:
    return render_to_string("portal/knowledge/code.html", {"code": mark_safe(found[0])})  # noqa: S308 - cleaned


def _framed_tables(html: str) -> str:
    """Each outermost table in a frame of its own, so that a wide one scrolls and not the page."""
    depth = 0

    def frame(found: re.Match[str]) -> str:
        nonlocal depth
        if found[0].startswith("</"):
            depth -= 1
            return f"{found[0]}</div>" if depth == 0 else found[0]
        depth += 1
        return f'<div class="wide" tabindex="0">{found[0]}' if depth == 1 else found[0]

    return TABLE.sub(frame, html)
