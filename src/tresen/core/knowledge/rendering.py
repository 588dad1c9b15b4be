"""From what somebody wrote to what readers see: Markdown or the editor's HTML become clean HTML once, when saved.

Takes longer than a transaction should: it is called before one begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt

from tresen.core.knowledge.models import FILES_PATH, Article, SourceFormat
from tresen.kit.html import PROSE_VERSION, HtmlTooHard, clean_prose, text_from_any

MOST_SOURCE = 200_000
# How deep lists and quotes may nest; deeper is text.
DEEPEST = 20
OWN_FILE = re.compile(rf"{FILES_PATH}([0-9a-f-]{{36}})/")


class WrongWords(ValueError):
    """Words that cannot be kept; `field` says which: `title` (missing, too long), `summary` or `source` (too long, or
    too deeply nested)."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Words:
    """What an article says in one language, as somebody wrote it."""

    title: str
    summary: str = ""
    source: str = ""
    format: str = SourceFormat.MARKDOWN


@dataclass(frozen=True)
class Rendered:
    """Words that were checked, with their HTML."""

    words: Words
    html: str
    made_with: int = PROSE_VERSION


@cache
def _reader() -> MarkdownIt:
    """CommonMark with tables and struck-out words; raw HTML stays text."""
    reader = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST}).enable(["table", "strikethrough"])
    return reader


def file_keys(article: Article | None) -> frozenset[str]:
    """The keys of the files that may stand in its text."""
    return frozenset(str(key) for key in article.files.values_list("pk", flat=True)) if article else frozenset()


def render(words: Words, files: Collection[str] = ()) -> Rendered:
    """The words with their HTML; pictures only those whose key is among `files`. Raises WrongWords."""
    kept = Words(" ".join(words.title.split()), " ".join(words.summary.split()), words.source, words.format)
    if not kept.title or len(kept.title) > 200:
        raise WrongWords("title")
    if len(kept.summary) > 400:
        raise WrongWords("summary")
    return Rendered(kept, html_of(kept.source, kept.format, files))


def html_of(source: str, format: str, files: Collection[str] = ()) -> str:
    """Clean HTML of a source. Raises WrongWords."""
    if len(source) > MOST_SOURCE or format not in SourceFormat.values:
        raise WrongWords("source")
    html = _reader().render(source) if format == SourceFormat.MARKDOWN else source
    try:
        return clean_prose(html, is_own_picture=_among(files))
    except HtmlTooHard as fault:
        raise WrongWords("source") from fault


def _among(files: Collection[str]) -> Callable[[str], bool]:
    def is_own(src: str) -> bool:
        found = OWN_FILE.fullmatch(src)
        return found is not None and found[1] in files

    return is_own


def text_of(html: str) -> str:
    """The words that a reader sees, for comparing versions and for searching."""
    return text_from_any(html)
