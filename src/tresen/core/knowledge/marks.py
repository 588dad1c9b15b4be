"""What may be a person's, marked in words that become an article: `[name: ~~Anna~~]`. Whoever writes the article takes
each mark out or puts something else in its place; while one remains, nothing is published.

A pure function. It marks too much rather than too little: a mark that is not needed costs a moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

MOST_LETTERS = 40_000
_MOST_NAMES = 60
# A name of so many letters is known in its cases, too: Kowalski, Kowalskiego.
_INFLECTED = 5
_SHORTEST_NAME = 3

_KINDS = "link|mail|iban|ip|number|phone|name"
# However it was edited since, also as rich text: what begins as a mark counts as one.
_MARK = re.compile(rf"\[(?:{_KINDS}):[^\]\n]{{0,400}}\]?")
# An address that lets in whoever has it: with a query, a fragment, or a long part that nobody would type.
_LINK = r"https?://[^\s<>\"\]]{1,200}?(?:[?#][^\s<>\"\]]{1,600}|/[A-Za-z0-9_-]{20,200}[^\s<>\"\]]{0,200})"
_MAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"
# ISO 13616; in Poland often without its two letters.
_IBAN = (
    r"(?<![A-Z0-9])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Z0-9])"
    r"|(?<!\d)\d{2}(?: ?\d{4}){6}(?!\d)"
)
_IP = (
    r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]\d)"
    r"|(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){3,7}:?[0-9A-Fa-f]{1,4}(?![\w:])"
    r"|(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){1,6}:[0-9A-Fa-f]{1,4}(?![\w:])"
)
_NUMBER = r"(?<![\w#-])(?:#\d{4,12}|[A-Z]{1,3}-?\d{5,12})(?!\w)"
_PHONE = (
    r"(?<![\w.])(?:\+|00)\d[\d ()/.-]{6,18}\d(?!\w)"
    r"|(?<![\w.,])0\d{1,5}[ /-]{1,3}\d[\d -]{3,12}\d(?!\w)"
    r"|(?<![\w.,-])\d{3}[ -]\d{3}[ -]\d{3}(?![\w-])"
)
# Who is addressed, whoever it is.
_ADDRESSED = (
    r"(?<=\bFrau )X|(?<=\bHerr )X|(?<=\bHerrn )X|(?<=\bPan )X|(?<=\bPani )X|(?<=\bPana )X|(?<=\bPanu )X"
    r"|(?<=\bMr )X|(?<=\bMrs )X|(?<=\bMs )X|(?<=\bMr\. )X|(?<=\bMrs\. )X|(?<=\bMs\. )X"
    r"|(?<=\bHallo )X|(?<=\bLiebe )X|(?<=\bLieber )X|(?<=\bDear )X|(?<=\bHi )X|(?<=\bHello )X|(?<=\bCześć )X"
).replace("X", r"[A-ZÄÖÜĄĆĘŁŃÓŚŹŻ][\w'’-]{1,40}(?: [A-ZÄÖÜĄĆĘŁŃÓŚŹŻ][\w'’-]{1,40})?")


def mark_personal(text: str, names: Iterable[str] = ()) -> str:
    """The text with everything that may be a person's marked. `names`: those of the people on the ticket; each of
    their words is looked for, in any case."""
    parts = [
        f"(?P<link>{_LINK})", f"(?P<mail>{_MAIL})", f"(?P<iban>{_IBAN})", f"(?P<ip>{_IP})",
        f"(?P<number>{_NUMBER})", f"(?P<phone>{_PHONE})",
    ]  # fmt: skip
    known = "|".join(_name_patterns(names))
    parts.append(f"(?P<name>{_ADDRESSED}{'|' + known if known else ''})")
    return re.sub("|".join(parts), _marked, text[:MOST_LETTERS])


def marks_in(*texts: str) -> list[str]:
    """The marks that are still there."""
    return [mark for text in texts for mark in _MARK.findall(text)]


def without_marks(text: str) -> str:
    """The text with only the kind left of each mark, `[name]`: for a title."""
    return re.sub(rf"\[({_KINDS}): ~~[^~\n]{{1,300}}~~\]", r"[\1]", text)


def _marked(match: re.Match[str]) -> str:
    found = match.group().replace("~", "")
    return f"[{match.lastgroup}: ~~{found}~~]" if found else match.group()


def _name_patterns(names: Iterable[str]) -> list[str]:
    words = {word for name in names for word in re.findall(r"[^\W\d_]+", name) if len(word) >= _SHORTEST_NAME}
    return [_in_its_cases(word) for word in sorted(words, key=lambda word: (-len(word), word))[:_MOST_NAMES]]


def _in_its_cases(word: str) -> str:
    if len(word) < _INFLECTED:
        return rf"(?<!\w)(?i:{re.escape(word)})(?:s|’s|'s)?(?!\w)"
    stem = word[:-1] if word[-1].lower() in "aeiouy" else word
    return rf"(?<!\w)(?i:{re.escape(stem)})\w{{0,4}}(?!\w)"
