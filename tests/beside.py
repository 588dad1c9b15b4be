"""Somebody else does something at the same moment, until the database makes him wait. PostgreSQL alone: SQLite has one
writer at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db import connection

LONGEST = 20.0
_WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


class Beside:
    """Around the transaction of the test: `start(act)` comes back when the act waits for a lock that this transaction
    holds, or has ended. Leaving it waits for the act, and raises what it raised."""

    def __init__(self) -> None:
        self.fault: BaseException | None = None
        self.thread: threading.Thread | None = None

    def __enter__(self) -> Beside:
        return self

    def start(self, act: Callable[[], object]) -> None:
        """Begins it in a thread and connection of its own."""
        self.thread = threading.Thread(target=self._run, args=(act,))
        self.thread.start()
        until = time.monotonic() + LONGEST
        while self.thread.is_alive() and not _somebody_waits():
            assert time.monotonic() < until, "it neither waits nor ends"
            time.sleep(0.01)

    def _run(self, act: Callable[[], object]) -> None:
        try:
            act()
        except BaseException as fault:
            self.fault = fault
        finally:
            connection.close()

    def __exit__(self, kind: object, *_rest: object) -> None:
        if self.thread is not None:
            self.thread.join(LONGEST)
        if kind is None and self.fault is not None:
            raise self.fault


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_WAITS)
        return bool(cursor.fetchone()[0])
