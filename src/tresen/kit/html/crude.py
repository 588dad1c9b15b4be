"""Text out of HTML that no parser should see: tags cut away, entities read, in one pass."""

from __future__ import annotations

import html as entities
import re

from tresen.kit.html.as_text import to_text
from tresen.kit.html.shape import HtmlTooHard

UNSEEN_START = re.compile(r"<(script|style|title|template|svg|math|head)\b", re.IGNORECASE)
TAG_START = re.compile(r"<(?=[a-zA-Z/!?])")
LINE_TAGS = re.compile(r"</?(?:p|div|br|tr|li|h[1-6]|table|ul|ol|blockquote|hr|pre)\b", re.IGNORECASE)
BLANKS = re.compile(r"[ \t\xa0]+")
MANY_LINES = re.compile(r"\n(?:[ ]?\n)+")
MOST_CHARACTERS = 2_000_000


def text_of_tags(html: str) -> str:
    """The text between the tags, a line where a block begins or ends. Linear; never fails; reads at most 2 million
    characters."""
    html = html[:MOST_CHARACTERS]
    out: list[str] = []
    at, length = 0, len(html)
    while at < length:
        start = TAG_START.search(html, at)
        if not start:
            break
        out.append(_blanks(html[at : start.start()]))
        at = _skip(html, start.start(), out)
    out.append(_blanks(html[at:]) if at < length else "")
    text = entities.unescape("".join(out))
    return MANY_LINES.sub("\n\n", BLANKS.sub(" ", text)).replace("\n ", "\n").strip()


def _blanks(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ")


def _skip(html: str, at: int, out: list[str]) -> int:
    """The position after the tag that starts at `at`, and for scripts and the like after their end tag."""
    unseen = UNSEEN_START.match(html, at)
    end = html.find("-->", at) + 2 if html.startswith("<!--", at) else html.find(">", at)
    if LINE_TAGS.match(html, at):
        out.append("\n")
    if end < at:
        return len(html)
    if unseen:
        closing = re.compile(rf"</{unseen[1]}", re.IGNORECASE).search(html, end)
        if closing:
            end = html.find(">", closing.end())
        elif unseen[1].lower() in ("script", "style"):
            return len(html)
    return end + 1 if end >= 0 else len(html)


def text_from_any(html: str) -> str:
    """`to_text` where the HTML can be parsed, `text_of_tags` where it is too hard."""
    try:
        return to_text(html)
    except HtmlTooHard:
        return text_of_tags(html)
