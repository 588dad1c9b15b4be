"""ISO-2022-JP as programs write it: with the characters of Windows (①, ㈱, half-width kana) that the standard lacks."""

from __future__ import annotations

import re

ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\$\([DOPQ]|\([BJI])")
DOUBLE = (b"\x1b$@", b"\x1b$B")


def decode_iso2022_jp(data: bytes) -> str:
    """Decodes through Windows-31J, segment by segment; what is unknown becomes U+FFFD. One pass."""
    out: list[str] = []
    state, at = b"\x1b(B", 0
    for escape in ESCAPE.finditer(data):
        out.append(_segment(data[at : escape.start()], state))
        state, at = escape[0], escape.end()
    out.append(_segment(data[at:], state))
    return "".join(out)


def _segment(data: bytes, state: bytes) -> str:
    if state in DOUBLE:
        return _double(data)
    if state == b"\x1b(I":
        return bytes(b | 0x80 for b in data).decode("cp932", "replace")
    return data.decode("ascii", "replace")


def _double(data: bytes) -> str:
    """JIS X 0208 rows to Shift JIS bytes by arithmetic, so that row 13 (NEC's) is there too."""
    shifted = bytearray()
    pairs = data.replace(b"\r", b"").split(b"\n")
    for number, line in enumerate(pairs):
        if number:
            shifted += b"\n"
        for i in range(0, len(line) - 1, 2):
            row, cell = line[i], line[i + 1]
            if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
                shifted += b"?"
                continue
            lead = (row - 0x21) // 2 + (0x81 if row < 0x5F else 0xC1)
            trail = cell + (0x1F if cell < 0x60 else 0x20) if row & 1 else cell + 0x7E
            shifted += bytes((lead, trail))
    return shifted.decode("cp932", "replace")
