"""Previews of attached files: the first pages of a PDF as pictures, the first lines of a text.

A PDF is drawn by a job in the box, the first time an agent asks; the request only looks whether it is done. What nobody
has asked for in a month is swept.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from tresen.core.tickets.models import Attachment
from tresen.core.tickets.preview_models import Preview, PreviewState
from tresen.kit import clock, files
from tresen.kit.box import Box, BoxBusy, BoxDied, BoxFault, BoxTimeout
from tresen.kit.mime.charsets import decode_text, showable
from tresen.kit.pdf import HEIGHT, JOBS, MOST_BYTES, PAGES, WIDTH
from tresen.kit.pictures import picture_size

PDF = "application/pdf"
TEXTS = frozenset({"text/plain", "text/csv"})
MOST_PDF_BYTES = 20 * 1024 * 1024
DRAW_SECONDS, PROCESSOR_SECONDS, MEMORY = 20.0, 8, 512 * 1024 * 1024
LINES, TEXT_BYTES = 100, 64 * 1024
KEPT, NOTED, SWEPT_AT_ONCE, PORTION = timedelta(days=30), timedelta(days=1), 500, 20
# When a row was last asked for whose pictures are being removed.
GIVEN_UP = datetime(1970, 1, 1, tzinfo=UTC)
# A job that is not heard of for so long has come to nothing.
DRAWN_AGAIN = timedelta(minutes=3)
# A box that ends without an answer may have met a busy machine: so often it is tried, and anew when a day is over.
TRIES = 3
TRIED_ANEW = (PreviewState.TOO_MUCH, PreviewState.BROKEN)


def has_preview(file: Attachment) -> bool:
    """Whether there is something to see of it before it is downloaded, pictures apart."""
    return file.content_type == PDF or file.content_type in TEXTS


@transaction.atomic
def preview_of(file: Attachment) -> Preview:
    """The preview of a PDF as far as it is drawn; a job is asked to draw what nobody draws yet. No event: it is how
    one looks at a file."""
    at = clock.now()
    state = PreviewState.WAITING if file.size <= MOST_PDF_BYTES else PreviewState.TOO_LARGE
    values = {"state": state, "asked_at": at}
    found, is_new = Preview.objects.get_or_create(source=file.storage_key, defaults=values)
    is_late = found.asked_at < at - (DRAWN_AGAIN if found.state == PreviewState.WAITING else NOTED)
    if is_late:
        same, found.asked_at = Preview.objects.filter(pk=found.pk, state=found.state), at
        if found.state in TRIED_ANEW:
            found.state, found.tries = state, 0
        same.update(asked_at=at, state=found.state, tries=found.tries)
    if found.state == PreviewState.WAITING and (is_new or is_late):
        _ask_to_draw(file)
    return found


def _ask_to_draw(file: Attachment) -> None:
    from tresen.core.tickets.jobs import draw_preview

    draw_preview.enqueue(source=file.storage_key, key=f"preview:{file.storage_key}")


def drawn_page(file: Attachment, number: int) -> dict[str, Any] | None:
    """Key and size of a drawn page's bytes, from 1 on; None for one that is not there."""
    row = Preview.objects.filter(source=file.storage_key).first()
    return row.pictures[number - 1] if row and 0 < number <= len(row.pictures) else None


@transaction.atomic
def page_is_gone(file: Attachment, key: str) -> None:
    """The bytes of a drawn page are lost: it is drawn anew."""
    row = Preview.objects.select_for_update().filter(source=file.storage_key, state=PreviewState.READY).first()
    if row is None or all(picture["key"] != key for picture in row.pictures):
        return
    _remove(row.pictures)
    row.state, row.pictures, row.tries, row.asked_at = PreviewState.WAITING, [], 0, clock.now()
    row.save()
    _ask_to_draw(file)


