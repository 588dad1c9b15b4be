"""File names and types from strangers: both are data until we have looked ourselves (safety decision 6)."""

from __future__ import annotations

import re
import unicodedata

OCTETS = "application/octet-stream"
# Only these may be shown in the browser; everything else is a download.
INLINE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
)
# By ending, for what has no sure first bytes. Never anything a browser would run (html, svg, xml, js stay octets).
ENDINGS = {
    "txt": "text/plain", "log": "text/plain", "csv": "text/csv", "ics": "text/calendar", "vcf": "text/vcard",
    "eml": "message/rfc822", "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text", "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "zip": "application/zip", "doc": "application/msword", "xls": "application/vnd.ms-excel",
    "mp3": "audio/mpeg", "wav": "audio/wav", "mp4": "video/mp4",
}  # fmt: skip
LOOKS_LIKE_MARKUP = re.compile(rb"<\s*(?:!doctype|html|svg|script|\?xml|head|body|iframe|math)", re.IGNORECASE)
# Names of devices on Windows, also with blanks before the ending or with raised digits.
RESERVED = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)


def safe_name(claimed: str, *, fallback: str = "file") -> str:
    """A file name to show and to offer: no path, no control or direction characters (shown as ␛ marks), at most
    200 characters with its ending kept."""
    name = claimed.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(_visible(c) for c in name).strip(" .")
    if not name or set(name) <= {".", "�"}:
        return fallback
    if RESERVED.match(name):
        name = "_" + name
    if len(name) > 200:
        stem, dot, ending = name.rpartition(".")
        name = stem[: 199 - len(ending[:20])] + "." + ending[:20] if dot else name[:200]
    return name


def _visible(char: str) -> str:
    category = unicodedata.category(char)
    if category in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return "�"
    return "_" if char in '"<>|:*?' else char


def type_of(name: str, head: bytes) -> str:
    """Our own word for the type, from the first bytes and, for harmless kinds, the ending. `head`: first 1 KB."""
    for magic, content_type in MAGIC:
        if head.startswith(magic):
            if content_type != "application/zip":
                return content_type
            ending_type = ENDINGS.get(_ending(name), "")
            return ending_type if ending_type.startswith("application/") else content_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    found = ENDINGS.get(_ending(name), OCTETS)
    if found.startswith("text/") and LOOKS_LIKE_MARKUP.search(head):
        return OCTETS
    return OCTETS if found == "application/zip" else found


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()
