"""Small things done to words on a screen: initials of a name, found words marked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe

_WORD = re.compile(r"\w+")
_TITLES = {"dr", "prof", "mgr", "inż", "frau", "herr", "pan", "pani", "mr", "mrs", "ms"}
_ENDINGS = 3  # a found word may differ from the one looked for by this many letters at its end


def initials(name: str) -> str:
    """Two letters for an avatar: "Jürgen Großmann-Lüdtke" is JG, "it@faehrholm.example" IT; "?" for nothing."""
    words = [word for word in _WORD.findall(name.split("@")[0]) if not word.isdigit()]
    known = [word for word in words if word.lower() not in _TITLES] or words
    if not known:
        return "?"
    if len(known) == 1:
        return known[0][:2].upper()
    last = name.split("@")[0].split()[-1] if " " in name.strip() and "@" not in name else known[-1]
    tail = _WORD.findall(last)
    return (known[0][0] + (tail[0][0] if tail else known[-1][0])).upper()


def fold(text: str) -> str:
    """Lower case without marks, letter for letter (the length stays): "Łódź" is "lodz"."""
    return text.lower() if text.isascii() else text.translate(_LETTERS)


class _Letters(dict[int, str]):
    """Letters as they are folded, each reckoned once."""

    _MOST = 5000

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        plain = {"ł": "l", "Ł": "l", "ß": "s", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d"}.get(letter)
        if plain is None:
            plain = unicodedata.normalize("NFD", letter)[0].lower()
        folded = plain if len(plain) == 1 else letter
        if len(self) < self._MOST:
            self[code] = folded
        return folded


_LETTERS = _Letters()


def breakable(address: str) -> SafeString:
    """The address with a place to break behind each of its signs."""
    return format_html_join("", "{}<wbr>", ((part,) for part in re.findall(r"[^@._-]*[@._-]|[^@._-]+$", address)))


def highlight(text: str, words: str | Iterable[str]) -> SafeString:
    """`text` escaped, with every word that answers one of `words` in <mark>. Marks and endings do not matter; several
    words in one are a phrase, which is marked where it stands word for word."""
    said = tuple(fold(word) for word in (_WORD.findall(words) if isinstance(words, str) else words) if word)
    if not said:
        return escape(text)
    begins, phrases, wanted = _looked_for(said)
    out, at, folded = [], 0, fold(text)
    for match in begins.finditer(folded):
        start = match.start()
        if start < at:
            continue
        end = next((found.end() for phrase in phrases if (found := phrase.match(folded, start))), 0)
        if not end and any(_answers(match.group(), one) for one in wanted):
            end = match.end()
        if end:
            out += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
            at = end
    out.append(escape(text[at:]))
    return mark_safe("".join(out))  # noqa: S308 - every piece is escaped above


@lru_cache(maxsize=256)
def _looked_for(said: tuple[str, ...]) -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...], tuple[str, ...]]:
    """Words that may be among those looked for, as they begin; the phrases; the single words."""
    parts = [found for one in said if (found := _WORD.findall(one))]
    phrases = [words for words in parts if len(words) > 1]
    wanted = [words[0] for words in parts if len(words) == 1]
    first = {words[0] for words in phrases} | {word[: _least(word)] for word in wanted}
    begins = "|".join(map(re.escape, sorted(first))) or "(?!)"
    return (
        re.compile(rf"\b(?:{begins})\w*"),
        tuple(re.compile(r"\W+".join(map(re.escape, words)) + r"\b") for words in phrases),
        tuple(wanted),
    )


def _least(wanted: str) -> int:
    """How many letters a word shares at least with the one looked for that it answers."""
    return min(len(wanted), max(4, len(wanted) - _ENDINGS))


def _answers(found: str, wanted: str) -> bool:
    if found.startswith(wanted):
        return True
    same = 0
    for one, other in zip(found, wanted, strict=False):
        if one != other:
            break
        same += 1
    return same >= max(4, len(wanted) - _ENDINGS) and len(found) - same <= _ENDINGS
