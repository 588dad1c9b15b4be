"""The words of one part: what its bytes, its charset and its program's habits make of them."""

from __future__ import annotations

import bisect
import re

from tresen.kit.mime.armour import is_encrypted, without_armour
from tresen.kit.mime.charsets import decode_text
from tresen.kit.mime.enriched import plain_from_enriched
from tresen.kit.mime.flowed import unflow
from tresen.kit.mime.names import plain_name
from tresen.kit.mime.parsed import ENCRYPTED, AttachedFile
from tresen.kit.mime.transfer import UU_BEGIN, YENC_BEGIN, decode_uu, decode_yenc
from tresen.kit.mime.tree import Part

UU_END = re.compile(rb"(?:^|\n)end[ \t]*(?=\r?\n|\Z)")
YENC_END = re.compile(rb"(?:^|\n)=yend [^\r\n]*(?=\r?\n|\Z)")
META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
MOST_FILES = 100


def html_of(part: Part, warnings: list[str]) -> str:
    """The HTML source of a text/html part; its own `meta` names the charset where the header does not."""
    data = part.data(warnings)
    found = None if part.charset else META_CHARSET.search(data[:4096])
    return decode_text(data, found[1].decode("ascii") if found else part.charset, warnings)


def text_of(part: Part, warnings: list[str]) -> tuple[str, list[AttachedFile]]:
    """The text of a plain part, and the files that stand encoded in it."""
    is_whole = part.content_type.startswith("multipart/")  # one without boundaries
    data = part.raw[part.start : part.end] if is_whole else part.data(warnings)
    data, files = _files_inside(data, warnings)
    text = decode_text(data, part.charset, warnings)
    if part.content_type in ("text/enriched", "text/richtext"):
        return plain_from_enriched(text), files
    if part.parameter("format").lower() == "flowed":
        text = unflow(text, delsp=part.parameter("delsp").lower() == "yes")
    if is_encrypted(text):
        warnings.append(f"{ENCRYPTED}PGP")
    return without_armour(text), files


def _files_inside(data: bytes, warnings: list[str]) -> tuple[bytes, list[AttachedFile]]:
    """Files that stand uuencoded or yEncoded in the text, and the text without them."""
    files: list[AttachedFile] = []
    if b"begin" in data:
        data = _take_out(data, UU_BEGIN, UU_END, files, warnings)
    if b"=ybegin" in data:
        data = _take_out(data, YENC_BEGIN, YENC_END, files, warnings)
    return data, files


def _take_out(
    data: bytes, begin: re.Pattern[bytes], end: re.Pattern[bytes], files: list[AttachedFile], warnings: list[str]
) -> bytes:
    """One pass: a beginning needs an end after it."""
    ends = [(found.start(), found.end()) for found in end.finditer(data)]
    stops = [stop for _, stop in ends]
    kept: list[bytes] = []
    at = 0
    for found in begin.finditer(data):
        position = bisect.bisect_left(stops, found.end())
        if position == len(ends) or len(files) >= MOST_FILES:
            break
        if found.start() < at:
            continue
        inside = data[found.end() : stops[position]]
        body = decode_yenc(inside) if end is YENC_END else decode_uu(inside.split(b"\n"), warnings)[0]
        if not body:
            continue
        files.append(AttachedFile(plain_name(decode_text(found[1].strip(), None)), "application/octet-stream", body))
        kept.append(data[at : found.start()])
        at = stops[position]
    return b"".join([*kept, data[at:]])
