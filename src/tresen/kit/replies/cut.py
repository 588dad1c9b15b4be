"""Cutting a reply: one pass over the lines, each looked at with at most a few lines after it.

When in doubt more is shown: a quote that stands between answers takes nothing away but itself, a forwarded mail is
kept,
and when nothing would be left the whole text is the reply.
"""

from __future__ import annotations

from dataclasses import dataclass

from tresen.kit.html.as_text import TAIL, to_text
from tresen.kit.html.shape import HtmlTooHard
from tresen.kit.replies.lines import (
    attribution_at,
    header_block_at,
    is_forward,
    is_mobile_line,
    is_original,
    is_own_marker,
)
from tresen.kit.replies.marks import has_marks, quote_mark

MOST_CHARACTERS = 200_000


@dataclass(frozen=True)
class ReplyParts:
    """What is new, and what was quoted or signed. Both are for display; the whole text is kept beside them."""

    reply_text: str
    quoted_text: str


def cut_reply(text: str, html: str | None = None) -> ReplyParts:
    """The new part of a mail. `text` is all its visible text, `html` its HTML part as sent.

    HTML marks are the surest sign; without them, or when they leave nothing, the lines of the text decide. Only the
    first 200,000 characters are looked at, and of the rest as many are given as quoted.
    """
    if html is not None and len(html) <= 5 * MOST_CHARACTERS and has_marks(html):
        try:
            marked = to_text(html, quote_mark)
        except HtmlTooHard:
            marked = ""
        if marked:
            parts = _cut(marked)
            if parts is not None and parts.quoted_text:
                return parts
    head, rest = text[:MOST_CHARACTERS], text[MOST_CHARACTERS:]
    parts = _cut(head)
    if parts is None:
        return ReplyParts(text.strip(), "")
    quoted = parts.quoted_text + ("\n" + rest[:MOST_CHARACTERS] if rest else "")
    return ReplyParts(parts.reply_text, quoted)


def _cut(text: str) -> ReplyParts | None:
    """None when nothing new would be left."""
    lines = text.split("\n")
    kept, quoted = _sort(lines)
    kept, signature = _signature(kept)
    reply = _joined(kept)
    if not reply:
        return None
    return ReplyParts(reply, _joined([line for line in (*quoted, *signature) if line != TAIL]))


def _sort(lines: list[str]) -> tuple[list[str], list[str]]:
    """Lines that are new and lines that are quoted."""
    kept: list[str] = []
    quoted: list[str] = []
    at, forwarded = 0, False
    while at < len(lines):
        line = lines[at]
        if line.lstrip().startswith(">"):
            quoted.append(line)
            at += 1
            continue
        if is_forward(line):
            forwarded = True
        elif not forwarded and (line == TAIL or is_original(line) or is_own_marker(line) or header_block_at(lines, at)):
            _take_rule(kept, quoted)
            quoted.extend(lines[at:])
            break
        else:
            length, is_sure = attribution_at(lines, at)
            if length and _quote_follows(lines, at + length):
                quoted.extend(lines[at : at + length])
                kept.append("")
                at += length
                continue
            if is_sure and not forwarded and _anything(lines, at + length):
                quoted.extend(lines[at:])
                break
        kept.append(line)
        at += 1
    return kept, quoted


def _take_rule(kept: list[str], quoted: list[str]) -> None:
    """The line of underscores or dashes above an Outlook header belongs to it."""
    while kept and not kept[-1].strip(" _-–—*\u00a0"):
        quoted.append(kept.pop())


def _quote_follows(lines: list[str], at: int) -> bool:
    """Whether the next line with text is quoted; looks at three."""
    for line in lines[at : at + 3]:
        if line.strip():
            return line.lstrip().startswith(">")
    return False


def _anything(lines: list[str], at: int) -> bool:
    return any(line.strip() for line in lines[at : at + 4])


def _signature(kept: list[str]) -> tuple[list[str], list[str]]:
    """Cuts at the last signature delimiter (RFC 3676, 4.3: "-- ") that has at most 25 lines below it, and telephones'
    lines at the end."""
    signature: list[str] = []
    for at in range(len(kept) - 1, max(-1, len(kept) - 27), -1):
        if kept[at].rstrip(" \u00a0") == "--" and _joined(kept[:at]):
            signature = kept[at:]
            kept = kept[:at]
            break
    while kept and (not kept[-1].strip() or is_mobile_line(kept[-1])):
        signature.insert(0, kept.pop())
        if not kept:  # nothing but that line: then it is the message
            return signature, []
    return kept, signature


def _joined(lines: list[str]) -> str:
    """The lines as text, no more than one empty line in a row."""
    out: list[str] = []
    for line in lines:
        line = line.rstrip()
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join(out).strip()
