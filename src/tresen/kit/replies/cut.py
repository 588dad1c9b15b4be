"""Cutting a reply: one pass over the lines, each looked at with at most a few lines after it.

When in doubt more is shown: a quote that stands between answers takes nothing away but itself, a forwarded mail is
kept, and when nothing would be left the whole text is the reply.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tresen.kit.html.as_text import OWN_SIGNS, SIGNED, TAIL, to_text
from tresen.kit.html.shape import HtmlTooHard
from tresen.kit.replies.attribution import SURE, attribution_at, attribution_inside, between_arrows, runs_on
from tresen.kit.replies.endings import split_ending, split_warning
from tresen.kit.replies.headers import header_block_at
from tresen.kit.replies.lines import (
    is_forward,
    is_original,
    is_own_marker,
    is_quoted,
    is_rule,
    plain,
    points_below,
    unquoted,
)
from tresen.kit.replies.marks import QuoteMarks, has_marks

MOST_CHARACTERS = 200_000
# A longer element that calls itself a signature holds a message.
LINES_OF_SIGNATURE = 40
# From this length on a quoted line may have been broken by a program that forgot to quote its rest.
BROKEN_FROM = 70


@dataclass(frozen=True)
class ReplyParts:
    """What is new, and what was quoted or signed. Both are for display; the whole text is kept beside them."""

    reply_text: str
    quoted_text: str


@dataclass
class _Sorted:
    """The pieces that are new, each without a quote in it, and all other lines."""

    pieces: list[list[str]] = field(default_factory=lambda: [[]])
    quoted: list[str] = field(default_factory=list)
    is_whole: bool = False

    def keep(self, line: str) -> None:
        self.pieces[-1].append(line)

    def quote(self, lines: list[str]) -> None:
        self.quoted.extend(lines)
        if self.pieces[-1]:
            self.pieces.append([])

    def keep_all(self, lines: list[str]) -> None:
        """Earlier mail that is what the message is about."""
        self.pieces.append([line for line in lines if line != TAIL])
        self.is_whole = True

    def take_rule(self) -> None:
        """The line of underscores or dashes above a quote, and a lone 'Original message', belong to it."""
        kept = self.pieces[-1]
        while kept and (not plain(kept[-1]) or is_rule(kept[-1]) or is_original(f"--{kept[-1]}--")):
            self.quoted.append(kept.pop())


def cut_reply(text: str, html: str | None = None, *, is_forward: bool = False) -> ReplyParts:
    """The new part of a mail. `text` is all its visible text, `html` its HTML part as sent; what it forwards is no
    history when its subject says that it forwards (`is_forward`).

    HTML marks are the surest sign; without them, or when they leave nothing, the lines of the text decide, and where
    these tell nothing the lines of the HTML. Only the first 200,000 characters are looked at, and of the rest as many
    are given as quoted.
    """
    if is_forward:
        return ReplyParts(text.strip(), "")
    if html is not None and len(html) > 5 * MOST_CHARACTERS:
        html = None
    marked = html is not None and has_marks(html)
    return (
        (_cut_html(html) if html is not None and marked else None)
        or _cut_capped(OWN_SIGNS.sub("", text))
        or (_cut_html(html) if html is not None and not marked else None)
        or ReplyParts(text.strip(), "")
    )


def split_quote(text: str, reply_text: str) -> tuple[str, str]:
    """What is shown of a message, and what behind it is one click away ("" when there is nothing more).

    Where the new part is not the beginning of the text, that is all of the text. Line breaks and blanks make no
    difference between the two.
    """
    whole, words = text.strip(), reply_text.split()
    parts = whole.split(None, len(words))
    if not words or (len(parts) == len(words) and parts == words):
        return whole, ""
    return reply_text.strip(), parts[len(words)] if parts[: len(words)] == words else whole


def _cut_html(html: str) -> ReplyParts | None:
    """By the marks in it and its lines; None when they tell nothing."""
    try:
        return _cut_capped(to_text(html, QuoteMarks()))
    except HtmlTooHard:
        return None


def _cut_capped(text: str) -> ReplyParts | None:
    """By its lines, as far as they are looked at; None when they tell nothing."""
    head, rest = text[:MOST_CHARACTERS], text[MOST_CHARACTERS : 2 * MOST_CHARACTERS]
    parts = _cut(head)
    if parts is None or not parts.quoted_text:
        return None
    return ReplyParts(parts.reply_text, f"{parts.quoted_text}\n{rest}" if rest else parts.quoted_text)


def _cut(text: str) -> ReplyParts | None:
    """None when nothing new would be left."""
    lines, signed = _unsigned(text.split("\n"))
    found = _sort(lines)
    if found.is_whole and signed:  # its signature is part of what is forwarded
        found, signed = _sort([line.lstrip(SIGNED) for line in text.split("\n")]), []
    kept: list[str] = []
    cut_off, found.pieces[0] = split_warning(found.pieces[0])
    for piece in found.pieces:
        new, ending = (piece, []) if found.is_whole else split_ending(piece)
        kept += [*new, ""]
        cut_off += ending
    reply = _joined(kept)
    other = [line for line in (*found.quoted, *cut_off, *signed) if line != TAIL]
    return ReplyParts(reply, _joined(other)) if reply else None


def _unsigned(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines without those that the HTML marks as a signature, and these."""
    signed = [line for line in lines if line.startswith(SIGNED)]
    if not signed or sum(1 for line in signed if line.strip(SIGNED + " ")) > LINES_OF_SIGNATURE:
        return [line.lstrip(SIGNED) for line in lines], []
    kept = [line for line in lines if not line.startswith(SIGNED)]
    return kept, [line.lstrip(SIGNED) for line in signed]


