"""Previews of attached files: the first pages of a PDF as pictures, the first lines of a text.

A PDF is drawn by a job in the box, the first time an agent asks; the request only looks whether it is done. What nobody
has asked for in a month is swept.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.db import transaction

from tresen.core.tickets.models import Attachment
from tresen.core.tickets.preview_models import Preview, PreviewState
from tresen.kit import clock, files
from tresen.kit.box import Box, BoxBusy, BoxError, BoxFault
from tresen.kit.mime.charsets import decode_text, showable
from tresen.kit.pdf import HEIGHT, JOBS, MOST_BYTES, PAGES, WIDTH
from tresen.kit.pictures import picture_size

PDF = "application/pdf"
TEXTS = frozenset({"text/plain", "text/csv"})
MOST_PDF_BYTES = 20 * 1024 * 1024
DRAW_SECONDS, PROCESSOR_SECONDS, MEMORY = 20.0, 8, 512 * 1024 * 1024
LINES, TEXT_BYTES = 100, 64 * 1024
KEPT, NOTED, SWEPT_AT_ONCE = timedelta(days=30), timedelta(days=1), 500
# A job that is not heard of for so long has come to nothing.
DRAWN_AGAIN = timedelta(minutes=3)


def has_preview(file: Attachment) -> bool:
    """Whether there is something to see of it before it is downloaded, pictures apart."""
    return file.content_type == PDF or file.content_type in TEXTS


def preview_of(file: Attachment) -> tuple[Preview, bool]:
    """The preview of a PDF as far as it is drawn, and whether somebody has yet to draw it. No event: it is how one
    looks at a file."""
    at = clock.now()
    state = PreviewState.WAITING if file.size <= MOST_PDF_BYTES else PreviewState.TOO_LARGE
    values = {"state": state, "asked_at": at}
    found, is_new = Preview.objects.get_or_create(source=file.storage_key, defaults=values)
    waits = found.state == PreviewState.WAITING
    is_late = found.asked_at < at - (DRAWN_AGAIN if waits else NOTED)
    if is_late:
        Preview.objects.filter(pk=found.pk).update(asked_at=at)
    return found, waits and (is_new or is_late)


def drawn_page(file: Attachment, number: int) -> dict[str, Any] | None:
    """Key and size of a drawn page's bytes, from 1 on; None for one that is not there."""
    row = Preview.objects.filter(source=file.storage_key).first()
    return row.pictures[number - 1] if row and 0 < number <= len(row.pictures) else None


def draw(source: str) -> None:
    """Draws what waits to be drawn, once. Raises BoxBusy: later."""
    row = Preview.objects.filter(source=source, state=PreviewState.WAITING).first()
    if row is None:
        return
    state, pages, drawn = _drawn(source)
    pictures: list[dict[str, Any]] = []
    for data in drawn:
        width, height = picture_size(data) or (0, 0)
        stored = files.store_bytes(data)
        pictures.append({"key": stored.key, "size": stored.size, "width": width, "height": height})
    done = Preview.objects.filter(pk=row.pk, state=PreviewState.WAITING)
    if not done.update(state=state, pages=pages, pictures=pictures):
        _forget_files(picture["key"] for picture in pictures)


def _drawn(source: str) -> tuple[PreviewState, int, list[bytes]]:
    """What became of it, how many pages the PDF has, and the pictures of the first ones."""
    try:
        data = files.read(source)
        with Box(JOBS, size=1, memory=MEMORY, processor_seconds=PROCESSOR_SECONDS) as box:
            found = box.run("draw_pdf", data, timeout=DRAW_SECONDS)
    except FileNotFoundError:
        return PreviewState.BROKEN, 0, []
    except BoxBusy:
        raise
    except BoxFault as fault:
        return PreviewState.LOCKED if fault.code == "locked" else PreviewState.BROKEN, 0, []
    except BoxError:
        return PreviewState.TOO_MUCH, 0, []
    return PreviewState.READY, int(found["pages"]), _pictures(found["pictures"])


def _pictures(claimed: Iterable[object]) -> list[bytes]:
    """What comes out of the box is a stranger's word too: pictures of ours alone, no larger than we draw them."""
    found = [one for one in claimed if isinstance(one, bytes) and len(one) <= MOST_BYTES][:PAGES]
    sizes = [(one, picture_size(one)) for one in found]
    return [one for one, size in sizes if size and size[0] <= WIDTH + 1 and size[1] <= HEIGHT + 1]


def first_lines(file: Attachment) -> tuple[str, bool]:
    """The first lines of a text, and whether there are more. Raises FileNotFoundError."""
    with files.open_file(file.storage_key) as stored:
        data = stored.read(TEXT_BYTES + 1)
    is_cut = len(data) > TEXT_BYTES
    lines = showable(decode_text(data[:TEXT_BYTES], None)).splitlines()
    return "\n".join(lines[:LINES]), is_cut or len(lines) > LINES


def forget_previews(sources: Iterable[str]) -> None:
    """Of files that are gone for good."""
    rows = list(Preview.objects.filter(source__in=list(sources)))
    _forget(rows)


def sweep_previews() -> None:
    """Forgets what nobody has asked for in a month; a PDF that was too much may then be tried again."""
    _forget(list(Preview.objects.filter(asked_at__lt=clock.now() - KEPT)[:SWEPT_AT_ONCE]))


def _forget(rows: list[Preview]) -> None:
    with transaction.atomic():
        Preview.objects.filter(pk__in=[row.pk for row in rows]).delete()
    _forget_files(picture["key"] for row in rows for picture in row.pictures)


def _forget_files(keys: Iterable[str]) -> None:
    for key in keys:
        with suppress(OSError):
            files.remove(key)
