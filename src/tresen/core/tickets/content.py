"""What a message brings along: its texts, and its files, prepared before any transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from tresen.core.tickets.models import Agent, Attachment
from tresen.kit import clock, files
from tresen.kit.filetypes import INLINE_TYPES, OCTETS, safe_name, type_of
from tresen.kit.html import SANITISER_VERSION, text_to_html
from tresen.kit.pictures import PictureWatch

# What the column of blocked images holds on every database.
MOST_IMAGES = 32_767


@dataclass(frozen=True)
class Content:
    """The texts of a message. `text` is everything visible, `reply_text` what is new in it (empty: all of it);
    `html` is cleaned, `html_source` as it came."""

    text: str
    reply_text: str = ""
    html_source: str = ""
    html: str = ""
    html_version: int = 0
    blocked_images: int = 0
    subject: str = ""

    @property
    def preview(self) -> str:
        """The start of what is new, in one line of at most 160 characters."""
        return " ".join((self.reply_text or self.text)[:800].split())[:160]


def with_pictures(text: str, files: Iterable[Attachment]) -> Content:
    """The content of an answer that was written as plain text: where it says `[picture.png]`, and a picture of that
    name is among the files, the picture stands in its place. Ties these files to it; they are saved by the caller."""
    html, tied = text_to_html(text), False
    for file in files:
        mark = escape(f"[{file.filename}]")
        if file.content_type in INLINE_TYPES and mark in html:
            file.content_id, file.is_inline, tied = str(file.pk), True, True
            html = html.replace(mark, f'<img data-cid="{file.pk}" alt="{escape(file.filename)}">')
    return Content(text=text, html=html, html_version=SANITISER_VERSION) if tied else Content(text=text)


def formatted(text: str, files: Iterable[Attachment], *, source: str, html: str, version: int) -> Content:
    """The content of an answer that was written with formatting: `html` is `source` cleaned. A picture named in
    brackets stands in its place, as in `with_pictures`."""
    for file in files:
        mark = escape(f"[{file.filename}]")
        if file.content_type in INLINE_TYPES and mark in html:
            file.content_id, file.is_inline = str(file.pk), True
            html = html.replace(mark, f'<img data-cid="{file.pk}" alt="{escape(file.filename)}">')
    return Content(text=text, html=html, html_source=source, html_version=version)


def tie_pictures(html: str, files: Iterable[Attachment]) -> None:
    """Ties files to the pictures of a cleaned HTML that name them, by their key or by their name
    (`<img src="cid:chart.png">`). They are saved by the caller."""
    for file in files:
        for name in (str(file.pk), file.filename):
            if file.content_type in INLINE_TYPES and f'data-cid="{escape(name)}"' in html:
                file.content_id, file.is_inline = name, True


def prepare_file(
    chunks: Iterable[bytes], *, filename: str, limit: int | None = None, content_id: str = "", is_inline: bool = False,
    uploaded_by: Agent | None = None,
) -> Attachment:  # fmt: skip
    """Stores the bytes and answers an Attachment that is not saved yet; a picture that no browser should decode is
    a download. Raises files.FileTooLarge."""
    watch = PictureWatch()

    def watched() -> Iterable[bytes]:
        for chunk in chunks:
            watch.see(chunk)
            yield chunk

    stored = files.store(watched(), limit=limit)
    name = safe_name(filename)
    kind = type_of(name, bytes(watch.head[:1024]))
    if kind in INLINE_TYPES and not watch.can_be_shown():
        kind = OCTETS
    return Attachment(
        storage_key=stored.key, filename=name, content_type=kind, size=stored.size,
        sha256=stored.sha256, content_id=content_id[:200], is_inline=is_inline, uploaded_by=uploaded_by,
        created_at=clock.now(),
    )  # fmt: skip
