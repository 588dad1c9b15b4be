"""S50: pictures that would take a machine ten GB to show, and kinds that no browser should run, are kept as downloads;
nobody here decodes them (P5)."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from functools import cache
from pathlib import Path

import pytest

from tests.flows.conftest import MAILBOX, RunningDesk

pytestmark = pytest.mark.once

MB = 1024 * 1024
OCTETS = "application/octet-stream"


def part(kind: bytes, data: bytes) -> bytes:
    """A piece of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int) -> bytes:
    """One colour, all rows there: a bomb when it is large, since nothing packs better."""
    packer = zlib.compressobj(9)
    row = bytes(1 + width // 8 + 1)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = part(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", rows) + part(b"IEND", b"")


def gif(frames: int) -> bytes:
    """So many frames of one point."""
    frame = b"\x21\xf9\x04\x00\x01\x00\x00\x00" + b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02D\x01\x00"
    return b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6) + frame * frames + b";"


def apng(frames: int, told: int) -> bytes:
    """A point that moves, in so many frames; it tells of another number of them."""
    still = png(1, 1)
    control = struct.pack(">IIIIIHHBB", 0, 1, 1, 0, 0, 1, 100, 0, 0)
    rest = part(b"fcTL", control) + b"".join(
        part(b"fcTL", control) + part(b"fdAT", bytes(8)) for _ in range(frames - 1)
    )
    return still[:33] + part(b"acTL", struct.pack(">II", told, 0)) + rest + still[33:]


def webp(frames: int) -> bytes:
    """The same as WebP."""

    def piece(kind: bytes, data: bytes) -> bytes:
        return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1)

    held = b"WEBP" + piece(b"VP8X", b"\x02" + bytes(9)) + piece(b"ANIM", bytes(6)) + piece(b"ANMF", bytes(17)) * frames
    return b"RIFF" + struct.pack("<I", len(held)) + held


TIFF = b"II*\x00\x08\x00\x00\x00\x01\x00\x00\x01\x04\x00\x01\x00\x00\x00\x50\xc3\x00\x00\x00\x00\x00\x00"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
# Its size stands behind more than anybody wants to read.
ENDLESS = b"\xff\xd8" + b"\xff\xe1\x00\x04xx" * 600 + b"\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03"


@cache
def pictures() -> dict[str, bytes]:
    """Each by its name. Made when asked for: the large one takes a second."""
    return {
        "large.png": png(50_000, 50_000), "many.gif": gif(100_000), "scan.tiff": TIFF, "drawing.svg": SVG,
        "endless.jpg": ENDLESS, "good.png": png(64, 64), "good.gif": gif(3), "many.png": apng(6000, told=2),
        "told.png": apng(2, told=1_000_000), "many.webp": webp(6000), "moves.png": apng(3, told=3),
        "moves.webp": webp(3),
    }  # fmt: skip


def mail() -> bytes:
    """All of them as attachments, the two bad ones in the text as well."""
    lines = [
        "From: Carol Brandt <carol@shop.example>", f"To: {MAILBOX}", "Subject: Pictures",
        "Message-ID: <pictures@shop.example>", "MIME-Version: 1.0",
        "Content-Type: multipart/related; boundary=b", "",
        "--b", "Content-Type: text/html", "", "<p>Look</p><img src='cid:large.png'><img src='cid:good.png'>",
    ]  # fmt: skip
    for name, data in pictures().items():
        lines += [
            "--b", f"Content-Type: image/{name.rpartition('.')[2]}; name={name}", "Content-Transfer-Encoding: base64",
            f"Content-ID: <{name}>", f"Content-Disposition: inline; filename={name}", "",
            base64.encodebytes(data).decode(),
        ]  # fmt: skip
    return "\r\n".join([*lines, "--b--", ""]).encode()


def most_held(pid: int) -> int:
    """The most memory that a process has held so far, in bytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) * 1024


def test_s50_pictures_that_no_browser_should_decode_are_downloads(mail_desk: RunningDesk) -> None:
    mail_desk.send(mail())
    number = mail_desk.wait_ticket("Pictures")["number"]
    (message,) = [m for m in mail_desk.messages(number) if m["kind"] == "received"]
    files = {file["filename"]: file for file in message["attachments"]}
    assert set(files) == set(pictures())
    good = {"good.png": "png", "good.gif": "gif", "moves.png": "png", "moves.webp": "webp"}
    assert {name: file["content_type"] for name, file in files.items()} == {
        name: f"image/{good[name]}" if name in good else OCTETS for name in pictures()
    }
    agent = mail_desk.signed_in()
    frame = agent.get(f"/desk/messages/{message['id']}/html/").body.decode()
    assert '<img data-cid="large.png">' in frame and frame.count('src="/files/') == 1
    answer = agent.get(f"/desk/attachments/{files['large.png']['id']}/")
    assert answer.headers["content-disposition"].startswith("attachment") and answer.body == pictures()["large.png"]
    for name, pid in mail_desk.instance.children().items():
        assert most_held(pid) < 512 * MB, name
