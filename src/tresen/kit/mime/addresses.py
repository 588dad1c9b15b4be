"""Address lists (RFC 5322, 3.4) as people and programs write them.

One pass over the characters, no backtracking. The grammar is read before encoded words are decoded, so that no decoded
text can become an address. What is ambiguous has no address: better none than another person's (CVE-2023-27043).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tresen.kit.mime.headers import decode_words
from tresen.kit.mime.limits import LIMITS

MOST_ADDRESSES = 2000
ATOMS = re.compile(r"[^\s\"(),:;<>@\[\]\\\x00-\x1f\x7f\ufffd]{1,128}")
QUOTED_LOCAL = re.compile(r'"(?:[^"\\\r\n\x00\ufffd]|\\[^\r\n\x00])*"')
LABEL = r"[^\s\"(),:;<>@\[\]\\.!/\x00-\x1f\x7f\ufffd]{1,63}"
DOMAIN = re.compile(rf"(?:{LABEL}\.)*{LABEL}\.?")
LITERAL = re.compile(r"\[[0-9A-Za-z:.]{3,60}\]")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
BLANKS = re.compile(r"\s+")
COMMENT = re.compile(r"\([^()]*\)")
SPLIT_QUOTED = re.compile(r'"[^"]*"(?=\s|\Z)|\S+')
QUOTED = re.compile(r'"[^"]*"(?=\s|\Z)')
# What programs put in where a list of recipients was left out.
NOBODY = re.compile(r"undisclosed[-_ ]recipients?[:;.\s]*|(?:no )?to-header .*|unlisted-recipients.*", re.IGNORECASE)


@dataclass(frozen=True)
class Address:
    """A display name and an addr-spec; either may be empty. The address is as written, only freed of blanks."""

    name: str
    address: str


@dataclass
class _Piece:
    """What lies between two separators: words outside brackets, what stood in angle brackets, comments."""

    words: list[str] = field(default_factory=list)
    angles: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    after_angle: bool = False
    has_at: bool = False

    def add(self, text: str) -> None:
        """More words."""
        self.words.append(text)
        self.has_at = self.has_at or "@" in text

    def may_be_group(self) -> bool:
        """Whether a colon after these words makes them the name of a group."""
        return not (self.has_at or self.angles or (self.words and self.words[-1].lower().endswith("[mailto")))

    def is_comment(self) -> bool:
        """Whether nothing but a comment stands here."""
        return not (self.angles or "".join(self.words).strip())

    def is_empty(self) -> bool:
        return not (self.angles or self.comments or "".join(self.words).strip())


def parse_addresses(value: str, warnings: list[str] | None = None, *, to_many: bool = False) -> list[Address]:
    """Every entry of an address header. `value` still holds its encoded words. Entries that cannot be read keep their
    text as the name and have no address. `to_many`: a header of recipients, where a comma may have been forgotten."""
    notes = warnings if warnings is not None else []
    found: list[Address] = []
    waiting = ""  # 'Müller, Hans <hans@…>' without quotes: the comma is part of the name
    for piece, separator in _pieces(value):
        address = _spec(piece)
        words = "".join(piece.words)
        if separator == "," and not piece.angles and not piece.comments and "@" not in words and words.strip():
            waiting += words.strip() + ", "
            continue
        several = _run_together(piece) if address is None and to_many else []
        if address is None and not several and (piece.angles != [""] or words.strip()):
            notes.append("address: an entry cannot be read")
        name = _name(piece, waiting if piece.angles else "")
        if waiting and not piece.angles:
            found.append(Address(_clean(waiting.rstrip(", ")), ""))
        waiting = ""
        found.extend(several)
        if address or (not several and name and not NOBODY.fullmatch(name) and not piece.is_comment()):
            found.append(Address(name, address or ""))
        if len(found) >= MOST_ADDRESSES:
            notes.append(f"address: only the first {MOST_ADDRESSES} are read")
            return found
    if waiting:
        found.append(Address(_clean(waiting.rstrip(", ")), ""))
    return found


def _pieces(value: str) -> list[tuple[_Piece, str]]:
    """Splits at commas and semicolons outside quotes, comments and brackets; a group's name and colon are dropped."""
    pieces: list[tuple[_Piece, str]] = []
    piece, at, length, in_group = _Piece(), 0, len(value), False
    while at < length:
        char = value[at]
        if char == '"':
            at, text = _quoted(value, at)
            piece.add(text)
        elif char == "(":
            at, text = _comment(value, at)
            piece.comments.append(text)
        elif char == "<":
            close = _closing(value, at)
            piece.angles.append(value[at + 1 : close])
            at = close + 1
        elif char in ",;":
            pieces.append((piece, char))
            piece, at = _Piece(), at + 1
            in_group = in_group and char == ","
        elif char == ":" and not in_group and piece.may_be_group():
            piece, at, in_group = _Piece(), at + 1, True
        else:
            end = _plain_end(value, at)
            text = value[at:end]
            if piece.angles:
                piece.after_angle = piece.after_angle or "@" in text
                text = "" if not text.strip(" \t>.") else text
            piece.add(text)
            at = end
    pieces.append((piece, ""))
    return [entry for entry in pieces if not entry[0].is_empty()]


