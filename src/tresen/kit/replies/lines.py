"""What a single line, or a few together, say about a quote. Plain string operations over short lines only."""

from __future__ import annotations

import re

from tresen.kit.replies.words import (
    DATE_LABELS,
    DAYS,
    FORWARDED,
    FROM_LABELS,
    MARKER_STARTS,
    MOBILE,
    ON,
    ORIGINAL,
    OTHER_LABELS,
    QUOTING,
    SAID,
    WROTE,
    YOU_WROTE,
)

LONGEST_LINE = 400
LINES_OF_ATTRIBUTION = 4
WORDS_OF_ATTRIBUTION = 14
EDGES = " \t\u00a0-–—_*=>#~+.:|[]"
CLOCK = re.compile(r"\d{1,2}\s?[:.h]\s?\d{2}")
DATED = re.compile(r"\d{1,4}[-/.年]\s?\d{1,2}|\d{1,2}\.?\s\w{3,12}\.?,?\s\d{4}|\w{3,12}\s\d{1,2},?\s\d{4}")
ADDRESS = re.compile(r"<?[\w.+-]{1,64}@[\w.-]{3,190}>?")
# The older form of a large provider, in every language: date, name and address, a colon.
DATE_NAME = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}\D")


def is_original(line: str) -> bool:
    """`-----Original Message-----` and its kin."""
    return _between_rules(line) in ORIGINAL


def is_forward(line: str) -> bool:
    """The line above a forwarded mail."""
    return len(line) <= LONGEST_LINE and _bare(line) in FORWARDED


def is_own_marker(line: str) -> bool:
    """Our own 'write above this line'."""
    return len(line) <= LONGEST_LINE and line.strip(" \t>*").lower().startswith(MARKER_STARTS)


def is_mobile_line(line: str) -> bool:
    """'Sent from my …' and the like: short, and begins so."""
    return len(line) <= 120 and line.strip(" \t*_-").lower().startswith(MOBILE)


def _bare(line: str) -> str:
    return line.strip(EDGES).lower()


def _between_rules(line: str) -> str:
    """The words of a line that is fenced by dashes or the like on both sides; "" for an ordinary one."""
    text = line.strip()
    if len(text) > LONGEST_LINE or len(text) < 6 or text[0] not in "-–—_*=" or text[-1] not in "-–—_*=:":
        return ""
    return _bare(text)


def header_block_at(lines: list[str], at: int) -> bool:
    """Whether an Outlook header begins here: a From line, and among the next seven lines a date and two other
    labels."""
    if _label(lines[at]) not in FROM_LABELS:
        return False
    labels = [_label(line) for line in lines[at + 1 : at + 8]]
    return any(label in DATE_LABELS for label in labels) and sum(label in OTHER_LABELS for label in labels) >= 2


def _label(line: str) -> str:
    """`*From:* Anna` → `from`; "" for a line without a short label."""
    head = line[:40].lstrip(" \t\u00a0*|")
    end = min((i for i in (head.find(":"), head.find("："), head.find("|")) if i > 0), default=-1)
    return head[:end].strip(" *\u00a0\t").lower() if end > 0 else ""


def attribution_at(lines: list[str], at: int) -> tuple[int, bool]:
    """How many lines from here are an 'On … wrote:' line (0: none), and whether it is sure even without quoted lines
    below it (it names a time or an address)."""
    if not lines[at].strip() or len(lines[at]) > LONGEST_LINE:
        return 0, False
    starts_so = _starts_like_one(lines[at])
    joined = ""
    for length in range(1, LINES_OF_ATTRIBUTION + 1):
        if at + length > len(lines):
            break
        line = lines[at + length - 1]
        if length > 1 and (not starts_so or not line.strip() or len(line) > LONGEST_LINE):
            break
        joined = f"{joined} {line.strip()}" if joined else line.strip()
        if joined.endswith((":", "：")):
            return _judge(joined, length, starts_so)
    return 0, False


def _starts_like_one(line: str) -> bool:
    text = line.strip(" \t*\u00a0").lower()
    return text.startswith(ON) or DATE_NAME.match(text) is not None


def _judge(joined: str, length: int, starts_so: bool) -> tuple[int, bool]:
    text = joined.lower()
    has_address, has_clock = ADDRESS.search(text) is not None, CLOCK.search(text) is not None
    has_date = DATED.search(text) is not None
    body = text.rstrip(" :：\u00a0")
    says_wrote = any(word in text for word in WROTE)
    has_time = has_clock and has_date
    if says_wrote and (has_address or has_date or has_clock or body.endswith(WROTE)):
        return length, (starts_so and (has_address or has_time)) or (has_address and has_time)
    if starts_so and has_address and (has_time or DATE_NAME.match(text)):
        return length, True
    return (length, False) if _says_who_and_when(body) else (0, False)


def _says_who_and_when(body: str) -> bool:
    """Whether a line that tells no exact time still names a writer and a day ("Am Montag schrieb Anna"). It decides
    nothing alone: quoted lines must follow."""
    if body in YOU_WROTE or body.startswith(QUOTING):
        return True
    said = [word.strip(" ,.;\u00a0*<>") for word in body.split()[: WORDS_OF_ATTRIBUTION + 1]]
    return len(said) <= WORDS_OF_ATTRIBUTION and not SAID.isdisjoint(said) and not DAYS.isdisjoint(said)
