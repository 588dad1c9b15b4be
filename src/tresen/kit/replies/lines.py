"""What a single line says about a quote. Plain string operations over short lines only."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tresen.kit.replies.words import ABOVE_THIS_LINE, ANSWERS, FORWARD_SUBJECTS, FORWARDED, ORIGINAL, POINTS_BELOW

LONGEST_LINE = 400
LONGEST_POINTER, SHORT_POINTER = 400, 60
QUOTE_SIGNS = (">", "＞")
RULES = "-–—_*=~─━"
EDGES = RULES + " \t>#+.:：|[]()<"
FENCED = re.compile(r"[-_=*]{3,40}([^-_=*]{5,60})[-_=*]{3,40}")
# Signs that are not seen (direction marks, joiners, byte order marks) and blanks that are not U+0020.
UNSEEN = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0xFEFF])
BLANKS = dict.fromkeys([0x09, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
PLAIN = {**UNSEEN, **BLANKS}
# Looking whether there is any of them is far faster than replacing none.
NOT_PLAIN = re.compile("[" + "".join(map(chr, PLAIN)) + "]")


def plain(line: str) -> str:
    """The line without invisible signs, with ordinary blanks, without blanks around it."""
    return (line.translate(PLAIN) if NOT_PLAIN.search(line) else line).strip()


def small(text: str) -> str:
    """In small letters; the Turkish capital I with a dot becomes an i like any other."""
    return text.lower().replace("i\u0307", "i")


def is_quoted(line: str) -> bool:
    """Whether the line begins with a sign of quotation. `>>> look here <<<` is an ornament."""
    text = line.lstrip()
    return text.startswith(QUOTE_SIGNS) and not text.rstrip().endswith("<<<")


def unquoted(line: str) -> str:
    """The line without its signs of quotation."""
    return line.lstrip(" \t>＞")


def is_rule(line: str) -> bool:
    """A line of dashes or the like, and nothing else."""
    text = plain(line)
    return len(text) >= 2 and not text.strip(RULES + " ")


def is_original(line: str) -> bool:
    """`-----Original Message-----` and its kin, `----- Original message from Anna -----` too."""
    fenced = fenced_text(line)
    return bool(fenced) and (fenced in ORIGINAL or _begins_original(fenced))


def _begins_original(fenced: str) -> bool:
    """The same with a name or a date behind it."""
    for words in (2, 3, 4):
        begin = " ".join(fenced.split(" ")[:words])
        if begin != fenced and " " in begin and begin in ORIGINAL:
            return True
    return False


def is_forward(line: str) -> bool:
    """The line above a forwarded mail."""
    if len(line) > LONGEST_LINE:
        return False
    text = plain(line)
    bare = small(text.strip(EDGES))
    return bare in FORWARDED or (text[:2] in ("--", "==", "__", "**") and _begins_forward(bare))


def _begins_forward(bare: str) -> bool:
    words = bare.split(" ")
    return any(" ".join(words[:count]) in FORWARDED for count in (2, 3))


def is_forward_subject(subject: str, text: str = "") -> bool:
    """Whether a subject says that the mail forwards another: `Fwd: …`, `WG: …`, `PD: …`, `TR : …`. `VS:` does so in
    Danish and Norwegian; in Finnish it answers."""
    head, colon, _ = small(subject).lstrip().replace("：", ":").partition(":")
    word = head.strip(" []")
    return bool(colon) and word in FORWARD_SUBJECTS and not (word == "vs" and "lähettäjä" in small(text))


def points_below(lines: Iterable[str]) -> bool:
    """Whether few words say that the answers stand in the earlier mail: 'see my answers below in red'."""
    text = " ".join(lines)
    if len(text) > LONGEST_POINTER:
        return False
    said = small(text)
    speaks_of_answers = len(text) <= SHORT_POINTER or any(word in said for word in ANSWERS)
    return speaks_of_answers and any(words in said for words in POINTS_BELOW)


def is_own_marker(line: str) -> bool:
    """'Please reply above this line', ours or another desk's: the phrase in a line that is fenced or says little
    else."""
    if len(line) > LONGEST_LINE:
        return False
    text = small(plain(line))
    if not any(phrase in text for phrase in ABOVE_THIS_LINE):
        return False
    return (text[0] in RULES + "#>([" and text[-1] in RULES + "#<)].") or len(text) <= 90


def fenced_text(line: str) -> str:
    """The words of a line that is fenced by dashes or the like on both sides; "" for an ordinary one."""
    text = plain(line)
    if len(text) > LONGEST_LINE or len(text) < 6 or text[0] not in RULES + "[":
        return ""
    if found := FENCED.match(text):  # whatever stands behind it
        return small(found[1].replace("&nbsp;", " ").strip(EDGES))
    if text[-1] not in RULES + ":]：":
        return ""
    return re.sub(" {2,}", " ", small(text.strip(EDGES)))
