"""The body of Outlook's winmail.dat: compressed RTF (MS-OXRTFCP), which often hides the HTML it was made from
(MS-OXRTFEX)."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from html import escape

from tresen.kit.mime.charsets import decode_text

HEAD = struct.Struct("<IIII")
COMPRESSED, STORED = 0x75465A4C, 0x414C454D
# What every compressed stream may refer to from its first byte on (MS-OXRTFCP, 2.1.2.1).
BEGINNING = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
WINDOW = 4096
MOST_BYTES = 2_000_000
TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
# Groups that hold no text of the document.
SILENT = frozenset(b"fonttbl colortbl stylesheet info pict object header footer headerl headerr footerl".split())
SIGNS = {b"par": b"\n", b"line": b"\n", b"tab": b"\t", b"lquote": b"\x91", b"rquote": b"\x92", b"ldblquote": b"\x93",
         b"rdblquote": b"\x94", b"bullet": b"\x95", b"endash": b"\x96", b"emdash": b"\x97", b"cell": b"\t",
         b"row": b"\n"}  # fmt: skip


def decompress(data: bytes) -> bytes:
    """The RTF, at most two megabytes of it; b"" for what is no such stream."""
    if len(data) < HEAD.size:
        return b""
    _, size, kind, _ = HEAD.unpack_from(data)
    if kind == STORED:
        return data[HEAD.size : HEAD.size + min(size, MOST_BYTES)]
    if kind != COMPRESSED:
        return b""
    out, at, end = bytearray(BEGINNING), HEAD.size, len(data)
    wanted = min(size, MOST_BYTES) + len(BEGINNING)
    while at < end and len(out) < wanted:
        control, at = data[at], at + 1
        for bit in range(8):
            if at >= end or len(out) >= wanted:
                break
            if not control >> bit & 1:
                out.append(data[at])
                at += 1
                continue
            if at + 1 >= end:
                at = end
                break
            reference = data[at] << 8 | data[at + 1]
            at += 2
            place, length = reference >> 4, (reference & 15) + 2
            distance = (len(out) - place) % WINDOW
            if not distance or distance > len(out):  # a reference to its own place is the end
                at = end
                break
            for _ in range(length):
                out.append(out[-distance])
    return bytes(out[len(BEGINNING) : wanted])


@dataclass
class _Group:
    silent: bool = False  # a destination that is not shown
    is_tag: bool = False  # hidden HTML, kept as it stands
    is_copy: bool = False  # the RTF rendering of hidden HTML, left out
    skip: int = 1  # characters that stand in for a Unicode one


@dataclass
class _Document:
    group: _Group = field(default_factory=_Group)
    above: list[_Group] = field(default_factory=list)
    charset: str = "cp1252"
    has_html: bool = False
    to_skip: int = 0
    waiting: bytearray = field(default_factory=bytearray)
    out: list[str] = field(default_factory=list)
    waits_as_tag: bool = False

    def put(self, data: bytes) -> None:
        """Bytes of the document in its charset."""
        if self.group.silent or (self.group.is_copy and not self.group.is_tag):
            return
        if self.to_skip:
            self.to_skip, data = max(0, self.to_skip - len(data)), data[self.to_skip :]
        if self.waits_as_tag != self.group.is_tag:
            self.flush()
        self.waits_as_tag = self.group.is_tag
        self.waiting += data

    def flush(self) -> None:
        """Decodes what was gathered, so that letters of two bytes are whole."""
        if self.waiting:
            text = decode_text(bytes(self.waiting), self.charset)
            self.out.append(escape(text, quote=False) if self.has_html and not self.waits_as_tag else text)
            self.waiting.clear()


def read_rtf(rtf: bytes) -> tuple[str, str | None]:
    """The text of the document, or ("", HTML) where it was made from HTML. One pass."""
    document = _Document()
    is_marked = False  # after {\* comes a destination that may be ignored
    for token in TOKEN.finditer(rtf):
        word, number, code, sign, brace, text = token.groups()
        if text is not None:
            document.put(text)
        elif word is not None:
            _control(document, word, number, is_marked)
        elif code is not None:
            document.put(bytes((int(code, 16),)))
        elif brace == b"{":
            group = document.group
            document.above.append(group)
            document.group = _Group(group.silent, group.is_tag, group.is_copy, group.skip)
            document.to_skip = 0
        elif brace == b"}":
            document.group = document.above.pop() if document.above else _Group()
            document.to_skip = 0
        elif sign is not None and sign != b"*":
            document.put({b"~": b" ", b"_": b"-", b"-": b"", b"\r": b"\n", b"\n": b"\n"}.get(sign, sign))
        is_marked = sign == b"*"
    document.flush()
    # \u counts in UTF-16: what is beyond its first plane comes as two halves.
    found = "".join(document.out).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return ("", found) if document.has_html else (found.strip("\x00"), None)


def _control(document: _Document, word: bytes, number: bytes | None, is_marked: bool) -> None:
    group = document.group
    if word == b"fromhtml":
        document.has_html = True
    elif word == b"ansicpg" and number:
        document.charset = f"cp{int(number)}"
    elif word == b"htmltag" and is_marked:
        group.silent, group.is_tag = False, True
    elif is_marked or word in SILENT:
        group.silent = True
    elif word == b"htmlrtf":
        group.is_copy = number != b"0"
    elif word == b"uc" and number:
        group.skip = min(int(number), 8) if not number.startswith(b"-") else 1
    elif word == b"u" and number:
        _unicode(document, int(number))
    elif word in SIGNS:
        document.put(SIGNS[word])


def _unicode(document: _Document, number: int) -> None:
    group = document.group
    if group.silent or (group.is_copy and not group.is_tag):
        return
    document.flush()
    letter = chr(number % 0x10000)
    document.out.append(escape(letter, quote=False) if document.has_html and not group.is_tag else letter)
    document.to_skip = group.skip
