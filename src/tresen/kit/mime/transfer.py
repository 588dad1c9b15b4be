"""Content-Transfer-Encoding undone, also where the bytes do not keep what the header promises."""

from __future__ import annotations

import binascii
import re

NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
PADDED = re.compile(rb"=+")
# Several words on a line: no base64.
PLAIN_TEXT_LINE = re.compile(rb"[A-Za-z,.]+ {1,2}[A-Za-z,.]+(?: [A-Za-z,.]|[\r\n]+[A-Za-z,.]+ {1,2}[A-Za-z,.])")
# A line that holds something no base64 does.
ODD_LINE = re.compile(rb"^[^\r\n]*[^A-Za-z0-9+/=\s][^\r\n]*", re.MULTILINE)
UU_BEGIN = re.compile(rb"(?:^|\n)begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n")
YENC_BEGIN = re.compile(rb"(?:^|\n)=ybegin [^\r\n]{0,200}?name=([^\r\n]{1,255})\r?\n(?:=ypart [^\r\n]{0,200}\r?\n)?")
YENC_ESCAPE = re.compile(rb"=(.)", re.DOTALL)
YENC_SHIFT = bytes((byte - 42) % 256 for byte in range(256))
AS_IT_STANDS = frozenset({"", "7bit", "8bit", "binary", "7-bit", "8-bit", "7bits", "8bits", "none"})
UU_ENCODINGS = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})


def transfer_encoding(value: bytes | None) -> str:
    """The encoding's name without what programs hang on it (`8bit;`, quotes, comments)."""
    if not value:
        return ""
    text = value.decode("latin-1").strip().strip("\"'").lower()
    name = re.split(r"[;,\s(]", text, maxsplit=1)[0].strip("\"'")
    if name.startswith(("quoted", "q-p")):
        return "quoted-printable"
    return "base64" if name in ("base", "base-64", "base_64", "b64", "x-base64") else name


def decode_body(data: bytes, encoding: str, *, is_text: bool, warnings: list[str]) -> bytes:
    """The bytes behind the transfer encoding; unknown encodings are taken as they stand."""
    if encoding == "base64":
        return _base64_text(data, warnings) if is_text else decode_base64(data, warnings)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    if encoding in UU_ENCODINGS:
        return _uu_part(data, warnings)
    if encoding not in AS_IT_STANDS and "/" not in encoding:
        warnings.append(f"transfer encoding: {encoding[:40]!r} is not known")
    return data


def _base64_text(data: bytes, warnings: list[str]) -> bytes:
    """Base64 that may be none at all, or have plain lines behind it: mailing lists hang their footers there."""
    odd = ODD_LINE.search(data)
    if not odd and not PLAIN_TEXT_LINE.search(data[:400]):
        return decode_base64(data, warnings)
    head = data[: odd.start()] if odd else b""
    if odd and odd[0].startswith(b"--") and odd[0][2:3].strip(b" -"):  # a boundary that is not ours
        return decode_base64(head, warnings)
    length = len(head.translate(None, b" \t\r\n"))
    if not length and PLAIN_TEXT_LINE.search(data[:400]):
        warnings.append("transfer encoding: said base64, is plain text")
        return data
    if not odd or not length or length % 4:
        return decode_base64(data, warnings)
    warnings.append("transfer encoding: plain text behind base64")
    return decode_base64(head, warnings) + b"\n" + data[odd.start() :]


def decode_base64(data: bytes, warnings: list[str]) -> bytes:
    """Base64 with anything between, padded in the middle, or cut off."""
    try:
        # The ordinary case in one go: only whitespace between, padding at the very end.
        text = data.translate(None, b" \t\r\n")
        if len(text) % 4 == 0 and text.find(b"=", 0, -2) < 0:
            return binascii.a2b_base64(text, strict_mode=bool(text))
    except binascii.Error:
        pass
    warnings.append("transfer encoding: broken base64")
    out = bytearray()
    for run in PADDED.split(NOT_BASE64.sub(b"", data)):
        whole = len(run) - (1 if len(run) % 4 == 1 else 0)
        out += binascii.a2b_base64(run[:whole] + b"=" * (-whole % 4))
    return bytes(out)


def _uu_part(data: bytes, warnings: list[str]) -> bytes:
    begin = UU_BEGIN.search(data)
    body = data[begin.end() :] if begin else data
    return decode_uu(body.split(b"\n"), warnings)[0]


def decode_uu(lines: list[bytes], warnings: list[str]) -> tuple[bytes, int]:
    """The bytes of uuencoded lines and how many lines were used, up to and with `end`."""
    out = bytearray()
    for number, line in enumerate(lines):
        line = line.rstrip(b"\r")
        if line == b"end":
            return bytes(out), number + 1
        if not line or line == b"`":
            continue
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            wanted = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:  # some programs add a checksum or lose blanks at the end
                out += binascii.a2b_uu(line[:wanted].ljust(wanted))
            except binascii.Error:
                warnings.append("transfer encoding: broken uuencode")
                return bytes(out), number
    return bytes(out), len(lines)


def decode_yenc(data: bytes) -> bytes:
    """The bytes of yEncoded lines, up to `=yend`."""
    data = data.rpartition(b"=yend")[0].translate(None, b"\r\n")
    data = YENC_ESCAPE.sub(lambda mark: bytes(((mark[1][0] - 64) % 256,)), data)
    return data.translate(YENC_SHIFT)
