"""The object store: bytes under opaque names. A sender's file name is data and never part of a path."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TextIO

from django.conf import settings

CHUNK = 256 * 1024
_journal: ContextVar[TextIO | None] = ContextVar("journal of stored files", default=None)


class FileTooLarge(Exception):
    """More bytes than allowed; `limit` in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"larger than {limit} bytes")
        self.limit = limit


@dataclass(frozen=True)
class StoredFile:
    """What the store knows of one file: its key, size in bytes and SHA-256 (hex)."""

    key: str
    size: int
    sha256: str


def path_of(key: str) -> Path:
    """The place of a key. Raises ValueError for anything that is not a key of ours."""
    if len(key) != 32 or any(c not in "0123456789abcdef" for c in key):
        raise ValueError("not a storage key")
    return Path(settings.FILES) / key[:2] / key


def new_key() -> str:
    """A random key that no file has: for what must be written down before its bytes are stored."""
    return secrets.token_hex(16)


def store(chunks: Iterable[bytes], *, limit: int | None = None, key: str = "") -> StoredFile:
    """Writes the chunks durably under a new random key, or one from `new_key`. Raises FileTooLarge beyond `limit`
    bytes."""
    key = key or new_key()
    target = path_of(key)
    if journal := _journal.get():
        journal.write(f"{key}\n")
        journal.flush()
    _make_folder(target.parent)
    partial = target.with_suffix(".part")
    digest, size = hashlib.sha256(), 0
    try:
        with open(partial, "xb") as file:
            for chunk in chunks:
                size += len(chunk)
                if limit is not None and size > limit:
                    raise FileTooLarge(limit)
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)
        sync_folder(target.parent)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return StoredFile(key, size, digest.hexdigest())


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable: without it a file that is on the disk as a whole may be found nowhere after
    a loss of power."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def store_bytes(data: bytes, *, key: str = "") -> StoredFile:
    """`store()` for bytes at hand."""
    return store([data], key=key)


def open_file(key: str) -> BinaryIO:
    """The bytes of a key, opened for reading. Raises FileNotFoundError."""
    return open(path_of(key), "rb")


def read(key: str) -> bytes:
    """All bytes of a key."""
    with open_file(key) as file:
        return file.read()


def remove(key: str) -> None:
    """Forgets a key, also one that was written half; one that is already gone is no fault."""
    path_of(key).unlink(missing_ok=True)
    path_of(key).with_suffix(".part").unlink(missing_ok=True)


@contextmanager
def journalled(path: Path) -> Iterator[None]:
    """Notes in `path` the key of every file stored meanwhile, before the file is written; the journal goes when all
    went well. What an interruption leaves behind is found by `forget_unfinished`."""
    with open(path, "a", encoding="ascii") as journal:
        fcntl.flock(journal, fcntl.LOCK_EX)
        token = _journal.set(journal)
        try:
            yield
        finally:
            _journal.reset(token)
        path.unlink(missing_ok=True)


def forget_unfinished(path: Path, *, is_used: Callable[[str], bool]) -> int:
    """Removes the files of an interrupted `journalled`, but for those whose key `is_used`; answers how many.

    Leaves everything in its place while the writer of that journal still lives.
    """
    gone = 0
    try:
        journal = open(path, "r+", encoding="ascii")  # noqa: SIM115 - closed below
    except FileNotFoundError:
        return 0
    with journal:
        try:
            fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        for key in journal.read().split():
            try:
                place = path_of(key)
            except ValueError:  # the last line, cut off
                continue
            place.with_suffix(".part").unlink(missing_ok=True)
            if place.exists() and not is_used(key):
                place.unlink(missing_ok=True)
                gone += 1
        path.unlink(missing_ok=True)
    return gone
