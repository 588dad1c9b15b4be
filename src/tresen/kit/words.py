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
    return text.lower() if text.isascii() else "".join(map(_fold_letter, text))


@lru_cache(maxsize=2000)
def _fold_letter(letter: str) -> str:
    plain = {"ł": "l", "Ł": "l", "ß": "s", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d"}.get(letter)
    if plain is None:
        plain = unicodedata.normalize("NFD", letter)[0].lower()
    return plain if len(plain) == 1 else letter


def breakable(address: str) -> SafeString:
    """The address with a place to break behind each of its signs."""
    return format_html_join("", "{}<wbr>", ((part,) for part in re.findall(r"[^@._-]*[@._-]|[^@._-]+$", address)))


def highlight(text: str, words: str | Iterable[str]) -> SafeString:
    """`text` escaped, with every word that answers one of `words` in <mark>. Marks and endings do not matter; several
    words in one are a phrase, which is marked where it stands word for word."""
    said = [fold(word) for word in (_WORD.findall(words) if isinstance(words, str) else words) if word]
    phrases = [parts for one in said if len(parts := _WORD.findall(one)) > 1]
    wanted = tuple(one for one in said if len(_WORD.findall(one)) == 1)
    if not said:
        return escape(text)
    out, at, found = [], 0, list(_WORD.finditer(text))
    folded = [fold(match.group()) for match in found] if phrases else []
    for n, match in enumerate(found):
        long = next((len(one) for one in phrases if folded[n : n + len(one)] == one), 0)
        if match.start() >= at and (long or _is_found(match.group(), wanted)):
            end = found[n + long - 1].end() if long else match.end()
            out += [escape(text[at : match.start()]), "<mark>", escape(text[match.start() : end]), "</mark>"]
            at = end
    out.append(escape(text[at:]))
    return mark_safe("".join(out))  # noqa: S308 - every piece is escaped above


@lru_cache(maxsize=10_000)
def _is_found(word: str, wanted: tuple[str, ...]) -> bool:
    """A page of results shows the same words again and again."""
    folded = fold(word)
    return any(_answers(folded, one) for one in wanted)


def _answers(found: str, wanted: str) -> bool:
    if found.startswith(wanted):
        return True
    same = 0
    for one, other in zip(found, wanted, strict=False):
        if one != other:
            break
        same += 1
    return same >= max(4, len(wanted) - _ENDINGS) and len(found) - same <= _ENDINGS
