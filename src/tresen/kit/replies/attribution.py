"""The line above a quote that says who wrote and when. Over up to four lines, in any order, in many languages."""

from __future__ import annotations

import re

from tresen.kit.replies.lines import LONGEST_LINE, RULES, plain, small
from tresen.kit.replies.words import DAYS, I_MYSELF, ON, QUOTING, SAID, WROTE, YOU_WROTE

LINES_OF_ATTRIBUTION = 4
WORDS_OF_ATTRIBUTION = 14
# Nothing quoted need follow; something quoted must follow.
SURE, LIKELY, NONE = 2, 1, 0
ADDRESS = re.compile(r"[\w.+=-]{1,100}@[\w.-]{3,190}")
CLOCK = re.compile(
    r"(?<![\d.])\d{1,2}\s?[:h時시点點]\s?\d{2}(?!\d)|(?:klo?\.?|um|at|ore|om|à|v|,)\s\d{1,2}\.\d{2}(?![\d.])|\d{1,2}\s?[ap]m\b"
)
MONTH = r"[^\W\d]{3,12}"
DATED = re.compile(
    r"\d{4}\s?[-/.年년]\s?\d{1,2}|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}"
    rf"|\d{{1,2}}(?:\.|th|st|nd|rd|er|º)?[\s-](?:de\s)?{MONTH}\.?,?[\s-](?:de[l]?\s)?'?\d{{2,4}}"
    rf"|[^\W\d]{{3}}\.?[\s-]\d{{1,2}}(?:st|nd|rd|th)?,?\s\d{{4}}|\d{{4}}\.?\s{MONTH}\.?\s\d{{1,2}}|tháng \d"
)
DIGIT = re.compile(r"\d")
# The older form of a large provider, in every language: date, name and address, a colon.
DATE_NAME = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}\D|\d{4}年\d{1,2}月\d{1,2}日|\d{1,2}[.-]\d{1,2}[.-]\d{4}[ ,]")
ADDRESS_AT_END = re.compile(r"[\w.-]{2,190}\s{0,2}[>)\]]{1,3}\s?(?:\)|님이 작성)?$")
# Where one may begin behind new text on the same line.
INSIDE = re.compile(r"[\s-](?=(?:On|Am|W dniu|Dnia|Le|El|Il|Op|Em|Den|Dne)\s\S)")
ENDS_SENTENCE = re.compile(r"[^\W\d]{4}[.!?]$")
COLONS = (":", "：")


def attribution_at(lines: list[str], at: int) -> tuple[int, int]:
    """How many lines from here are an 'On … wrote:' line (0: none), and whether it is SURE even without quoted lines
    below it, or only LIKELY."""
    first = plain(lines[at])
    if not first or len(first) > LONGEST_LINE:
        return 0, NONE
    text = _unfenced(first)
    strength = NONE
    if _ends(text, first):
        if not _begins_like_one(text) and attribution_inside(first):
            return 0, NONE
        strength = _judge(small(text), fenced=text is not first, alone=_stands_alone(lines, at))
        if strength and text.endswith(COLONS):
            return 1, strength
    length, over = _over_lines(lines, at, text)
    return (length, over) if over >= strength and over else (int(bool(strength)), strength)


def is_dated(text: str) -> bool:
    """Whether a day stands in it. Most lines have no digit and are done with at once."""
    return DIGIT.search(text) is not None and DATED.search(text) is not None


def runs_on(line: str) -> bool:
    """Whether a line begins with an attribution and goes on with the earlier mail: what some telephones send."""
    text = plain(line[:LONGEST_LINE])
    if "@" not in text or not _begins_like_one(text):
        return False
    for colon in COLONS:
        head, found, rest = text.partition(f"{colon} ")
        while found and len(head) < LONGEST_LINE // 2:
            if small(head.rstrip()).endswith(WROTE) and _judge_plain(f"{head}:") == SURE:
                return True
            more, found, rest = rest.partition(f"{colon} ")
            head = f"{head}{colon} {more}"
    return False


def between_arrows(line: str) -> bool:
    """`>>> Nele Brandt <nele@desk.example> 02.03.2026 10:11 >>>`"""
    text = plain(line)
    if not (text.startswith(">>>") and text.endswith(">>>")) or len(text) > LONGEST_LINE:
        return False
    return is_dated(small(text)) and CLOCK.search(small(text)) is not None


def attribution_inside(line: str) -> int:
    """Where in a line such an attribution begins behind new text; 0 when there is none."""
    text = line.rstrip()
    if len(text) > LONGEST_LINE or not text.endswith(COLONS) or "@" not in text:
        return 0
    for found in INSIDE.finditer(text):
        rest = text[found.end() :]
        if _judge_plain(rest) == SURE:
            return found.start() + 1
    return 0


