"""One line of an article about where it was found, and the words of it to mark."""

from __future__ import annotations

import re

from tresen.core.knowledge.models import ArticleText
from tresen.service.answers.words import body_text, words_in

LENGTH = 160
_MOST_TEXT = 20_000
_SENTENCE = re.compile(r"(?<=[.!?:»“])\s+|\n+")


def excerpt(text: ArticleText, forms: frozenset[str]) -> tuple[str, tuple[str, ...]]:
    """The first sentence of the body with one of the forms, else the beginning of the body; and the words of title,
    summary and that line that have one of them."""
    version = text.published
    if version is None:
        return "", ()
    sentences = [one.strip() for one in _SENTENCE.split(body_text(version.html[:_MOST_TEXT])) if one.strip()]
    line = next((one for one in sentences if _marked(one, forms, text.language)), sentences[0] if sentences else "")
    if len(line) > LENGTH:
        line = line[:LENGTH].rsplit(" ", 1)[0] + " …"
    marked = _marked(f"{version.title}\n{version.summary}\n{line}", forms, text.language)
    return line, tuple(sorted(marked))


def _marked(text: str, forms: frozenset[str], language: str) -> set[str]:
    return {raw for raw, base, others in words_in(text, language) if base in forms or others & forms}
