"""Folding away what is not new in a cleaned HTML message, by the words that are new.

Works on the sanitiser's output alone: balanced tags, angle brackets and quotes escaped everywhere else.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from html import escape, unescape
from itertools import accumulate

PIECE = re.compile(r"<[^<>]*>|&#?\w{1,30};|[^<&]+|[<&]")
NAME = re.compile(r"<(/?)([a-z0-9]+)")
QUOTE = re.compile(r"<(/?)blockquote\b[^<>]*>", re.IGNORECASE)
TAG = re.compile(r"<[^<>]*>")
LINK = re.compile(r"<(?:https?:|mailto:)[^<>\s]{1,2000}>|\[[^\[\]\n]{1,200}\]")
VOID = frozenset({"br", "hr", "img", "col", "wbr"})
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code del dfn em font i img ins kbd mark q s samp small span strike strong sub "
    "sup time tt u var wbr".split()
)
# The last letters of the new text are looked for, about where they must be: text and HTML part never differ by much.
NEEDLE, SLACK, SHARE = 60, 24, 0.25


def fold_old(html: str, *, new: str, label: str) -> str:
    """The message with all that is not `new` (its new text) behind "•••"; `label` names what opens it.

    What follows the new text is folded, or what stands above it; where both do not hold, as with answers between the
    lines, the last quote when it ends the message. Never the whole of it. Linear time.
    """
    pieces = PIECE.findall(html)
    letters = [_letters(piece) for piece in pieces]
    ends = list(accumulate(map(len, letters)))
    stream, wanted = "".join(letters), _letters(LINK.sub(" ", new))
    if wanted:
        split = _after(pieces, ends, stream, wanted)
        if split and _says_something(pieces[split:]):
            return _folded(pieces, split, label)
        split = _before(pieces, ends, stream, wanted)
        if split and _says_something(pieces[:split]):
            return _folded(pieces, split, label, above=True)
    return _fold_last_quote(html, label)


def _letters(piece: str) -> str:
    """Letters and digits of a piece of text; "" for a tag."""
    if piece[0:1] == "<" and len(piece) > 1:
        return ""
    text = unescape(piece) if piece[0:1] == "&" else piece
    return text if text.isalnum() else "".join(filter(str.isalnum, text))


def _near(found: int, wanted: int) -> bool:
    return abs(found - wanted) <= SLACK + SHARE * wanted


def _after(pieces: list[str], ends: list[int], stream: str, wanted: str) -> int:
    """The piece behind the last of the new text; 0 when it is not found, or not at the beginning."""
    needle = wanted[-NEEDLE:]
    earliest = max(0, int(len(wanted) * (1 - SHARE)) - SLACK - len(needle))
    end = stream.find(needle, earliest) + len(needle)
    if end < len(needle) or end == len(stream) or not _near(end, len(wanted)):
        return 0
    place = bisect_left(ends, end) + 1
    if ends[place - 1] != end:  # the text goes on in the same piece: nothing can be folded between
        return 0
    begin = place
    while place < len(pieces) and _belongs_above(pieces[place]):
        place += 1
    return place if any(map(_breaks, pieces[begin : place + 1])) else 0


def _breaks(piece: str) -> bool:
    """Whether a new line begins with a tag."""
    name = _name(piece)
    return bool(name) and name not in INLINE


def _belongs_above(piece: str) -> bool:
    return piece.startswith("</") or piece == "<br>" or not (piece.strip() or piece[0] == "<") or piece == "&nbsp;"


def _before(pieces: list[str], ends: list[int], stream: str, wanted: str) -> int:
    """The piece where the new text begins when it ends the message; 0 otherwise."""
    needle = wanted[:NEEDLE]
    begin = stream.rfind(needle)
    if begin <= 0 or not _near(len(stream) - begin, len(wanted)):
        return 0
    place = bisect_left(ends, begin + 1)
    if ends[place - 1] != begin:
        return 0
    first = place
    while place and pieces[place - 1][1:2] != "/" and _name(pieces[place - 1]) not in VOID | {""}:
        place -= 1
    return place if any(map(_breaks, pieces[max(0, place - 1) : first])) else 0


def _name(tag: str) -> str:
    found = NAME.match(tag)
    return found[2] if found else ""


def _says_something(pieces: list[str]) -> bool:
    return any(piece.startswith("<img") or _letters(piece) for piece in pieces)


def _folded(pieces: list[str], split: int, label: str, *, above: bool = False) -> str:
    """What stands open at the split is closed before it and opened again behind it, so that both halves are whole."""
    stack: list[str] = []
    for piece in pieces[:split]:
        name = _name(piece)
        if not name or name in VOID:
            continue
        if piece[1] != "/":
            stack.append(piece)
        elif stack:
            stack.pop()
    first = "".join(pieces[:split]) + "".join(f"</{_name(tag)}>" for tag in reversed(stack))
    second = "".join(stack) + "".join(pieces[split:])
    begin, end = f'<details><summary aria-label="{escape(label)}">•••</summary>', "</details>"
    return f"{begin}{first}{end}{second}" if above else f"{first}{begin}{second}{end}"


def _fold_last_quote(html: str, label: str) -> str:
    begin, end = _last_quote(html)
    if begin < 0 or _words(html[end:]) or not _words(html[:begin]):
        return html
    summary = f'<details><summary aria-label="{escape(label)}">•••</summary>'
    return f"{html[:begin]}{summary}{html[begin:end]}</details>{html[end:]}"


def _last_quote(html: str) -> tuple[int, int]:
    """Where the last outermost blockquote begins and ends; (-1, -1) without one."""
    depth, start, last = 0, -1, (-1, -1)
    for match in QUOTE.finditer(html):
        if not match.group(1):
            if depth == 0:
                start = match.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                last = (start, match.end())
    return (-1, -1) if depth else last


def _words(html: str) -> str:
    return TAG.sub("", html).replace("&nbsp;", " ").strip()
