"""PDFs for tests, written by hand."""

from __future__ import annotations

import zlib

HELLO = b"BT /F1 24 Tf 72 700 Td (Invoice 4711) Tj ET"
BAD_KEY = b"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>/ID[<00><00>]" % (b"11" * 32, b"22" * 32)


def pdf(content: bytes = HELLO, *, pages: int = 1, box: str = "0 0 595 842", how: bytes = b"", more: bytes = b"",
        trailer: bytes = b"") -> bytes:  # fmt: skip
    """A PDF of so many equal pages; `how`: the filter of their content, `more`: further objects, X being number 6."""
    kids = b" ".join([b"3 0 R"] * pages)
    return b"".join([
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[%s]/Count %d>>endobj\n" % (kids, pages),
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R" % box.encode(),
        b"/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>>>endobj\n",
        b"4 0 obj<</Length %d%s>>stream\n%s\nendstream endobj\n" % (len(content), how, content),
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n", more,
        b"trailer<</Root 1 0 R%s>>\n" % trailer,
    ])  # fmt: skip


def form(number: int, content: bytes, within: int) -> bytes:
    """A drawing that can be used again, and that uses another one as X."""
    head = b"%d 0 obj<</Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</XObject<</X %d 0 R>>>>" % (
        number,
        within,
    )
    return b"%s/Length %d>>stream\n%s\nendstream endobj\n" % (head, len(content), content)


def packed_bomb(times: int) -> bytes:
    """One page of as many rectangles, a thousand times smaller as a file."""
    return pdf(zlib.compress(b"0 0 500 500 re f " * times, 9), how=b"/Filter/FlateDecode")


def laughs(depth: int) -> bytes:
    """A drawing that draws ten of the next ten times, and so on."""
    forms = [form(number, b"/X Do " * 10, number + 1) for number in range(6, 6 + depth)]
    return pdf(b"/X Do", more=b"".join(forms) + form(6 + depth, b"0 0 500 500 re f", 1))
