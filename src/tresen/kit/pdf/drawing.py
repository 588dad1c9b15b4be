"""Draws the first pages of a PDF as pictures (PNG). For the box alone (kit/box): a PDF is a stranger's program.

PDFium comes without JavaScript and without forms here; what lies behind the walls it cannot open, fonts among them.
"""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pypdfium2

from tresen.kit.pdf import HEIGHT, MOST_BYTES, PAGES, WIDTH

# FPDF_ERR_PASSWORD
PASSWORD = 4
_EMPTY = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n"
)


class NotDrawn(Exception):
    """`code`: locked (it asks for a password) or broken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code, self.detail = code, ""


def warm_up() -> None:
    """Loads whatever drawing needs, before the walls stand."""
    draw_pdf(_EMPTY)


def draw_pdf(data: bytes) -> dict[str, Any]:
    """`pictures` of the first pages, at most PAGES of at most WIDTH × HEIGHT pixels, and how many `pages` there are.

    Raises NotDrawn.
    """
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        raise NotDrawn("locked" if fault.err_code == PASSWORD else "broken") from None
    pictures: list[bytes] = []
    pages = len(document)
    for number in range(min(pages, PAGES)):
        try:
            pictures.append(_picture(document[number]))
        except (pypdfium2.PdfiumError, ValueError):
            break
    if not pictures:
        raise NotDrawn("broken")
    return {"pages": pages, "pictures": pictures}


def _picture(page: Any) -> bytes:
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        raise ValueError("a page without a size")
    scale = min(WIDTH / width, HEIGHT / height)
    drawn = _png(page, scale)
    return drawn if len(drawn) <= MOST_BYTES else _png(page, scale / 2)


def _png(page: Any, scale: float) -> bytes:
    """PNG, 8 bits of red, green and blue (PNG specification, 11.2)."""
    bitmap = page.render(scale=scale, may_draw_forms=False, rev_byteorder=True, prefer_bgrx=False)
    width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    if bitmap.n_channels != 3:
        raise ValueError("not a picture of three colours")
    rows = memoryview(bitmap.buffer)
    lines = b"".join(b"\0" + bytes(rows[at : at + 3 * width]) for at in range(0, stride * height, stride))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, *zip(*parts, strict=True)))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
