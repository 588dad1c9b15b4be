"""Files of saved replies and macros: kept once with the text, copied whenever it is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial

from django.conf import settings
from django.db import transaction

from tresen.core.people.models import Agent
from tresen.core.tickets.content import prepare_file
from tresen.core.tickets.models import Attachment
from tresen.kit import clock, files
from tresen.kit.filetypes import safe_name
from tresen.service.texts.models import KeptFile, KeptText, Macro
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

CHUNK = 1 << 16


class TooManyFiles(Exception):
    """A text has as many files as a message takes."""


class KeptFileGone(Exception):
    """A file that is kept has no bytes any more; its name."""


def files_of(kept: KeptText) -> list[KeptFile]:
    """In the order in which they came."""
    return list(kept.files.order_by("pk"))  # type: ignore[attr-defined]


def add_file(kept: KeptText, chunks: Iterable[bytes], *, filename: str, by: Actor) -> KeptFile:
    """One more file, stored before the transaction. Event `saved_reply.changed` or `macro.changed`. Raises
    files.FileTooLarge, TooManyFiles."""
    stored = files.store(chunks, limit=settings.MAX_FILE_BYTES)
    try:
        with transaction.atomic():
            locked = type(kept)._default_manager.select_for_update().get(pk=kept.pk)
            if len(files_of(locked)) >= settings.MAX_FILES:
                raise TooManyFiles
            row = KeptFile.objects.create(
                **{_field(kept): locked}, storage_key=stored.key, filename=safe_name(filename), size=stored.size,
                sha256=stored.sha256, created_at=clock.now(),
            )  # fmt: skip
            record(f"{_field(kept)}.changed", stream=locked, by=by, changes={"files": True})
    except BaseException:
        files.remove(stored.key)
        raise
    return row


def remove_file(file: KeptFile, *, by: Actor) -> None:
    """Gone with its bytes; drafts and messages keep their copies. Event as of `add_file`."""
    kept = file.macro or file.saved_reply
    assert kept is not None
    with transaction.atomic():
        KeptFile.objects.filter(pk=file.pk).delete()
        record(f"{_field(kept)}.changed", stream=kept, by=by, changes={"files": True})
        transaction.on_commit(partial(files.remove, file.storage_key))


def copies_of(kept: KeptText, agent: Agent) -> list[Attachment]:
    """The files once more, each with bytes of its own, as attachments that are not saved yet; all, or none. Raises
    KeptFileGone."""
    made: list[Attachment] = []
    try:
        for file in files_of(kept):
            try:
                made.append(prepare_file(_chunks(file.storage_key), filename=file.filename, uploaded_by=agent))
            except FileNotFoundError as fault:
                raise KeptFileGone(file.filename) from fault
    except BaseException:
        _remove(made)
        raise
    return made


@contextmanager
def copied(kept: KeptText, agent: Agent) -> Iterator[list[Attachment]]:
    """The copies for a message; what was copied for one that is not written is gone again. Raises KeptFileGone."""
    made = copies_of(kept, agent)
    try:
        yield made
    except BaseException:
        _remove(made)
        raise


def _remove(copies: Iterable[Attachment]) -> None:
    for copy in copies:
        files.remove(copy.storage_key)


def _field(kept: KeptText) -> str:
    return "macro" if isinstance(kept, Macro) else "saved_reply"


def _chunks(key: str) -> Iterator[bytes]:
    with files.open_file(key) as file:
        while chunk := file.read(CHUNK):
            yield chunk
