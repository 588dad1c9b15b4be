"""winmail.dat: what Outlook wraps around text and files for other Outlooks (TNEF, MS-OXTNEF).

Offsets only move forward, so time and memory grow with the bytes; what is broken ends the reading, what was read before
counts.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from tresen.kit.mime.charsets import decode_text, showable
from tresen.kit.mime.rtf import decompress, read_rtf

SIGNATURE = b"\x78\x9f\x3e\x22"
ATTRIBUTE = struct.Struct("<BII")
BODY, CODEPAGE, MESSAGE_PROPERTIES = 0x800C, 0x9007, 0x9003
FILE_BEGINS, FILE_TITLE, FILE_DATA, FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
# Properties (MS-OXPROPS).
BODY_TEXT, BODY_RTF, BODY_HTML = 0x1000, 0x1009, 0x1013
LONG_NAME, SHORT_NAME, SHOWN_NAME = 0x3707, 0x3704, 0x3001
MIME_TYPE, CONTENT_ID, CONTENT = 0x370E, 0x3712, 0x3701
STRING, UNICODE, BINARY, OBJECT = 0x1E, 0x1F, 0x102, 0x0D
SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
MOST_FILES = 500


@dataclass
class TnefFile:
    """A file in a winmail.dat."""

    name: str = ""
    content_type: str = ""
    content_id: str = ""
    data: bytes = b""


@dataclass
class Tnef:
    """What was found: `html` is None when there is none."""

    text: str = ""
    html: str | None = None
    files: list[TnefFile] = field(default_factory=list)


def read_tnef(data: bytes) -> Tnef | None:
    """What stands in it, None when these bytes are none."""
    if not data.startswith(SIGNATURE):
        return None
    found, charset = Tnef(), "cp1252"
    for name, value in _attributes(data):
        if name == CODEPAGE and len(value) >= 4:
            charset = f"cp{int.from_bytes(value[:4], 'little')}"
        elif name == BODY:
            found.text = found.text or _text(value, STRING, charset)
        elif name == MESSAGE_PROPERTIES:
            _read_body(found, value, charset)
        elif name == FILE_BEGINS:
            if len(found.files) >= MOST_FILES:
                break
            found.files.append(TnefFile())
        elif found.files:
            _read_file(found.files[-1], name, value, charset)
    found.files = [file for file in found.files if file.data]
    return found


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 6  # signature and key
    while at + ATTRIBUTE.size <= len(data):
        _, name, length = ATTRIBUTE.unpack_from(data, at)
        at += ATTRIBUTE.size
        yield name & 0xFFFF, data[at : at + length]
        at += length + 2  # checksum


def _read_body(found: Tnef, value: bytes, charset: str) -> None:
    rtf = b""
    for name, kind, content in _properties(value):
        if name == BODY_TEXT and kind in (STRING, UNICODE):
            found.text = _text(content, kind, charset) or found.text
        elif name == BODY_HTML:
            found.html = _text(content, STRING if kind == BINARY else kind, charset)
        elif name == BODY_RTF and kind == BINARY:
            rtf = content
    if rtf and not found.html:
        text, html = read_rtf(decompress(rtf))
        found.html = html or found.html
        found.text = found.text or text.strip()


def _read_file(file: TnefFile, name: int, value: bytes, charset: str) -> None:
    if name == FILE_TITLE:
        file.name = file.name or _text(value, STRING, charset)
    elif name == FILE_DATA:
        file.data = value
    elif name == FILE_PROPERTIES:
        names: dict[int, str] = {}
        for key, kind, content in _properties(value):
            if key in (LONG_NAME, SHORT_NAME, SHOWN_NAME, MIME_TYPE, CONTENT_ID) and kind in (STRING, UNICODE):
                names[key] = _text(content, kind, charset)
            elif key == CONTENT and kind in (BINARY, OBJECT) and not file.data:
                file.data = content[16:] if kind == OBJECT else content
                file.content_type = "application/ms-tnef" if kind == OBJECT else file.content_type
        file.name = names.get(LONG_NAME) or names.get(SHOWN_NAME) or file.name or names.get(SHORT_NAME, "")
        file.content_type = names.get(MIME_TYPE, "").lower() or file.content_type
        file.content_id = names.get(CONTENT_ID, "").strip("<>")


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Name, type and (first) value of each property; what cannot be measured ends the list."""
    at = 4
    while at + 4 <= len(data):
        kind, name = struct.unpack_from("<HH", data, at)
        at += 4
        if name >= 0x8000:
            at = _after_name(data, at)
        is_many, kind = bool(kind & 0x1000), kind & 0x0FFF
        is_long = kind in (STRING, UNICODE, BINARY, OBJECT)
        if not is_long and kind not in SIZES:
            return
        count = 1
        if is_many or is_long:
            count, at = int.from_bytes(data[at : at + 4], "little"), at + 4
        first = b""
        for number in range(count):
            if at >= len(data):
                return
            length = SIZES.get(kind, 0)
            if is_long:
                length, at = int.from_bytes(data[at : at + 4], "little"), at + 4
            if number == 0:
                first = data[at : at + length]
            at += length + -length % 4
        yield name, kind, first


def _after_name(data: bytes, at: int) -> int:
    """Behind the name of a property that is known by its name: a GUID, then a number or a string."""
    at += 16
    by_name = int.from_bytes(data[at : at + 4], "little")
    length = int.from_bytes(data[at + 4 : at + 8], "little") if by_name else 0
    return at + 8 + length + -length % 4


def _text(value: bytes, kind: int, charset: str) -> str:
    if kind == UNICODE:
        return showable(value.decode("utf-16-le", "replace").split("\0", 1)[0])
    return decode_text(value.split(b"\0", 1)[0], charset)