def _over_lines(lines: list[str], at: int, joined: str) -> tuple[int, int]:
    begins, dated = _begins_like_one(joined), is_dated(joined)
    says_who = "@" in joined or "<" in joined or joined.lower().endswith(WROTE)
    if not (begins or dated or says_who or "@" in "".join(lines[at + 1 : at + 2])[:LONGEST_LINE]):
        return 0, NONE
    for length in range(2, LINES_OF_ATTRIBUTION + 1):
        if at + length > len(lines) or (joined[-1] in ".!?" and ENDS_SENTENCE.search(joined)):
            break
        line = plain(lines[at + length - 1])
        is_open = joined.rfind("<") > joined.rfind(">")
        if (
            not line
            or len(joined) + len(line) > LONGEST_LINE
            or line.startswith(("<http", "> "[: 2 if is_open else 1]))
        ):
            break
        is_day = is_dated(line)
        if is_day and _begins_like_one(line) and not (dated or "@" in joined or joined.lower().endswith(WROTE)):
            break  # a line of its own; what stands above it is a sentence
        if not (begins or dated or says_who or line[0] == "<") and _ends(line, line) and _judge_plain(line):
            break  # the same: a name may stand above it, but of him who answers
        dated = dated or is_day
        joined = f"{joined} {line}"
        if _ends(joined, joined):
            strength = _judge(small(joined), fenced=False, alone=_stands_alone(lines, at))
            return (length, strength) if begins or dated or "@" in joined else (0, NONE)
    return 0, NONE


def _unfenced(text: str) -> str:
    """`---- On Monday, Anna wrote ----` without its dashes; the very same text when there are none."""
    bare = text.strip(RULES + " |[]#").rstrip("<")
    return bare if text[0] in RULES + "[|#" and bare else text


def _ends(text: str, written: str) -> bool:
    """Whether a line ends as such lines do: with a colon; with the word itself."""
    bare = text.rstrip(RULES + " >*")
    if bare.endswith(COLONS):
        return True
    lowered = bare[-24:].lower()
    ends_with_address = bare.endswith((">", ")")) or written.rstrip().endswith(">")
    return lowered.endswith(WROTE) or (ends_with_address and DATE_NAME.match(text) is not None)


def _begins_like_one(text: str) -> bool:
    lowered = text[:40].lower().lstrip(" *[>\"'")
    return lowered.startswith((*ON, *QUOTING)) or DATE_NAME.match(lowered) is not None


def _stands_alone(lines: list[str], at: int) -> bool:
    """An empty line above, or nothing."""
    return at == 0 or not plain(lines[at - 1])


def _judge_plain(line: str) -> int:
    return _judge(small(line), fenced=False, alone=False)


def _judge(text: str, *, fenced: bool, alone: bool) -> int:
    has_address, has_clock = ADDRESS.search(text) is not None, CLOCK.search(text) is not None
    has_date = is_dated(text)
    begins = _begins_like_one(text)
    body = text.rstrip(" :：" + RULES)
    says_wrote = any(word in text for word in WROTE)
    words = body.replace(",", " ").split()
    if len(words) > 40:
        return NONE
    if says_wrote and not I_MYSELF.isdisjoint(words) and not has_address:
        return LIKELY
    if says_wrote:
        has_time = has_clock and has_date
        if fenced or (has_address and (has_date or has_clock)) or (begins and (has_address or has_time)):
            return SURE
        if begins and has_date and alone and len(words) <= WORDS_OF_ATTRIBUTION:
            return SURE
        if has_address or has_date or has_clock or body.endswith(WROTE):
            return LIKELY
    if has_address and (has_date or has_clock):
        at_end = ADDRESS_AT_END.search(body) is not None
        if (at_end or begins) and (has_clock or DATE_NAME.match(text)):
            return SURE
        return LIKELY
    return LIKELY if _says_who_and_when(body) or (begins and has_date and has_clock) else NONE


def _says_who_and_when(body: str) -> bool:
    """Whether a line that tells no exact time still names a writer and a day ("Am Montag schrieb Anna"). It decides
    nothing alone: quoted lines must follow."""
    if body in YOU_WROTE or body.startswith(QUOTING):
        return True
    said = [word.strip(" ,.;*<>") for word in body.split()[: WORDS_OF_ATTRIBUTION + 1]]
    return len(said) <= WORDS_OF_ATTRIBUTION and not SAID.isdisjoint(said) and not DAYS.isdisjoint(said)
