"""Files made to run in a browser, under true and lying names and types. Made here.

`data` is what lies in the file, `claimed` what its sender says it is.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from struct import pack

RUNS = b"<script>top.name='hit'</script>"
HTML = b"<!doctype html><html><body>" + RUNS + b"</body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="top.name=1"><script>top.name=1</script></svg>'
XHTML = b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>top.name=1</script></html>'
XML = (
    b'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#s"?>'
    b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
)
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n" + RUNS
SCRIPT = b"top.name='hit';"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))


PNG = (
    b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\0")) + _chunk(b"IEND", b"")
)  # fmt: skip
GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
DATA: dict[str, bytes] = {
    "html": HTML,
    "html in utf-16": b"\xff\xfe" + HTML.decode().encode("utf-16-le"),
    "html after blanks": b"\n" * 1100 + HTML,
    "html in utf-7": b"+ADw-script+AD4-top.name=1+ADw-/script+AD4-",
    "svg": SVG,
    "svg in gzip": zlib.compress(SVG),
    "xhtml": XHTML,
    "xml": XML,
    "pdf": PDF,
    "js": SCRIPT,
    "mhtml": b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + HTML,
    "hta": b"<hta:application/><script language=vbscript>x</script>",
    "png": PNG,
    "png with html behind": PNG + HTML,
    "gif that is a script": b"GIF89a=1;" + SCRIPT,
    "gif with html in it": GIF + b"<!--" + HTML,
    "jpeg that is html": b"\xff\xd8\xff\xe0<html>" + RUNS,
    "webp that is html": b"RIFF\x10\x00\x00\x00WEBP" + HTML,
    "zip with html before": HTML + b"PK\x03\x04" + b"\0" * 30,
    "zip": b"PK\x03\x04" + b"\0" * 30,
    "swf": b"CWS\x0a" + b"\0" * 30,
    "nothing": b"",
}
NAMES = (
    "page.html", "page.htm", "page.svg", "page.xhtml", "page.xml", "page.pdf", "page.js", "page.mjs", "page.css",
    "page.png", "page.html.png", "page.png.html", "page.gif", "page.txt", "page.csv", "page.eml", "page.mhtml",
    "page.swf", "page.ics", "page.docx", "page.mp4", "page", ".html", "page.html\u200b", "page.HTML", "page.svgz",
    "page.wasm", "page.webmanifest",
)  # fmt: skip
CLAIMS = (
    "text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/pdf", "text/javascript",
    "image/png", "image/gif", "text/css", "application/octet-stream", "application/x-shockwave-flash",
    "text/html; charset=utf-7", "multipart/x-mixed-replace", "nonsense", "image/png, text/html", "",
)  # fmt: skip
# What may be shown in the browser, and how it begins.
RASTER = {"image/png": b"\x89PNG", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8", "image/webp": b"RIFF"}


@dataclass(frozen=True)
class HostileFile:
    """One file as it is sent."""

    name: str
    data: bytes
    claimed: str


def hostile_files(*, everything: bool) -> Iterator[HostileFile]:
    """Every kind of data, every name and every claimed type at least once; `everything`: each pair of the three."""
    kinds = list(DATA.values())
    if everything:
        pairs = [(data, name, CLAIMS[n % len(CLAIMS)]) for n, (data, name) in enumerate(product(kinds, NAMES))]
        pairs += [(data, NAMES[n % len(NAMES)], claim) for n, (data, claim) in enumerate(product(kinds, CLAIMS))]
        pairs += [(kinds[n % len(kinds)], name, claim) for n, (name, claim) in enumerate(product(NAMES, CLAIMS))]
        yield from (HostileFile(name, data, claim) for data, name, claim in pairs)
        return
    for number in range(max(len(kinds), len(NAMES), len(CLAIMS))):
        name, claim = NAMES[number % len(NAMES)], CLAIMS[number % len(CLAIMS)]
        yield HostileFile(name, kinds[number % len(kinds)], claim)
    # The dangerous ones also under the most harmless name and type, and the other way round.
    yield from (HostileFile("holiday.png", data, "image/png") for data in kinds[:8])
    yield from (HostileFile("page.html", data, "text/html") for data in kinds[12:18])


def mail_with(files: list[HostileFile], *, subject: str, sender: str) -> bytes:
    """A mail that carries these files."""
    mark = "hostile-files-boundary"
    lines = [
        f"From: {sender}", "To: help@desk.example", f"Subject: {subject}", f"Message-ID: <{subject}@shop.example>",
        "MIME-Version: 1.0", f'Content-Type: multipart/mixed; boundary="{mark}"', "", f"--{mark}",
        "Content-Type: text/plain", "", "See the files.",
    ]  # fmt: skip
    for file in files:
        lines += [f"--{mark}", f"Content-Type: {file.claimed}"] if file.claimed else [f"--{mark}"]
        name = file.name.encode("ascii", "ignore").decode()
        lines += [f'Content-Disposition: attachment; filename="{name}"', "Content-Transfer-Encoding: base64", ""]
        lines += [base64.encodebytes(file.data).decode().strip().replace("\n", "\r\n")]
    return ("\r\n".join([*lines, f"--{mark}--", ""])).encode()
