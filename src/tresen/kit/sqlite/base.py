"""Django's SQLite, with connections that are used again.

Each request has a thread of its own and gives its connection up at its end. Opening the file, registering Django's
functions and reading the schema anew cost more than the queries of many a page; so a few sound connections wait for
whoever comes next, as the driver's pool does for PostgreSQL.
"""

from __future__ import annotations

import os
import sqlite3
from typing import Any

from django.db.backends.sqlite3 import base

# Each may hold some MB of the file; more at once than these is rare, and they are opened as ever.
MOST_IDLE = 3
# What a connection may have been left with.
AS_AT_FIRST = ("PRAGMA foreign_keys=ON", "PRAGMA synchronous=FULL")

Identity = tuple[str, int, int]
_idle: list[tuple[Identity, Any]] = []
_inherited: list[Any] = []


def _forget() -> None:
    """A child process must neither use nor close what its parent has open (SQLite, How To Corrupt, 2.6)."""
    _inherited.extend(_idle)
    _idle.clear()


os.register_at_fork(after_in_child=_forget)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection of Django; `close` lets the one below it wait for the next."""

    opened: Identity | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """One that waits for this file, or a new one."""
        wanted = _identity(conn_params["database"])
        while _idle:
            try:
                identity, connection = _idle.pop()
            except IndexError:  # another thread was faster
                break
            if identity == wanted:
                for line in AS_AT_FIRST:
                    connection.execute(line)
                self.opened = identity
                return connection
            connection.close()  # the file was replaced
        self.opened = wanted
        return super().get_new_connection(conn_params)

    def _close(self) -> None:
        connection = self.connection
        if connection is None or self.errors_occurred or self.is_in_memory_db() or len(_idle) >= MOST_IDLE:
            super()._close()  # type: ignore[misc]
            return
        identity = self.opened  # as it was opened: the file may have been replaced since
        try:
            if connection.in_transaction:
                connection.rollback()
        except sqlite3.Error:
            identity = None
        if identity is None:
            super()._close()  # type: ignore[misc]
        else:
            _idle.append((identity, connection))

    def close_pool(self) -> None:
        """Closes what waits, as before a fork."""
        while _idle:
            _idle.pop()[1].close()


def _identity(name: Any) -> Identity | None:
    """Which file it is now; None where there is none."""
    try:
        found = os.stat(name)
    except OSError:
        return None
    return str(name), found.st_dev, found.st_ino
