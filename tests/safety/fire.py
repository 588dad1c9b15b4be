"""Many acts at the same moment, each with a connection of its own, and what the database said to them.

An act that the database refuses since it is too busy is tried again, as a browser or a program would; how often is
counted, and a deadlock among them is never hidden: PostgreSQL's own count of them tells.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import OperationalError, connection

TRIES = 60


class Refused(Exception):
    """The desk has answered 503: nothing was saved, try again."""


@dataclass
class Fire:
    """How it went: what went wrong, and how often an act was tried again since the database was too busy."""

    faults: list[Exception] = field(default_factory=list)
    retries: list[str] = field(default_factory=list)
    deadlocks: int = 0


def fire(acts: Iterable[Callable[[], object]], *, threads: int) -> Fire:
    """All acts by so many threads, which begin together; the acts are begun in their order."""
    told, left, guard = Fire(), list(acts), threading.Lock()
    gate = threading.Barrier(threads, timeout=60)
    before = deadlocks_so_far()

    def work() -> None:
        gate.wait()
        while True:
            with guard:
                if not left:
                    break
                act = left.pop(0)
            _do(act, told)
        connection.close()

    running = [threading.Thread(target=work) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    told.deadlocks = deadlocks_so_far() - before
    return told


def _do(act: Callable[[], object], told: Fire) -> None:
    for attempt in range(TRIES):
        try:
            act()
            return
        except (OperationalError, Refused) as refused:
            told.retries.append(str(refused))
            time.sleep(0.005 * (attempt + 1))
        except Exception as fault:
            told.faults.append(fault)
            return
    told.faults.append(TimeoutError(f"tried {TRIES} times: {told.retries[-1]}"))


def deadlocks_so_far() -> int:
    """Those that PostgreSQL has ended in this database; connections that are over have told theirs. SQLite has none."""
    if connection.vendor != "postgresql":
        return 0
    everybody = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    with connection.cursor() as cursor:
        cursor.execute(everybody)
        over = set(cursor.fetchall())
    connection.close()
    connection.close_pool()
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute(everybody)
            if not over & set(cursor.fetchall()):
                break
            time.sleep(0.01)
        cursor.execute("SELECT pg_stat_force_next_flush(), pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])
