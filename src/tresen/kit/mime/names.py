"""File names of attachments: the sender's word, freed of paths and of what cannot be shown."""

from __future__ import annotations

import unicodedata

ENDINGS = {
    "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp", "image/bmp": "bmp",
    "image/tiff": "tif", "image/svg+xml": "svg", "application/pdf": "pdf", "application/zip": "zip",
    "text/plain": "txt", "text/html": "html", "text/csv": "csv", "text/calendar": "ics", "text/vcard": "vcf",
    "text/x-vcard": "vcf", "text/xml": "xml", "application/xml": "xml", "application/json": "json",
    "message/rfc822": "eml", "message/delivery-status": "txt", "message/disposition-notification": "txt",
    "message/feedback-report": "txt", "text/rfc822-headers": "txt", "application/ms-tnef": "dat",
    "application/pkcs7-signature": "p7s", "application/x-pkcs7-signature": "p7s", "application/pgp-signature": "asc",
    "application/pkcs7-mime": "p7m", "application/pgp-encrypted": "asc", "audio/mpeg": "mp3", "audio/wav": "wav",
}  # fmt: skip
# What programs call a part of this type when they give it a name.
USUAL = {
    "application/pgp-signature": "signature.asc", "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s", "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m", "application/ms-tnef": "winmail.dat", "text/calendar": "invite.ics",
    "message/rfc822": "message.eml", "message/global": "message.eml", "message/partial": "partial.eml",
}  # fmt: skip
TYPES = {ending: kind for kind, ending in reversed(ENDINGS.items())} | {
    "txt": "text/plain", "dat": "application/octet-stream", "asc": "text/plain", "jpeg": "image/jpeg",
    "tiff": "image/tiff", "htm": "text/html", "doc": "application/msword", "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint", "rtf": "application/rtf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}  # fmt: skip
LONGEST = 200


def plain_name(name: str) -> str:
    """The last component of what the sender wrote; controls and direction marks as U+FFFD; at most 200 characters with
    the ending kept; "" when nothing is left."""
    name = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    name = "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in name).strip()
    if not name.strip(". "):
        return ""
    if len(name) > LONGEST:
        stem, dot, ending = name.rpartition(".")
        name = stem[: LONGEST - 1 - len(ending)] + "." + ending if dot and len(ending) <= 20 else name[:LONGEST]
    return name


def generated_name(number: int, content_type: str) -> str:
    """A name for a file that came without one."""
    if content_type in USUAL:
        return USUAL[content_type]
    kind, _, subtype = content_type.partition("/")
    stem = subtype if kind == "message" or subtype == "rfc822-headers" else f"attachment-{number}"
    return f"{stem}.{ENDINGS.get(content_type, 'bin')}"


def type_of_name(name: str) -> str:
    """The type a file's ending stands for, for files that came without one."""
    return TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
