"""What a mail may ask of us (safety.md, default limits), checked on bytes before anything is decoded."""

from __future__ import annotations

import re
from dataclasses import dataclass

ENCODED_WORD = re.compile(rb"=\?[^?\s]{1,80}\?[bBqQ]\?")


class MailUnreadable(Exception):
    """This mail is kept but not read. `code` is one of `too_large`, `headers`, `header`, `comments`,
    `encoded_words`, `depth`, `parts`; `detail` says it in English words."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes, the rest counts."""

    raw: int = 100 * 1024 * 1024
    header_block: int = 256 * 1024
    header: int = 64 * 1024
    comments: int = 20
    encoded_words: int = 1000
    depth: int = 30
    parts: int = 500


LIMITS = Limits()
# Headers whose grammar has nested comments (RFC 5322, 3.2.2); elsewhere a bracket is only a character.
COMMENTED = frozenset({
    "from", "to", "cc", "bcc", "reply-to", "sender", "date", "message-id", "in-reply-to", "references",
})  # fmt: skip


def check_size(raw: bytes, limits: Limits = LIMITS) -> None:
    """Raises MailUnreadable("too_large") for a mail beyond the hard limit."""
    if len(raw) > limits.raw:
        raise MailUnreadable("too_large", f"the mail has {len(raw)} bytes, at most {limits.raw} are read")


def check_block(block: bytes, limits: Limits = LIMITS) -> None:
    """Raises MailUnreadable for a header block that is too large or holds too many encoded words."""
    if len(block) > limits.header_block:
        raise MailUnreadable("headers", f"the headers have {len(block)} bytes, at most {limits.header_block} are read")
    words = block.count(b"=?")
    if words > limits.encoded_words and sum(1 for _ in ENCODED_WORD.finditer(block)) > limits.encoded_words:
        raise MailUnreadable("encoded_words", f"more than {limits.encoded_words} encoded words in the headers")


def check_header(name: str, value: bytes, limits: Limits = LIMITS) -> None:
    """Raises MailUnreadable for one header that is too long or nests its comments too deeply."""
    if len(value) > limits.header:
        raise MailUnreadable(
            "header", f"the header {name[:40]} has {len(value)} bytes, at most {limits.header} are read"
        )
    if name in COMMENTED and value.count(b"(") > limits.comments and comment_depth(value) > limits.comments:
        raise MailUnreadable("comments", f"comments nested more than {limits.comments} deep in {name[:40]}")


def comment_depth(value: bytes) -> int:
    """How deep comments nest, outside quoted strings; one pass."""
    depth = deepest = 0
    quoted = escaped = False
    for byte in value:
        if escaped:
            escaped = False
        elif byte == 0x5C:  # backslash
            escaped = True
        elif byte == 0x22 and not depth:
            quoted = not quoted
        elif quoted:
            continue
        elif byte == 0x28:
            depth += 1
            deepest = max(deepest, depth)
        elif byte == 0x29 and depth:
            depth -= 1
    return deepest
