"""What stands below a message without being one: signatures, telephones' lines, lawyers' notes, lists' footers."""

from __future__ import annotations

from tresen.kit.replies.lines import is_rule, plain, small
from tresen.kit.replies.signature_words import (
    ADDED_BY_PROGRAMS,
    ADDRESSEE,
    CONFIDENTIAL,
    LEGAL_HEADINGS,
    LEGAL_STARTS,
    LEGAL_TITLES,
    LIST_FOOTERS,
    MOBILE,
    MOBILE_ENDS,
    MOBILE_THINGS,
    THIS_MAIL,
    WARNINGS,
    WEAK_THINGS,
)

LINES_OF_SIGNATURE = 40
LINES_OF_PARAGRAPH = 30
DELIMITERS = ("--", "- --", "––")
MOST_WORDS, MOST_WORDS_OF_MINE = 14, 9


def split_ending(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines of a message, and those of its signature and notes. Nothing but these lines is ever given back, in
    their order; the first part may be empty."""
    kept = _without_notes(lines)
    kept = _without_notes(kept[: _delimiter(kept)])
    return kept, lines[len(kept) :]


def split_warning(lines: list[str]) -> tuple[list[str], list[str]]:
    """A gateway's warning above the message, and the rest."""
    start = next((at for at, line in enumerate(lines) if line.strip()), len(lines))
    end = start
    while end < len(lines) and lines[end].strip() and end - start < LINES_OF_PARAGRAPH:
        end += 1
    text = small(plain(" ".join(lines[start:end])[:600])).lstrip("*⚠️ -_")
    return (lines[:end], lines[end:]) if text.startswith(WARNINGS) else ([], lines)


def _without_notes(lines: list[str]) -> list[str]:
    """Without the empty lines, rules and notes at the end, a paragraph at a time."""
    end, has_notes = len(lines), False
    while end:
        line = lines[end - 1]
        alone = end < 2 or not plain(lines[end - 2])
        if not plain(line) or is_rule(line) or is_mobile_line(line, alone=alone) or _is_programs(line):
            end -= 1
            continue
        if has_notes and _is_title(line):
            end -= 1
            continue
        start = end
        while start and end - start < LINES_OF_PARAGRAPH and plain(lines[start - 1]) and not is_rule(lines[start - 1]):
            start -= 1
        if not (_is_legal(lines[start:end]) or (start and is_rule(lines[start - 1]) and _is_list(lines[start:end]))):
            break
        end, has_notes = start, True
    return lines[:end]


def _delimiter(lines: list[str]) -> int:
    """Where the last signature delimiter stands (RFC 3676, 4.3: "-- "), if it is near the end."""
    for at in range(len(lines) - 1, max(-1, len(lines) - LINES_OF_SIGNATURE - 2), -1):
        if plain(lines[at]) in DELIMITERS:
            return at
    return len(lines)


def is_mobile_line(line: str, *, alone: bool = True) -> bool:
    """'Sent from my …' and the like: short, and says no more. A line that stands below others (not `alone`) must name
    a thing that is nothing else."""
    if len(line) > 240:
        return False
    text = small(plain(line)).strip(" *_-[]<>").partition("<http")[0].partition("(http")[0].strip()
    words = len(text.split())
    if not text or words > MOST_WORDS:
        return False
    if text.startswith("sent from my "):
        return words <= MOST_WORDS_OF_MINE
    is_one = text.startswith((*MOBILE, "sent from ")) or text.rstrip(" .!").endswith(MOBILE_ENDS)
    return is_one and any(thing in text and (alone or thing not in WEAK_THINGS) for thing in MOBILE_THINGS)


def _is_programs(line: str) -> bool:
    text = small(plain(line)).lstrip("*_ []|p")
    return len(text) <= 400 and text.startswith(ADDED_BY_PROGRAMS)


def _is_title(line: str) -> bool:
    return len(line) <= 60 and small(plain(line)).strip(" *_:-") in LEGAL_TITLES


def _is_legal(paragraph: list[str]) -> bool:
    text = small(plain(" ".join(paragraph)[:4000])).lstrip("*_ |[")
    if len(text) < 40:
        return False
    if text.startswith((*LEGAL_HEADINGS, *ADDED_BY_PROGRAMS)):
        return True
    is_note = text.startswith(LEGAL_STARTS) or (
        any(word in text for word in THIS_MAIL) and any(word in text for word in CONFIDENTIAL)
    )
    return is_note and any(word in text for word in ADDRESSEE)


def _is_list(paragraph: list[str]) -> bool:
    text = " ".join(paragraph)[:1000].lower()
    return len(paragraph) <= 8 and any(word in text for word in LIST_FOOTERS)