PLAIN_END = re.compile(r'["(<,;:]')


def _plain_end(value: str, at: int) -> int:
    found = PLAIN_END.search(value, at + 1)
    return found.start() if found else len(value)


def _quoted(value: str, at: int) -> tuple[int, str]:
    """The end and the text with its quotes. An unclosed quote is an ordinary character, so nothing after it is lost."""
    end, length = at + 1, len(value)
    while end < length and value[end] != '"':
        end += 2 if value[end] == "\\" else 1
    if end >= length:
        return at + 1, " "
    return end + 1, value[at : end + 1]


def _comment(value: str, at: int) -> tuple[int, str]:
    depth, end, length = 0, at, len(value)
    while end < length:
        char = value[end]
        if char == "\\":
            end += 1
        elif char == "(":
            depth += 1
        elif char == ")":
            depth -= 1
            if depth == 0:
                return end + 1, value[at + 1 : end]
        if depth > LIMITS.comments:
            break
        end += 1
    return length, value[at + 1 :]


def _closing(value: str, at: int) -> int:
    """Where the angle bracket closes: quotes inside are respected; unclosed runs to the end."""
    end, length = at + 1, len(value)
    while end < length and value[end] != ">":
        if value[end] == '"':
            end = _quoted(value, end)[0]
        else:
            end += 1
    return min(end, length)


def _spec(piece: _Piece) -> str | None:
    """The addr-spec of an entry; "" when it has none, None when it is broken or ambiguous."""
    if len(piece.angles) > 1:
        filled = [angle for angle in piece.angles if angle.strip()]
        if len(filled) != 1:
            return None
        piece.angles = filled
    if piece.after_angle:
        return None
    if piece.angles:
        angle = COMMENT.sub("", piece.angles[0]).strip().lstrip("<")
        return addr_spec(angle.rpartition(":")[2] if angle.startswith("@") else angle)
    words = "".join(piece.words).strip()
    if "@" not in words:
        return ""
    whole = addr_spec(words)
    if whole:
        return whole
    words = QUOTED.sub(" ", words)
    with_at = [word for word in words.split() if "@" in word]
    return addr_spec(with_at[0].strip("[]'`")) if len(with_at) == 1 and '"' not in words else None


def _run_together(piece: _Piece) -> list[Address]:
    """Several addresses without a comma between them, each whole; [] when any of it is doubtful."""
    if piece.angles and not piece.after_angle:
        found = [addr_spec(angle) for angle in piece.angles]
    else:
        found = [addr_spec(word) for word in "".join(piece.words).split()] if not piece.angles else []
    return [Address("", spec) for spec in found if spec] if len(found) > 1 and all(found) else []


def addr_spec(text: str) -> str | None:
    """`local@domain` when the text is exactly that (blanks around the dots and the @ allowed, RFC 5322 4.4), else
    None."""
    text = INVISIBLE.sub("", text).strip().removeprefix("mailto:").strip().strip("'`")
    if not text or len(text) > 320:
        return None
    if len(text) > 2 and text[0] == text[-1] == '"':  # all of it in quotes
        text = text[1:-1].strip()
    if text.startswith('"'):
        local = QUOTED_LOCAL.match(text)
        if not local or not text[local.end() :].lstrip().startswith("@"):
            return None
        left, right = local[0], text[local.end() :].lstrip()[1:]
    else:
        if text.count("@") != 1:
            return None
        left, right = text.split("@")
        left = re.sub(r"\s*\.\s*", ".", left.strip())
        if not ATOMS.fullmatch(left):
            return None
    right = re.sub(r"\s*\.\s*", ".", right.strip())
    if not (DOMAIN.fullmatch(right) or LITERAL.fullmatch(right)):
        return None
    return f"{left}@{right.rstrip('.')}"


def _is_name(word: str) -> bool:
    return "@" not in word or word.startswith('"')


def _name(piece: _Piece, before: str) -> str:
    if piece.angles:
        text = before + "".join(piece.words)
        return _clean(text) or _clean(" ".join(piece.comments))
    words = "".join(piece.words)
    if "@" in words:
        outside = (
            " ".join(word for word in SPLIT_QUOTED.findall(words) if _is_name(word)) if not addr_spec(words) else ""
        )
        return _clean(outside) or _clean(" ".join(piece.comments)) or ("" if _spec(piece) else _clean(words))
    return _clean(words) or _clean(" ".join(piece.comments))


def _clean(text: str) -> str:
    """Quotes and backslashes off, encoded words decoded, blanks joined."""
    text = BLANKS.sub(" ", text.strip())
    if '"' in text:
        text = re.sub(r"\\(.)", r"\1", text.replace('\\"', "\0").replace('"', "").replace("\0", '"'))
    text = decode_words(text)
    if len(text) > 1 and text[0] == text[-1] == "'":
        text = text[1:-1]
    return BLANKS.sub(" ", text).strip().strip('"').strip()[:300]
