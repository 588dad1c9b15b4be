"""S50, S2: PDFs that would draw for hours or take all memory end in the box, within seconds; the file stays a download,
the desk says what happened and draws the next one."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable
from typing import Any

from tests.pdfs import form, laughs, packed_bomb, pdf
from tresen.core.tickets import previews
from tresen.core.tickets.preview_models import Preview, PreviewState
from tresen.kit import clock, files
from tresen.kit.pdf import HEIGHT, WIDTH

SECONDS = 30


def large_image(side: int) -> bytes:
    """An image of so many points each way, of which the file has some KB."""
    packed = zlib.compress(bytes(side * side // 8), 9)
    size = b"/Width %d/Height %d/BitsPerComponent 8/ColorSpace/DeviceRGB" % (side, side)
    head = b"6 0 obj<</Type/XObject/Subtype/Image" + size
    image = head + b"/Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj\n" % (len(packed), packed)
    return pdf(b"600 0 0 800 0 0 cm /X Do", more=image)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "packed": lambda: packed_bomb(20_000_000),
    "laughs": lambda: laughs(14),
    "itself": lambda: pdf(b"/X Do", more=form(6, b"/X Do", 6)),
    "image": lambda: large_image(30_000),
    "deep": lambda: b"%PDF-1.4\n1 0 obj" + b"[" * 3_000_000,
    "huge page": lambda: pdf(box="0 0 14400000 14400000", pages=3),
    "thin page": lambda: pdf(box="0 0 1 1000000000"),
    "ten thousand pages": lambda: pdf(pages=10_000),
}
ENDS = {"packed": PreviewState.TOO_MUCH, "laughs": PreviewState.TOO_MUCH, "deep": PreviewState.BROKEN}


def drawn(data: bytes) -> Preview:
    key = files.store_bytes(data).key
    Preview.objects.create(source=key, asked_at=clock.now(), tries=previews.TRIES - 1)  # the last try
    previews.draw(key)
    return Preview.objects.get(source=key)


def test_s50_a_hostile_pdf_ends_within_seconds_and_the_next_one_is_drawn(
    db: None, full_size: bool, monkeypatch: Any, record_property: Any
) -> None:
    if not full_size:
        monkeypatch.setattr(previews, "PROCESSOR_SECONDS", 1)
    longest = 0.0
    for name, make in HOSTILE.items():
        data = make()
        began = time.monotonic()
        row = drawn(data)
        longest = max(longest, time.monotonic() - began)
        assert row.state == ENDS.get(name, row.state) != PreviewState.WAITING, name
        for picture in row.pictures:
            assert 0 < picture["width"] <= WIDTH + 1 and 0 < picture["height"] <= HEIGHT + 1, name
    assert longest < SECONDS
    assert drawn(pdf()).state == PreviewState.READY
    record_property("longest_seconds", round(longest, 1))


def test_s02_what_the_box_gives_back_is_looked_at_again(db: None, monkeypatch: Any) -> None:
    """Whoever takes the renderer over still gets nothing but pictures of our kind and size to a browser."""
    page = b"<html><script>alert(1)</script>"

    class Taken:
        def __init__(self, *_: Any, **__: Any) -> None: ...
        def __enter__(self) -> Taken:
            return self

        def __exit__(self, *_: object) -> None: ...
        def run(self, *_: Any, **__: Any) -> dict[str, Any]:
            return {"pages": 1, "pictures": [page, "text", b"\x89PNG\r\n\x1a\n" + bytes(4) + b"IHDR" + b"\xff" * 8]}

    monkeypatch.setattr(previews, "Box", Taken)
    assert drawn(pdf()).pictures == []