def draw(source: str) -> None:
    """Draws what waits to be drawn, once. Raises BoxBusy, and BoxTimeout or BoxDied but for the last try: later."""
    waiting = Preview.objects.filter(source=source, state=PreviewState.WAITING)
    waiting.update(tries=F("tries") + 1)
    row = waiting.first()
    if row is None:
        return
    try:
        state, pages, drawn = _drawn(source)
    except BoxBusy:
        waiting.update(tries=F("tries") - 1)
        raise
    except (BoxTimeout, BoxDied):
        if row.tries < TRIES:
            raise
        state, pages, drawn = PreviewState.TOO_MUCH, 0, []
    pictures = [_picture(data) for data in drawn]
    if not _announce(waiting, pictures):
        return
    try:
        # Where nobody waits for it: a disk takes its time. A kill leaves the keys in the row.
        for picture, data in zip(pictures, drawn, strict=True):
            files.store_bytes(data, key=picture["key"])
    except OSError:
        _remove(pictures)
        if _conclude(waiting, pictures, pictures=[]):
            raise
        return
    if not _conclude(waiting, pictures, state=state, pages=pages):
        _remove(pictures)


def _picture(data: bytes) -> dict[str, Any]:
    width, height = picture_size(data) or (0, 0)
    return {"key": files.new_key(), "size": len(data), "width": width, "height": height}


def _announce(waiting: QuerySet[Preview], pictures: list[dict[str, Any]]) -> bool:
    """Writes down which pictures will be stored, in place of what an earlier try has left; False: nobody waits."""
    with transaction.atomic():
        row = waiting.select_for_update().first()
        if row is not None:
            _remove(row.pictures)
            waiting.update(pictures=pictures)
    return row is not None


def _conclude(waiting: QuerySet[Preview], ours: list[dict[str, Any]], **values: Any) -> bool:
    """Writes down what became of them, if the row still names these pictures: it may have been forgotten meanwhile, or
    be drawn by somebody else."""
    with transaction.atomic():
        row = waiting.select_for_update().first()
        is_ours = row is not None and row.pictures == ours
        if is_ours:
            waiting.update(**values)
    return is_ours


def _drawn(source: str) -> tuple[PreviewState, int, list[bytes]]:
    """What became of it, how many pages the PDF has, and the pictures of the first ones. Raises BoxBusy, BoxTimeout,
    BoxDied."""
    try:
        data = files.read(source)
        with Box(JOBS, size=1, memory=MEMORY, processor_seconds=PROCESSOR_SECONDS) as box:
            found = box.run("draw_pdf", data, timeout=DRAW_SECONDS)
    except FileNotFoundError:
        return PreviewState.BROKEN, 0, []
    except BoxFault as fault:
        return PreviewState.LOCKED if fault.code == "locked" else PreviewState.BROKEN, 0, []
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
    _forget(Preview.objects.filter(source__in=list(sources)))


def sweep_previews() -> None:
    """Forgets what nobody has asked for in a month."""
    _forget(Preview.objects.filter(asked_at__lt=clock.now() - KEPT), most=SWEPT_AT_ONCE)


def _forget(found: QuerySet[Preview], *, most: int | None = None) -> None:
    """In small portions, so that nobody waits long for their rows. A row is given up, then its pictures go, then the
    row: one that a kill or a fault of the disk leaves has its keys still, for the next sweep."""
    chosen = list(found.order_by("pk").values_list("pk", flat=True)[:most])
    for first in range(0, len(chosen), PORTION):
        gone = []
        for row in _given_up(found, chosen[first : first + PORTION]):
            with suppress(OSError):
                _remove(row.pictures)
                gone.append(row.pk)
        with transaction.atomic():
            # Somebody may have asked for one meanwhile: it is being drawn anew.
            still = Preview.objects.select_for_update().filter(pk__in=gone, asked_at=GIVEN_UP).order_by("pk")
            Preview.objects.filter(pk__in=list(still.values_list("pk", flat=True))).delete()


def _given_up(found: QuerySet[Preview], chosen: list[int]) -> list[Preview]:
    """Those of `chosen` that are still to be forgotten, with the pictures they have now; from here on whoever draws one
    finds that nobody waits for it."""
    with transaction.atomic():
        rows = list(found.select_for_update().filter(pk__in=chosen).order_by("pk"))
        held = Preview.objects.filter(pk__in=[row.pk for row in rows])
        held.update(state=PreviewState.BROKEN, asked_at=GIVEN_UP)
    return rows


def _remove(pictures: Iterable[dict[str, Any]]) -> None:
    for picture in pictures:
        files.remove(picture["key"])
