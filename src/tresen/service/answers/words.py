"""From a text to the words the index of articles holds, and how much each says of its article.

Words are folded as everything the house finds (service/search/analyser.py): letters a-z and digits alone. A text gives
its words, their stems and their other spellings in its own language.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from math import sqrt

from selectolax.lexbor import LexborHTMLParser

from tresen.kit.html.crude import text_from_any
from tresen.kit.html.shape import HtmlTooHard, check_shape
from tresen.service.answers.stop_words import is_stop
from tresen.service.search.analyser import roots_of

# Raised when the words that are made here change: all texts are then indexed anew.
MADE_WITH = 1

TITLE, SUMMARY, HEADING, BODY = 10.0, 5.0, 5.0, 2.0
# A form of a word says a little less than the word as it was written.
_FORM = 0.85
# Beyond this a word that is said again hardly counts: BM25's k1, in weights of fields.
_ENOUGH = 8.0
# A body of so many words is of usual length; in a longer one each word says less.
_USUAL_LENGTH = 150
_HUNDRED = 100
# `E-Mail` and `Wi-Fi` are written as one word as often as not.
_SHORT_FIRST = re.compile(r"(?<!\w)([^\W_]{1,2})[-‐](?=[^\W\d_]{2})")
_SHORTEST = 2


def words_in(text: str, language: str) -> Iterator[tuple[str, str, frozenset[str]]]:
    """The words of a text in their order: as written in lower case, folded, and their other forms in the language."""
    for raw, base, others in roots_of(_SHORT_FIRST.sub(r"\1", text), language):
        if len(base) >= _SHORTEST:
            yield raw, base, frozenset(form for form in others if len(form) >= _SHORTEST)


def weights_of(language: str, *, title: str, summary: str, html: str) -> dict[str, int]:
    """How much each word says of the article, in hundredths: the title most, then summary and headings, then the
    body."""
    sums: dict[str, float] = defaultdict(float)
    _add(sums, title, language, TITLE)
    _add(sums, summary, language, SUMMARY)
    headings, body = _parts(html)
    _add(sums, headings, language, HEADING)
    length = len(body.split())
    _add(sums, body, language, BODY * min(1.0, sqrt(_USUAL_LENGTH / max(1, length))))
    return {word: round(_HUNDRED * (_ENOUGH + 1) * sum_ / (sum_ + _ENOUGH)) for word, sum_ in sorted(sums.items())}


def body_text(html: str) -> str:
    """The visible words of an article's body."""
    return text_from_any(html)


def _add(sums: dict[str, float], text: str, language: str, weight: float) -> None:
    for raw, base, others in words_in(text, language):
        if is_stop(raw, base):
            continue
        sums[base] += weight
        for form in others:
            sums[form] += weight * _FORM


def _parts(html: str) -> tuple[str, str]:
    try:
        check_shape(html)
    except HtmlTooHard:
        return "", text_from_any(html)
    headings = [node.text(separator=" ") for node in LexborHTMLParser(html).css("h1,h2,h3,h4,h5,h6")]
    return "\n".join(headings), text_from_any(html)
