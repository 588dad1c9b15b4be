"""Pictures and files of articles."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from tresen.core.knowledge.models import Article, ArticleFile, ArticleText, ArticleVersion
from tresen.core.knowledge.rows import hold, touch
from tresen.kit import clock, files
from tresen.kit.filetypes import INLINE_TYPES, OCTETS, safe_name, type_of
from tresen.kit.pictures import PictureWatch
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

MOST_FILES = 60


class WrongType(Exception):
    """A file of a kind that readers are not given."""


class TooManyFiles(Exception):
    """An article has as many files as it can have."""


def add_file(article: Article, chunks: Iterable[bytes], *, filename: str, by: Actor) -> ArticleFile:
    """A picture or file for the article's texts, stored before the transaction; what it is, its bytes say. Event
    `article.file_added`. Raises files.FileTooLarge (25 MB), WrongType, TooManyFiles."""
    watch = PictureWatch()

    def watched() -> Iterable[bytes]:
        for chunk in chunks:
            watch.see(chunk)
            yield chunk

    stored = files.store(watched(), limit=settings.MAX_FILE_BYTES)
    try:
        name = safe_name(filename)
        kind = type_of(name, bytes(watch.head[:1024]))
        if kind == OCTETS or (kind in INLINE_TYPES and not watch.can_be_shown()):
            raise WrongType(name)
        with transaction.atomic():
            locked = hold(article)
            if locked.files.count() >= MOST_FILES:
                raise TooManyFiles
            row = ArticleFile.objects.create(
                article=locked, name=name, content_type=kind, size=stored.size, storage_key=stored.key,
                created_at=clock.now(),
            )  # fmt: skip
            touch(locked)
            record("article.file_added", stream=locked, by=by, changes={"file": str(row.pk), "size": row.size})
    except BaseException:
        files.remove(stored.key)
        raise
    return row


def in_use(file: ArticleFile) -> bool:
    """Whether some version of the article shows or links it: then it stays, since versions come back."""
    return ArticleVersion.objects.filter(text__article=file.article_id, source__contains=file.path).exists()


def is_out(file: ArticleFile) -> bool:
    """Whether it belongs to words that readers see: it was there when some were published, or they name it. One that
    was added for words to come is not."""
    texts = ArticleText.objects.published().filter(article=file.article_id)
    return texts.filter(Q(published_at__gte=file.created_at) | Q(published__html__contains=str(file.pk))).exists()


class FileInUse(Exception):
    """Some version shows the file."""


@transaction.atomic
def remove_file(file: ArticleFile, *, by: Actor) -> None:
    """Gone with its bytes. Event `article.file_removed`. Raises FileInUse."""
    locked = hold(file.article)
    if in_use(file):
        raise FileInUse
    if ArticleFile.objects.filter(pk=file.pk).delete()[0]:
        touch(locked)
        record("article.file_removed", stream=locked, by=by, changes={"file": str(file.pk)})
        transaction.on_commit(partial(files.remove, file.storage_key))
