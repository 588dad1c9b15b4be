"""Waiting until the database has changed: `PRAGMA data_version` on SQLite, LISTEN on PostgreSQL. For one thread."""

from __future__ import annotations

import contextlib
import logging
import time
from threading import Event as Flag
from typing import Any, Protocol

from django.db import connection

log = logging.getLogger("tresen.live")
CHANNEL = "tresen_live"
POLL_SECONDS = 0.15
# Without LISTEN (a pooler between us and the database may refuse it) PostgreSQL is asked this often.
PLAIN_SECONDS = 0.5


class Waking(Protocol):
    """`wait` comes back with True when something was committed, else with False after at most so many seconds."""

    def wait(self, seconds: float, stop: Flag) -> bool: ...

    def close(self) -> None: ...


class SqliteWaking:
    """SQLite counts a number up whenever another connection commits: sqlite.org/pragma.html#pragma_data_version."""

    def __init__(self) -> None:
        self.version = self._version()

    def wait(self, seconds: float, stop: Flag) -> bool:
        """Asks every POLL_SECONDS."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not stop.wait(POLL_SECONDS):
            if (now := self._version()) != self.version:
                self.version = now
                return True
        return False

    def close(self) -> None:
        """Nothing is held but the thread's own connection."""

    def _version(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            return int(cursor.fetchone()[0])


class PostgresWaking:
    """A connection of its own that listens; the trigger of migration 0001 speaks at each commit."""

    def __init__(self) -> None:
        import psycopg

        self.listening: Any = None
        parameters = {**connection.get_connection_params()}
        for name in ("pool", "cursor_factory", "context", "prepare_threshold", "server_side_binding"):
            parameters.pop(name, None)
        try:
            self.listening = psycopg.connect(**parameters, autocommit=True)
            self.listening.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error:
            log.warning("PostgreSQL does not let us LISTEN; it is asked every %s s instead", PLAIN_SECONDS)
            self.close()

    def wait(self, seconds: float, stop: Flag) -> bool:
        """Waits for a word, in steps, so that a stop is heard."""
        if self.listening is None:
            return not stop.wait(PLAIN_SECONDS)
        until = time.monotonic() + seconds
        while time.monotonic() < until and not stop.is_set():
            for _told in self.listening.notifies(timeout=POLL_SECONDS, stop_after=1):
                return True
        return False

    def close(self) -> None:
        """Lets the connection go."""
        if self.listening is not None:
            with contextlib.suppress(Exception):
                self.listening.close()
            self.listening = None


def new_waking() -> Waking:
    """The one for our database; made in the thread that uses it."""
    return PostgresWaking() if connection.vendor == "postgresql" else SqliteWaking()
