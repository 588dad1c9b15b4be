"""How large a picture is, from its first bytes; nothing is decoded (PNG, JPEG, GIF, WebP).

A browser decodes what it shows: a file of some KB can ask it for ten GB. Such pictures are offered as downloads.
"""

from __future__ import annotations

import re
import struct

HEAD_BYTES = 256 * 1024
MOST_PIXELS = 40_000_000
MOST_FRAMES = 5_000
MOST_PIECES = 200_000
PNG = b"\x89PNG\r\n\x1a\n"
# So many say which kind it is.
KIND_BYTES = 12
# The end of the data before, and the beginning of a frame or of what precedes one (GIF89a, 20 and 23).
FRAME_BEGINS = (b"\x00\x2c", b"\x00\x21\xf9")
# Start of frame, but for the tables that share their range (T.81, table B.1).
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_FRAME = re.compile(b"\xff[" + bytes(sorted(JPEG_FRAMES)) + b"]")
JPEG_SEGMENTS = 500


class Pieces:
    """Counts the frames of an animated PNG or WebP by the heads of the pieces both are made of; what a piece holds is
    leapt over. More pieces than any picture has count as too many frames."""

    def __init__(self) -> None:
        self.frames, self._told, self._pieces = 0, 0, 0
        self._leap, self._rest, self._is_png = 0, b"", False

    def begin(self, head: bytes) -> bool:
        """Whether the first bytes are those of such a picture; its pieces begin behind them."""
        self._is_png = head.startswith(PNG)
        self._leap = 8 if self._is_png else 12
        return self._is_png or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")

    def see(self, chunk: bytes) -> None:
        """Takes note of the next bytes."""
        if self._leap >= len(chunk) or self.frames > MOST_FRAMES:
            self._leap -= len(chunk)
            return
        data, at, needed = self._rest + chunk[self._leap :], 0, 12 if self._is_png else 8
        while at + needed <= len(data) and self.frames <= MOST_FRAMES:
            at += self._png(data, at) if self._is_png else self._webp(data, at)
            self._pieces += 1
            if self._pieces > MOST_PIECES:
                self.frames = MOST_FRAMES + 1
        self._leap, self._rest = max(at - len(data), 0), data[at:]

    def _png(self, data: bytes, at: int) -> int:
        """Length, kind, data, check sum. The first of `acTL` is how many frames there are (APNG 1.0)."""
        length, kind, first = struct.unpack_from(">I4sI", data, at)
        if kind == b"acTL":
            self.frames = max(self.frames, first)
        elif kind == b"fcTL":
            self._told += 1
            self.frames = max(self.frames, self._told)
        return int(length) + 12

    def _webp(self, data: bytes, at: int) -> int:
        """Kind, length, data, filled up to an even number."""
        kind, length = struct.unpack_from("<4sI", data, at)
        self.frames += kind == b"ANMF"
        return 8 + int(length) + (length & 1)


class PictureWatch:
    """Looks at a picture as it passes by, chunk for chunk."""

    def __init__(self) -> None:
        self.head, self.frames, self._before = bytearray(), 0, b""
        self._pieces: Pieces | None = None

    def see(self, chunk: bytes) -> None:
        """Takes note of the next bytes."""
        known = len(self.head)
        if known < HEAD_BYTES:
            self.head.extend(chunk[: HEAD_BYTES - known])
        if known < KIND_BYTES <= len(self.head) and (pieces := Pieces()).begin(bytes(self.head[:KIND_BYTES])):
            self._pieces = pieces
            pieces.see(bytes(self.head[:known]))
        if self._pieces is not None:
            self._pieces.see(chunk)
            self.frames = self._pieces.frames
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
        if head.startswith(PNG):
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
