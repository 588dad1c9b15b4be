"""From the tree of parts to what a person sees: one text, one HTML, the files."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass, field

from tresen.kit.html import text_from_any, text_to_html
from tresen.kit.mime.charsets import decode_text, showable
from tresen.kit.mime.flowed import unflow
from tresen.kit.mime.headers import decode_header, first, split_block
from tresen.kit.mime.limits import MailUnreadable
from tresen.kit.mime.names import generated_name, plain_name
from tresen.kit.mime.parsed import AttachedFile
from tresen.kit.mime.transfer import UU_BEGIN, decode_uu
from tresen.kit.mime.tree import Part

READ_AS_TEXT = frozenset({"text/plain", "text/markdown", "text/x-markdown", "text/enriched", "text/richtext", "text/"})
MACHINE_PARTS = frozenset({"message/delivery-status", "message/disposition-notification", "message/feedback-report",
                           "message/global-delivery-status", "text/rfc822-headers"})  # fmt: skip
NOT_SHOWN = frozenset({"text/x-amp-html", "application/applefile"})
UU_END = re.compile(rb"(?:^|\n)end[ \t]*(?=\r?\n|\Z)")
CID = re.compile(r"cid:([^\"'\s>)]{1,200})", re.IGNORECASE)
TAG = re.compile(r"<[^<>]{0,200}>")
# A plain part this short beside a long HTML part only says that the program cannot show HTML.
STUB = 300


@dataclass
class Block:
    """A stretch of the mail that has a plain form, an HTML form, or both."""

    text: str | None = None
    html: str | None = None

    def as_text(self) -> str:
        """The plain form, made from the HTML where there is none or it is a mere stub."""
        if self.html is None:
            return self.text or ""
        if self.text and self.text.strip():
            if len(self.text) > STUB or len(self.html) < 4 * len(self.text):
                return self.text
            made = text_from_any(self.html)
            return made if len(made.strip()) > 4 * len(self.text.strip()) else self.text
        return text_from_any(self.html)

    def as_html(self) -> str:
        """The HTML form, made from the text where there is none."""
        return self.html if self.html is not None else text_to_html(self.text or "")


@dataclass
class Content:
    """What was collected from a part and all below it."""

    blocks: list[Block] = field(default_factory=list)
    files: list[AttachedFile] = field(default_factory=list)

    def text(self) -> str:
        """All visible text."""
        return "\n\n".join(filter(None, (block.as_text().strip("\n") for block in self.blocks)))

    def html(self) -> str | None:
        """All of it as HTML, None when the mail has none."""
        if not any(block.html is not None for block in self.blocks):
            return None
        return "\n".join(block.as_html() for block in self.blocks)


def collect(part: Part, warnings: list[str]) -> Content:
    """The content of a whole mail. Depth is bounded by the tree's limit, so recursion is safe."""
    content = _collect(part, warnings, is_root=True)
    _mark_inline(content)
    _name_files(content.files)
    return content


def _collect(part: Part, warnings: list[str], *, is_root: bool = False) -> Content:
    if not part.content_type.startswith("multipart/"):
        return _leaf(part, warnings, is_root=is_root)
    if not part.children:
        # Without boundaries it is one piece: a file where it is sent as one, else text.
        is_file = part.disposition == "attachment" and not is_root
        return _as_file(part, warnings) if is_file else _as_text(part, warnings)
    parts = [_collect(child, warnings) for child in part.children]
    if part.content_type == "multipart/alternative":
        return _alternative(parts)
    if part.content_type == "multipart/related":
        return _related(part, parts)
    return Content([block for each in parts for block in each.blocks], [file for each in parts for file in each.files])


def _alternative(parts: list[Content]) -> Content:
    """The same content in several forms: the first plain one and the richest (last) HTML one."""
    plain = next((each for each in parts if each.blocks and all(b.html is None for b in each.blocks)), None)
    rich = next((each for each in reversed(parts) if any(b.html is not None for b in each.blocks)), None)
    block = Block(plain.text() if plain else None, rich.html() if rich else None)
    if plain is None and rich is not None and any(b.text for b in rich.blocks):
        block.text = rich.text()
    blocks = [block] if plain or rich else []
    return Content(blocks, [file for each in parts for file in each.files])


