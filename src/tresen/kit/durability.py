"""How soon a commit must survive the loss of power."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def durable_with_the_next() -> Iterator[None]:
    """Commits inside wait for no disk; they are safe with the next ordinary commit, which takes them along (SQLite's
    write-ahead log is one line). For claims and counters, whose loss with all that came after only repeats work.

    A killed process loses nothing either way. Does nothing inside a transaction, and on PostgreSQL.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
