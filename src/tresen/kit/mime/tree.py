"""The parts of a mail as offsets into its bytes: nothing is copied or decoded before it is wanted.

Own structure reader, so that the limits are checked by the very code that reads (no second parser that sees other parts
than the first), and time is linear in the bytes at each level.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property

from tresen.kit.mime.headers import Header, decode_header, first, split_block
from tresen.kit.mime.limits import LIMITS, Limits, MailUnreadable
from tresen.kit.mime.params import is_type, parse_parameters
from tresen.kit.mime.transfer import decode_body, transfer_encoding

# The last part of an address, when it looks like a file's name.
NAMED = re.compile(r"[^/\\?#=]{1,120}\.[A-Za-z][A-Za-z0-9]{1,4}\Z")
BLANKS = re.compile(r"\s+")
ANY_BOUNDARY = re.compile(rb"(?:\A|(?<=\n))--([^\r\n]{1,70}?)[ \t]*\r?\n(?=[Cc]ontent-)")


@dataclass
class Part:
    """One MIME part: its headers and where its body lies in `raw`."""

    raw: bytes
    headers: list[Header]
    start: int
    end: int
    depth: int = 0
    default_type: str = "text/plain"
    children: list[Part] = field(default_factory=list)

    @cached_property
    def _content_type(self) -> tuple[str, dict[str, str]]:
        return parse_parameters(first(self.headers, "content-type"))

    @cached_property
    def _disposition(self) -> tuple[str, dict[str, str]]:
        return parse_parameters(first(self.headers, "content-disposition"))

    @cached_property
    def content_type(self) -> str:
        """`type/subtype`, lower case; what programs abbreviate or garble becomes what they meant."""
        said = self._content_type[0]
        if said in ("text", "html", "plain"):
            return {"html": "text/html"}.get(said, "text/plain")
        if not said:
            return self.default_type
        return said if is_type(said) else "application/octet-stream"

    @property
    def says_type(self) -> bool:
        """Whether the part says what it is."""
        return bool(self._content_type[0])

    @property
    def charset(self) -> str | None:
        """The declared charset as it stands, or None."""
        return self._content_type[1].get("charset")

    def parameter(self, name: str) -> str:
        """A parameter of the Content-Type, "" when absent."""
        return self._content_type[1].get(name, "")

    @property
    def disposition(self) -> str:
        """`attachment`, `inline`, another word, or "" when none is given."""
        return self._disposition[0]

    @property
    def filename(self) -> str:
        """The name given for the part, "" when none is. A file without one may tell it by where it lies."""
        given = self._disposition[1].get("filename") or self._content_type[1].get("name")
        if not given and self.disposition == "attachment":
            given = self._disposition[1].get("name") or self._content_type[1].get("filename")
        if given or self.content_type.startswith(("text/", "multipart/", "message/")):
            return given or ""
        found = NAMED.search(self.location) or NAMED.match(self.content_id.partition("@")[0])
        return found[0] if found else ""

    @property
    def location(self) -> str:
        """The Content-Location (RFC 2557) without its folding, "" when absent."""
        value = first(self.headers, "content-location") or b""
        return BLANKS.sub("", decode_header(value))[:500]

    @property
    def content_id(self) -> str:
        """The Content-ID without its angle brackets, "" when absent."""
        value = first(self.headers, "content-id") or b""
        return value.decode("utf-8", "replace").strip().strip("<>").strip()[:200]

    @property
    def encoding(self) -> str:
        """The transfer encoding's name."""
        return transfer_encoding(first(self.headers, "content-transfer-encoding"))

    def data(self, warnings: list[str]) -> bytes:
        """The decoded bytes of the part."""
        is_text = self.content_type.startswith("text/")
        return decode_body(self.raw[self.start : self.end], self.encoding, is_text=is_text, warnings=warnings)


@dataclass
class _Count:
    parts: int = 0