def _related(part: Part, parts: list[Content]) -> Content:
    """The root is what is seen (RFC 2387: `start`, else the first); the rest belongs to it."""
    start = part.parameter("start").strip("<>")
    roots = [i for i, child in enumerate(part.children) if start and child.content_id == start]
    root = roots[0] if roots else next((i for i, each in enumerate(parts) if each.blocks), 0)
    order = [parts[root], *parts[:root], *parts[root + 1 :]]
    # More text beside the root is text all the same (a footer put in by a gateway).
    return Content([block for each in order for block in each.blocks], [file for each in order for file in each.files])


def _leaf(part: Part, warnings: list[str], *, is_root: bool) -> Content:
    if part.content_type in NOT_SHOWN:
        return Content()
    is_file = part.disposition == "attachment" or (part.filename and not is_root)
    if part.content_type in MACHINE_PARTS or (is_file and part.content_type != "text/html"):
        return _as_file(part, warnings)
    if part.content_type == "text/html":
        return _as_file(part, warnings) if is_file else _as_html(part, warnings)
    is_nameless_root = is_root and part.content_type == "application/octet-stream" and not part.filename
    if part.content_type in READ_AS_TEXT or is_nameless_root:
        return _as_text(part, warnings)
    return _as_file(part, warnings)


def _as_html(part: Part, warnings: list[str]) -> Content:
    html = decode_text(part.data(warnings), part.charset or _meta_charset(part), warnings)
    return Content([Block(html=html)]) if html.strip() else Content([Block(html="")])


META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)


def _meta_charset(part: Part) -> str | None:
    found = META_CHARSET.search(part.raw, part.start, min(part.end, part.start + 4096))
    return found[1].decode("ascii") if found else None


def _as_text(part: Part, warnings: list[str]) -> Content:
    start, end = part.start, part.end
    if part.content_type.startswith("multipart/"):
        data = part.raw[start:end]
    else:
        data = part.data(warnings)
    data, files = _uu_files(data, warnings)
    text = decode_text(data, part.charset, warnings)
    if part.content_type in ("text/enriched", "text/richtext"):
        text = TAG.sub("", text)
    elif part.parameter("format").lower() == "flowed":
        text = unflow(text, delsp=part.parameter("delsp").lower() == "yes")
    return Content([Block(text=text)], files)


def _uu_files(data: bytes, warnings: list[str]) -> tuple[bytes, list[AttachedFile]]:
    """Files that stand uuencoded in the text, and the text without them. One pass: a `begin` needs an `end` after
    it."""
    begins = list(UU_BEGIN.finditer(data)) if b"begin" in data else []
    if not begins:
        return data, []
    ends = [found.end() for found in UU_END.finditer(data)]
    kept: list[bytes] = []
    files: list[AttachedFile] = []
    at = 0
    for begin in begins:
        position = bisect.bisect_left(ends, begin.end())
        if position == len(ends) or len(files) >= 100:
            break
        if begin.start() < at:
            continue
        body, _ = decode_uu(data[begin.end() : ends[position]].split(b"\n"), warnings)
        if not body:
            continue
        name = plain_name(decode_text(begin[1].strip(), None))
        files.append(AttachedFile(name, "application/octet-stream", body))
        kept.append(data[at : begin.start()])
        at = ends[position]
    return b"".join([*kept, data[at:]]), files


def _as_file(part: Part, warnings: list[str]) -> Content:
    data = part.data(warnings)
    name = plain_name(part.filename)
    if part.content_type == "message/rfc822" and not name:
        name = _name_from_subject(data)
    inline = part.disposition == "inline" and part.content_type.startswith("image/")
    kind = part.content_type
    return Content(files=[AttachedFile(name, kind, data, showable(part.content_id), inline)])


def _name_from_subject(data: bytes) -> str:
    """A forwarded mail is named after its subject. Only its first header block is looked at."""
    try:
        headers, _ = split_block(data[: 64 * 1024], 0, min(len(data), 64 * 1024), [])
    except MailUnreadable:
        return ""
    subject = decode_header(first(headers, "subject") or b"")
    return plain_name(subject.replace("/", "-").replace("\\", "-")[:120] + ".eml") if subject else ""


def _mark_inline(content: Content) -> None:
    """A file the HTML refers to is inline wherever it stands in the tree."""
    wanted: set[str] = set()
    for block in content.blocks:
        if block.html and "cid:" in block.html.lower():
            wanted.update(found[1].lower() for found in CID.finditer(block.html))
    for file in content.files:
        if file.content_id and file.content_id.lower() in wanted:
            file.inline = True


def _name_files(files: list[AttachedFile]) -> None:
    for number, file in enumerate(files, start=1):
        if not file.filename:
            file.filename = generated_name(number, file.content_type)