def _sort(lines: list[str]) -> _Sorted:
    """Lines that are new and lines that are quoted."""
    found = _Sorted()
    at = 0
    while at < len(lines):
        line = lines[at]
        if is_forward(line) and not (at and is_quoted(lines[at - 1])):
            found.keep_all(lines[at:])
            return found
        length, is_tail = _quote_at(lines, at)
        if not length:
            inside = attribution_inside(line) if _quote_follows(lines, at + 1) else 0
            found.keep(line[:inside].rstrip("- ") if inside else line)
            found.quoted += [line[inside:]] if inside else []
            at += 1
            continue
        if is_tail and points_below(line for piece in found.pieces for line in piece):
            found.keep_all(lines[at:])
            return found
        if is_tail:
            found.take_rule()
            found.quote(lines[at:])
            return found
        found.quote(lines[at : at + length])
        at += length
    return found


def _quote_at(lines: list[str], at: int) -> tuple[int, bool]:
    """How many lines from here are quoted (0: none), and whether all below them are."""
    line = lines[at]
    if is_quoted(line):
        if (at == 0 or not is_quoted(lines[at - 1])) and _announces(lines, at):
            return 1, True
        return (0, False) if _closes_link(lines, at) else (1 + _broken_rest(lines, at), False)
    if line == TAIL or is_own_marker(line):
        return 1, True
    if is_original(line):
        return _unless_answered_below(lines, at, 1 + _next_block(lines, at + 1))
    block = header_block_at(lines, at)
    if block:
        return _unless_answered_below(lines, at, block)
    length, strength = attribution_at(lines, at)
    if length and _quote_follows(lines, at + length):
        return length, False
    if length and strength == SURE and _anything(lines, at + length):
        return length, True
    return (1, True) if runs_on(line) else (0, False)


def _announces(lines: list[str], at: int) -> bool:
    """Whether arrows stand before the line above an earlier mail, whose own lines have none."""
    if not lines[at].startswith(">>>"):
        return False
    if between_arrows(lines[at]):
        return not _quote_follows(lines, at + 1)
    length, strength = attribution_at([unquoted(lines[at]), *lines[at + 1 : at + 4]], 0)
    return strength == SURE and not _quote_follows(lines, at + length)


def _next_block(lines: list[str], at: int) -> int:
    """The header block that follows within two lines, with those."""
    for skipped in range(2):
        if at + skipped < len(lines) and (block := header_block_at(lines, at + skipped)):
            return skipped + block
    return 0


def _unless_answered_below(lines: list[str], at: int, length: int) -> tuple[int, bool]:
    """Below a header everything is the earlier mail, unless its lines are quoted one by one: then answers may stand
    between them."""
    return length, not _quote_follows(lines, at + length)


def _closes_link(lines: list[str], at: int) -> bool:
    """`<https://…` on the line above, and this one only begins with its closing bracket."""
    return at > 0 and not is_quoted(lines[at - 1]) and _leaves_open(lines[at - 1], "<>")


def _leaves_open(line: str, brackets: str) -> bool:
    """Whether a link in brackets begins in the line and does not end there."""
    opened = line.rfind(brackets[0])
    begins = line[opened + 1 : opened + 8].lower().startswith(("http", "mailto"))
    return opened >= 0 and begins and brackets[1] not in line[opened:]


def _broken_rest(lines: list[str], at: int) -> int:
    """1 when the next line is the end of this quoted one, broken off by a program that did not quote it."""
    if at + 2 >= len(lines) or not is_quoted(lines[at + 2]):
        return 0
    here, rest = lines[at].rstrip(), plain(lines[at + 1])
    if not rest or is_quoted(rest):
        return 0
    if _leaves_open(here, "()") or _leaves_open(here, "<>"):
        return 1
    return int(len(here) >= BROKEN_FROM and rest[0].islower() and here[-1] not in ".!?:")


def _quote_follows(lines: list[str], at: int) -> bool:
    """Whether the next line with text is quoted; looks at four."""
    for line in lines[at : at + 4]:
        if plain(line):
            return is_quoted(line)
    return False


def _anything(lines: list[str], at: int) -> bool:
    return any(plain(unquoted(line)) for line in lines[at : at + 6])


def _joined(lines: list[str]) -> str:
    """The lines as text, no more than one empty line in a row."""
    out: list[str] = []
    for line in lines:
        line = line.rstrip()
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join(out).strip()
