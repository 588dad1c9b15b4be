"""From the tree of parts to what a person sees: one text, one HTML, the files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tresen.kit.html import text_from_any, text_to_html
from tresen.kit.mime.bodies import html_of, text_of
from tresen.kit.mime.charsets import decode_text, showable
from tresen.kit.mime.headers import decode_header, first, split_block
from tresen.kit.mime.invitation import text_of_invitation
from tresen.kit.mime.limits import MailUnreadable
from tresen.kit.mime.names import plain_name
from tresen.kit.mime.parsed import ENCRYPTED, AttachedFile
from tresen.kit.mime.places import tie_files
from tresen.kit.mime.tree import Part
from tresen.kit.mime.wrapped import files_of, outlook_content, signed_part

READ_AS_TEXT = frozenset({"text/plain", "text/markdown", "text/x-markdown", "text/enriched", "text/richtext", "text/"})
MACHINE_PARTS = frozenset({"message/delivery-status", "message/disposition-notification", "message/feedback-report",
                           "message/global-delivery-status", "text/rfc822-headers"})  # fmt: skip
CALENDARS = frozenset({"text/calendar", "application/ics"})
NOT_SHOWN = frozenset({"text/x-amp-html", "application/applefile"})
# HTML that comes without saying so.
PAGE = re.compile(rb"\s{0,50}<(?:!doctype html|html)[\s>]", re.IGNORECASE)
# A plain part this short beside a long HTML part only says that the program cannot show HTML.
STUB = 300
MOST_WRAPPINGS = 3
WORDS = re.compile(r"\w+")
LEAST_WORDS = 3


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

    def is_blank(self) -> bool:
        """Whether there is nothing to see."""
        return not ((self.text and self.text.strip()) or (self.html and self.html.strip()))


@dataclass
class Content:
    """What was collected from a part and all below it. `spare` holds what is shown only where nothing else is: the
    text of named parts, of invitations, of a winmail.dat."""

    blocks: list[Block] = field(default_factory=list)
    files: list[AttachedFile] = field(default_factory=list)
    spare: list[Block] = field(default_factory=list)

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
    content = _collect(part, warnings, is_body=True)
    if all(block.is_blank() for block in content.blocks):
        content.blocks = [block for block in content.spare if not block.is_blank()][:1] or content.blocks
    content.blocks = _told_once(content.blocks)
    content.files = tie_files(content.blocks, content.files)
    return content


def _told_once(blocks: list[Block]) -> list[Block]:
    """Plain text followed by the same as HTML, side by side instead of as alternatives: both forms of one block."""
    out: list[Block] = []
    for block in blocks:
        last = out[-1] if out else None
        if last and last.html is None and block.text is None and _says_the_same(last.text or "", block.html or ""):
            last.html = block.html
        else:
            out.append(block)
    return out


def _says_the_same(text: str, html: str) -> bool:
    words = WORDS.findall(text)
    return len(words) >= LEAST_WORDS and words == WORDS.findall(text_from_any(html))


def _collect(part: Part, warnings: list[str], *, is_body: bool = False, wrappings: int = 0) -> Content:
    """`is_body`: where the text of a mail stands, a name does not make a file of it."""
    if not part.content_type.startswith("multipart/"):
        return _leaf(part, warnings, is_body=is_body, wrappings=wrappings)
    if part.content_type == "multipart/encrypted":
        warnings.append(ENCRYPTED + "PGP")
    if not part.children:
        # Without boundaries it is one piece: a file where it is sent as one, else text.
        is_file = part.disposition == "attachment" and not (is_body and part.depth == 0)
        return _as_file(part, warnings) if is_file else _as_text(part, warnings)
    is_alternative = part.content_type == "multipart/alternative"
    root = _root(part) if part.content_type == "multipart/related" else None
    parts = [
        _collect(child, warnings, is_body=is_alternative or child is root, wrappings=wrappings)
        for child in part.children
    ]
    if is_alternative:
        return _alternative(part, parts)
    if root is not None:
        # The root is what is seen. More text beside it is text all the same (a footer put in by a gateway).
        place = part.children.index(root)
        parts = [parts[place], *parts[:place], *parts[place + 1 :]]
    return _joined(parts)


def _joined(parts: list[Content]) -> Content:
    whole = Content()
    for each in parts:
        whole.blocks += each.blocks
        whole.files += each.files
        whole.spare += each.spare
    return whole


def _alternative(part: Part, parts: list[Content]) -> Content:
    """The same content in several forms: the first plain one and the richest (last) HTML one. Several of one plain
    type are no forms of one another: all of them are shown."""
    if len(parts) > 1 and all(child.content_type == "text/plain" for child in part.children):
        return _joined(parts)
    plain = next((each for each in parts if each.blocks and all(b.html is None for b in each.blocks)), None)
    rich = next((each for each in reversed(parts) if any(b.html is not None for b in each.blocks)), None)
    whole = _joined(parts)
    block = Block(plain.text() if plain else None, rich.html() if rich else None)
    if plain is None and rich is not None and any(b.text for b in rich.blocks):
        block.text = rich.text()
    whole.blocks = [block] if plain or rich else []
    return whole


def _root(part: Part) -> Part:
    """The part that is seen (RFC 2387: `start`, else the first one that holds text)."""
    start = part.parameter("start").strip("<>")
    named = next((child for child in part.children if start and child.content_id == start), None)
    texts = (child for child in part.children if child.content_type.startswith(("text/", "multipart/")))
    return named or next(texts, part.children[0])


def _leaf(part: Part, warnings: list[str], *, is_body: bool, wrappings: int) -> Content:
    kind = part.content_type
    if kind in NOT_SHOWN:
        return Content()
    is_file = part.disposition == "attachment" or bool(part.filename and not is_body)
    if kind in MACHINE_PARTS:
        return _as_file(part, warnings)
    if kind in READ_AS_TEXT or kind == "text/html":
        if not is_file:
            return _as_text(part, warnings)
        named = _as_file(part, warnings)
        if part.disposition != "attachment" or not part.filename:
            named.spare = [block for block in _as_text(part, []).blocks if "\ufffd" not in (block.text or "")]
        return named
    if kind in CALENDARS:
        return _as_calendar(part, warnings)
    if kind == "application/octet-stream" and is_body and part.depth == 0 and not part.filename:
        return _as_text(part, warnings)
    if wrappings < MOST_WRAPPINGS:
        unwrapped = _unwrapped(part, warnings, wrappings)
        if unwrapped is not None:
            return unwrapped
    return _as_file(part, warnings)


def _unwrapped(part: Part, warnings: list[str], wrappings: int) -> Content | None:
    inner = signed_part(part, warnings)
    if inner is not None:
        return _collect(inner, warnings, is_body=True, wrappings=wrappings + 1)
    found = outlook_content(part, warnings)
    if found is None:
        return None
    return Content(files=files_of(found), spare=[Block(found.text or None, found.html)])


def _as_text(part: Part, warnings: list[str]) -> Content:
    if part.content_type == "text/html" or (not part.says_type and PAGE.match(part.raw, part.start)):
        return Content([Block(html=html_of(part, warnings))])
    text, files = text_of(part, warnings)
    return Content([Block(text=text)], files)


def _as_calendar(part: Part, warnings: list[str]) -> Content:
    content = _as_file(part, warnings)
    content.spare = [Block(text=text_of_invitation(decode_text(content.files[0].data, part.charset)))]
    return content


def _as_file(part: Part, warnings: list[str]) -> Content:
    data = part.data(warnings)
    name = plain_name(part.filename)
    if part.content_type in ("message/rfc822", "message/global") and not name:
        name = _name_from_subject(data)
    inline = part.disposition == "inline" and part.content_type.startswith("image/")
    return Content(
        files=[AttachedFile(name, part.content_type, data, showable(part.content_id), inline, showable(part.location))]
    )


def _name_from_subject(data: bytes) -> str:
    """A forwarded mail is named after its subject. Only its first header block is looked at."""
    try:
        headers, _ = split_block(data[: 64 * 1024], 0, min(len(data), 64 * 1024), [])
    except MailUnreadable:
        return ""
    subject = decode_header(first(headers, "subject") or b"")
    return plain_name(subject.replace("/", "-").replace("\\", "-")[:120] + ".eml") if subject else ""
