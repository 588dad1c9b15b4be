"""Small pictures and pages drawn in code: attachments that look like screenshots and papers, without any file of
somebody else's. PNG after the W3C's PNG specification (8 bit palette), PDF 1.4 with one page and a built-in font."""

from __future__ import annotations

import struct
import unicodedata
import zlib
from random import Random

# Letters of 5 x 7 dots, a string of hexadecimal columns each; lower case is drawn as capitals.
_FONT = {
    "A": "7E1111117E", "B": "7F49494936", "C": "3E41414122", "D": "7F4141221C", "E": "7F49494941", "F": "7F09090901",
    "G": "3E4149497A", "H": "7F0808087F", "I": "00417F4100", "J": "2040413F01", "K": "7F08142241", "L": "7F40404040",
    "M": "7F020C027F", "N": "7F0408107F", "O": "3E4141413E", "P": "7F09090906", "Q": "3E4151215E", "R": "7F09192946",
    "S": "4649494931", "T": "01017F0101", "U": "3F4040403F", "V": "1F2040201F", "W": "3F4038403F", "X": "6314081463",
    "Y": "0708700807", "Z": "6151494543", "0": "3E5149453E", "1": "00427F4000", "2": "4261514946", "3": "2141454B31",
    "4": "1814127F10", "5": "2745454539", "6": "3C4A494930", "7": "0171090503", "8": "3649494936", "9": "064949291E",
    ".": "0060600000", ",": "0050300000", ":": "0036360000", "-": "0808080808", "/": "2010080402", "%": "2313086462",
    "[": "007F414100", "]": "0041417F00", "(": "001C224100", ")": "0041221C00",
}  # fmt: skip
_INK, _PAPER, _GREY, _BAR, _RED, _LINE = range(6)
_PALETTE = bytes.fromhex("1d2530 ffffff eef1f4 2f5d8a b3362b c9d1d9".replace(" ", ""))


class Picture:
    """A canvas of palette colours; origin at the top left, all sizes in pixels."""

    def __init__(self, width: int, height: int, colour: int = _PAPER) -> None:
        self.width, self.height = width, height
        self.rows = [bytearray([colour]) * width for _ in range(height)]

    def box(self, left: int, top: int, width: int, height: int, colour: int) -> None:
        """A filled rectangle, cut at the edges."""
        right = min(self.width, left + width)
        for row in self.rows[max(0, top) : top + height]:
            row[left:right] = bytes([colour]) * max(0, right - left)

    def text(self, left: int, top: int, words: str, colour: int = _INK, size: int = 2) -> None:
        """One line in the dot font; what it lacks is drawn without its marks, or left blank."""
        plain = "".join(c for c in unicodedata.normalize("NFD", words.upper()) if not unicodedata.combining(c))
        for place, letter in enumerate(plain.replace("Ł", "L")):
            columns = bytes.fromhex(_FONT.get(letter, "0000000000"))
            for x, column in enumerate(columns):
                for y in range(7):
                    if column >> y & 1:
                        self.box(left + (place * 6 + x) * size, top + y * size, size, size, colour)

    def png(self) -> bytes:
        """The picture's bytes."""
        header = struct.pack(">IIBBBBB", self.width, self.height, 8, 3, 0, 0, 0)
        pixels = b"".join(b"\0" + bytes(row) for row in self.rows)
        parts = ((b"IHDR", header), (b"PLTE", _PALETTE), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def draw(kind: str, title: str, lines: list[str]) -> bytes:
    """A PNG of that kind: window, table, label or photo. The same facts give the same bytes."""
    painter = {"window": _window, "table": _table, "label": _label, "photo": _photo}[kind]
    return painter(title, lines, Random(title)).png()  # noqa: S311 - a drawing, not a secret


def _window(title: str, lines: list[str], random: Random) -> Picture:
    picture = Picture(480, 96 + 30 * len(lines), _GREY)
    picture.box(0, 0, 480, 34, _BAR)
    picture.text(12, 10, title, _PAPER)
    picture.text(448, 10, "X", _PAPER)
    picture.box(16, 50, 448, 30 * len(lines) + 30, _PAPER)
    for place, line in enumerate(lines):
        top = 66 + 30 * place
        if line.startswith("["):
            picture.box(28, top - 6, 12 * len(line) + 8, 26, _BAR)
            picture.text(32, top, line.strip("[]"), _PAPER)
        else:
            picture.text(32, top, line, _RED if place == 0 else _INK)
    return picture


def _table(title: str, lines: list[str], random: Random) -> Picture:
    picture = Picture(460, 60 + 32 * len(lines))
    picture.box(0, 0, 460, 36, _GREY)
    picture.text(12, 11, title)
    for place, line in enumerate(lines):
        top = 44 + 32 * place
        picture.box(0, top + 24, 460, 1, _LINE)
        picture.box(12, top + 4, 6, 12, _BAR if place % 2 else _RED)
        picture.text(28, top + 3, line)
    return picture


def _label(title: str, lines: list[str], random: Random) -> Picture:
    picture = Picture(420, 240)
    picture.box(8, 8, 404, 2, _INK)
    picture.text(24, 24, title, size=3)
    left = 24
    while left < 380:
        width = random.choice((2, 2, 4, 6))
        picture.box(left, 64, width, 90, _INK)
        left += width + random.choice((2, 4, 4))
    for place, line in enumerate(lines):
        picture.text(24, 172 + 26 * place, line)
    return picture


def _photo(title: str, lines: list[str], random: Random) -> Picture:
    picture = Picture(440, 330, _LINE)
    picture.box(40, 24, 360, 290, _PAPER)
    picture.text(62, 48, title)
    for place, line in enumerate(lines):
        picture.text(62, 88 + 28 * place, line)
    for place in range(6):
        picture.box(62, 200 + 16 * place, random.randrange(120, 300), 4, _GREY)
    for place in range(64):
        if random.random() < 0.5:
            picture.box(316 + place % 8 * 8, 236 + place // 8 * 8, 8, 8, _INK)
    return picture


def write_pdf(title: str, lines: list[str]) -> bytes:
    """A one-page A4 PDF 1.4 with these lines; letters outside Latin 1 lose their marks."""
    plain = [_latin(line) for line in (title, "", *lines)]
    shown = "".join(f"({line}) Tj T*\n" for line in plain)
    page = f"BT /F1 14 Tf 22 TL 72 760 Td\n{shown}ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def _latin(line: str) -> str:
    line = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").replace("ł", "l").replace("Ł", "L")
    try:
        line.encode("latin-1")
    except UnicodeEncodeError:
        line = "".join(c for c in unicodedata.normalize("NFD", line) if not unicodedata.combining(c))
    return line.encode("latin-1", "replace").decode("latin-1")
