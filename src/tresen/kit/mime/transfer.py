"""Content-Transfer-Encoding undone, also where the bytes do not keep what the header promises."""

from __future__ import annotations

import binascii
import re

NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
PADDED = re.compile(rb"=+")
PLAIN_TEXT_LINE = re.compile(rb"[A-Za-z,.]+ [A-Za-z,.]+ [A-Za-z,.]+")
UU_BEGIN = re.compile(rb"(?:^|\n)begin(?:-base64)? [0-7]{3,4} ([^\r\n]{1,255})\r?\n")
UU_ENCODINGS = frozenset({"x-uuencode", "uuencode", "x-uue", "uue"})


def transfer_encoding(value: bytes | None) -> str:
    """The encoding's name without what programs hang on it (`8bit;`, quotes, comments)."""
    if not value:
        return ""
    text = value.decode("latin-1").strip().strip("\"'").lower()
    return re.split(r"[;\s(]", text, maxsplit=1)[0].strip("\"'")


def decode_body(data: bytes, encoding: str, *, is_text: bool, warnings: list[str]) -> bytes:
    """The bytes behind the transfer encoding; unknown encodings are taken as they stand."""
    if encoding == "base64":
        if is_text and PLAIN_TEXT_LINE.search(data[:400]):
            warnings.append("transfer encoding: said base64, is plain text")
            return data
        return decode_base64(data, warnings)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    if encoding in UU_ENCODINGS:
        return _uu_part(data, warnings)
    if encoding not in ("", "7bit", "8bit", "binary", "7-bit", "8-bit") and "/" not in encoding:
        warnings.append(f"transfer encoding: {encoding[:40]!r} is not known")
    return data


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
