"""How large a picture is, from its first bytes; nothing is decoded (PNG, JPEG, GIF, WebP).

A browser decodes what it shows: a file of some KB can ask it for ten GB. Such pictures are offered as downloads.
"""

from __future__ import annotations

import re
import struct

HEAD_BYTES = 256 * 1024
MOST_PIXELS = 40_000_000
MOST_FRAMES = 5_000
# The end of the data before, and the beginning of a frame or of what precedes one (GIF89a, 20 and 23).
FRAME_BEGINS = (b"\x00\x2c", b"\x00\x21\xf9")
# Start of frame, but for the tables that share their range (T.81, table B.1).
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_FRAME = re.compile(b"\xff[" + bytes(sorted(JPEG_FRAMES)) + b"]")
JPEG_SEGMENTS = 500


class PictureWatch:
    """Looks at a picture as it passes by, chunk for chunk."""

    def __init__(self) -> None:
        self.head, self.frames, self._before = bytearray(), 0, b""

    def see(self, chunk: bytes) -> None:
        """Takes note of the next bytes."""
        if len(self.head) < HEAD_BYTES:
            self.head.extend(chunk[: HEAD_BYTES - len(self.head)])
        if self.head.startswith(b"GIF"):
            joined = self._before + chunk
            self.frames += sum(joined.count(mark) - self._before.count(mark) for mark in FRAME_BEGINS)
            self._before = joined[-2:]

    def can_be_shown(self) -> bool:
        """Whether it does a browser no harm: neither its size nor its frames are beyond measure, or there is nothing to
        decode. JPEG and GIF may state it behind much else, where we did not look and a browser does."""
        head = bytes(self.head)
        if size := picture_size(head):
            return size[0] * size[1] <= MOST_PIXELS and self.frames <= MOST_FRAMES
        is_whole = len(head) < HEAD_BYTES
        if is_whole:
            return not (head.startswith(b"\xff\xd8") and JPEG_FRAME.search(head))
        return not head.startswith((b"\xff\xd8", b"GIF"))


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels as the picture itself states them; None for what is none of the four kinds, or whose
    head does not say."""
    head = data[:HEAD_BYTES]
    try:
        if head.startswith(b"\x89PNG\r\n\x1a\n"):
            return _pair(">II", head, 16) if head[12:16] == b"IHDR" else None
        if head.startswith((b"GIF87a", b"GIF89a")):
            return _gif(head)
        if head.startswith(b"\xff\xd8\xff"):
            return _jpeg(head)
        if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
            return _webp(head)
    except struct.error:
        return None
    return None


def _pair(form: str, data: bytes, at: int) -> tuple[int, int]:
    first, second = struct.unpack_from(form, data, at)
    return first, second


def _gif(head: bytes) -> tuple[int, int] | None:
    """The screen, or the first frame where that is larger: browsers let the screen grow to it (GIF89a, 18 and 20). None
    where that frame stands further behind than we look."""
    width, height = _pair("<HH", head, 6)
    try:
        (flags,) = struct.unpack_from("B", head, 10)
        at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
        while head[at : at + 1] == b"\x21":  # an extension: its kind, then parts with their lengths up to an empty one
            at += 2
            while length := struct.unpack_from("B", head, at)[0]:
                at += 1 + length
            at += 1
        begins, left, top, wide, high = struct.unpack_from("<BHHHH", head, at)
    except struct.error:
        return (width, height) if len(head) < HEAD_BYTES else None
    return (max(width, left + wide), max(height, top + high)) if begins == 0x2C else (width, height)


def _jpeg(head: bytes) -> tuple[int, int] | None:
    at = 2
    for _segment in range(JPEG_SEGMENTS):
        while head[at : at + 1] == b"\xff" and head[at + 1 : at + 2] == b"\xff":
            at += 1
        mark, kind, length = struct.unpack_from(">BBH", head, at)
        if mark != 0xFF:
            return None
        if kind in JPEG_FRAMES:
            height, width = _pair(">HH", head, at + 5)
            return width, height
        at += 2 + length
    return None


def _webp(head: bytes) -> tuple[int, int] | None:
    kind = head[12:16]
    if kind == b"VP8X":
        wide, high = head[24:27], head[27:30]
        return (int.from_bytes(wide, "little") + 1, int.from_bytes(high, "little") + 1) if len(high) == 3 else None
    if kind == b"VP8L" and head[20:21] == b"\x2f":
        (bits,) = struct.unpack_from("<I", head, 21)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = _pair("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None
