"""The block of From, Sent, To and Subject that mail programs put above the mail they answer."""

from __future__ import annotations

import re
from functools import lru_cache

from tresen.kit.replies.attribution import CLOCK, is_dated
from tresen.kit.replies.header_words import DATE_LABELS, FROM_LABELS, OTHER_LABELS, SUBJECT_LABELS
from tresen.kit.replies.lines import plain, small

LINES_OF_BLOCK = 14
# Lines without a label that may stand between two: a long list of recipients, a subject in two lines.
LINES_BETWEEN = 4
LABELS = FROM_LABELS | DATE_LABELS | OTHER_LABELS
LONGEST_LABEL = max(map(len, LABELS))
IN_ONE_LINE = re.compile(r"(?:^|\s)\*{0,2}([^\W\d_]{2,15})\s?\*{0,2}\s?:")


def header_block_at(lines: list[str], at: int) -> int:
    """How many lines from here are such a block, 0 when none begins here.

    A From line with a date and a subject, the same with an address in it and any other label, or a date with an
    address below it. "From: London, To: Paris, Date: 3 May" is a journey.
    """
    label, value = label_of(lines[at])
    if label not in LABELS:
        return 0
    kinds = [kind for kind in _kinds(label, value) if kind]
    end = at + 1
    missed = 0
    for place in range(at + 1, min(len(lines), at + LINES_OF_BLOCK)):
        label, value = label_of(lines[place])
        if label in LABELS:
            kinds += _kinds(label, value)
            end, missed = place + 1, 0
            continue
        missed += 1
        if missed > LINES_BETWEEN or (missed > 1 and not plain(lines[place - 1]) and not plain(lines[place])):
            break
    return end - at if _is_block(kinds) else _in_one_line(lines[at])


def _kinds(label: str, value: str) -> list[str]:
    """What a labelled line proves."""
    kinds = []
    if label in FROM_LABELS:
        kinds.append("from@" if "@" in value else "from")
    if label in DATE_LABELS:
        kinds.append("date!" if is_dated(value.lower()) or CLOCK.search(value.lower()) else "date")
    if label in SUBJECT_LABELS:
        kinds.append("subject")
    elif label in OTHER_LABELS:
        kinds.append("to@" if "@" in value else "to")
    return kinds


def _is_block(kinds: list[str]) -> bool:
    has = set(kinds)
    has_from, has_to = bool(has & {"from", "from@"}), bool(has & {"to", "to@"})
    has_date, with_address = bool(has & {"date", "date!"}), bool(has & {"from@", "to@"})
    if kinds[0] in ("from", "from@"):
        return (
            (has_date and ("subject" in has or (has_to and with_address)))
            or (with_address and has_to and "subject" in has)
            or (kinds[0] == "from@" and "date!" in has)
        )
    if kinds[0] in ("date", "date!"):
        return (has_from and (has_to or "subject" in has)) or ("date!" in has and with_address)
    return has_from and has_date and with_address | (has_to and "subject" in has)


def _in_one_line(line: str) -> int:
    """1 when a whole block was flattened into one line."""
    label, _ = label_of(line)
    if label not in FROM_LABELS and label not in DATE_LABELS:
        return 0
    labels = {found[1].lower() for found in IN_ONE_LINE.finditer(line[:600])}
    from_and_date = not FROM_LABELS.isdisjoint(labels) and not DATE_LABELS.isdisjoint(labels)
    tells_when = "@" in line[:600] and CLOCK.search(line[:600].lower()) is not None
    return int(from_and_date and (tells_when or not SUBJECT_LABELS.isdisjoint(labels)))


def label_of(line: str) -> tuple[str, str]:
    """`*From:* Anna` → `from` and `Anna`; ("", "") for a line without a short label."""
    return _label_of(line[: LONGEST_LABEL + 200])


@lru_cache(maxsize=512)
def _label_of(line: str) -> tuple[str, str]:
    head = line[: LONGEST_LABEL + 30]
    if ":" not in head and "：" not in head and "|" not in head:
        return "", ""
    text = plain(line).lstrip("*|>_ ")
    ends = [place for place in map(text.find, (":", "：", "|")) if place > 0]
    if not ends:
        return "", ""
    end = min(ends)
    return small(text[:end].strip(" *_")), text[end + 1 :]