def part_tree(raw: bytes, warnings: list[str], limits: Limits = LIMITS) -> Part:
    """The tree of parts. Raises MailUnreadable when it is deeper or larger than the limits, or a header block is."""
    count = _Count(1)
    headers, body = split_block(raw, 0, len(raw), warnings, limits)
    root = Part(raw, headers, body, len(raw))
    if first(headers, "content-type") is None and _begins_with_parts(root):
        warnings.append("structure: Content-Type is missing, parts are there")
        root.default_type = "multipart/mixed"
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if part.content_type.startswith("multipart/"):
            _split(part, count, warnings, limits)
            waiting.extend(part.children)
    return root


def _begins_with_parts(root: Part) -> bool:
    """Whether the text of a mail that does not say what it is begins with a boundary, after a line of preamble."""
    found = ANY_BOUNDARY.search(root.raw, root.start, min(root.end, root.start + 1000))
    if not found:
        return False
    before = root.raw[root.start : found.start()].strip()
    return before.count(b"\n") < 3 and root.raw.find(b"\n--" + found[1], found.end()) > 0


def _split(part: Part, count: _Count, warnings: list[str], limits: Limits) -> None:
    if part.depth >= limits.depth:
        raise MailUnreadable("depth", f"parts nested more than {limits.depth} deep")
    raw, spans = part.raw, _spans(part, warnings, limits.parts - count.parts)
    if not spans and part.encoding in ("base64", "quoted-printable"):  # forbidden, and done
        raw = part.data(warnings)
        spans = _spans(replace(part, raw=raw, start=0, end=len(raw)), warnings, limits.parts - count.parts)
    count.parts += len(spans)
    if count.parts > limits.parts:
        raise MailUnreadable("parts", f"more than {limits.parts} parts")
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    for start, end in spans:
        headers, body = split_block(raw, start, end, warnings, limits)
        part.children.append(Part(raw, headers, body, end, part.depth + 1, default))


def _spans(part: Part, warnings: list[str], most: int) -> list[tuple[int, int]]:
    """Where the children lie. A missing or wrong boundary is guessed from the body; a missing end is the end."""
    boundary = part.parameter("boundary").rstrip().encode("utf-8", "replace")
    spans = _spans_of(part, boundary, warnings, most) if boundary else []
    if not spans:
        guess = ANY_BOUNDARY.search(part.raw, part.start, part.end)
        if guess and guess[1] != boundary:
            warnings.append("structure: boundary guessed")
            spans = _spans_of(part, guess[1], warnings, most)
        elif not guess:
            warnings.append("structure: no boundary found")
    return spans


def _spans_of(part: Part, boundary: bytes, warnings: list[str], most: int) -> list[tuple[int, int]]:
    # Programs use one boundary for a part and for what it stands in: so what follows a closing one is read, too.
    # The pattern begins with plain bytes, which are searched for fast; that they begin a line is looked at after.
    line = re.compile(re.escape(b"--" + boundary) + rb"(--)?[ \t]*(?:\r?\n|\r?\Z|(?=\r))")
    spans: list[tuple[int, int]] = []
    begin: int | None = None
    for found in line.finditer(part.raw, part.start, part.end):
        if found.start() > part.start and part.raw[found.start() - 1] != 0x0A:
            continue
        if begin is not None:
            spans.append((begin, _without_line_end(part.raw, begin, found.start())))
        if begin is None and spans and not found[1]:
            warnings.append("structure: parts behind the closing boundary")
        begin = None if found[1] else found.end()
        if len(spans) > most:
            return spans
    if begin is not None:
        warnings.append("structure: the closing boundary is missing")
        spans.append((begin, part.end))
    return spans


def _without_line_end(raw: bytes, begin: int, end: int) -> int:
    """The line end before a boundary belongs to the boundary (RFC 2046, 5.1.1)."""
    if end > begin and raw[end - 1] == 0x0A:
        end -= 1
        if end > begin and raw[end - 1] == 0x0D:
            end -= 1
    return end
