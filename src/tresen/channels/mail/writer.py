"""Stores what all sessions of the listener bring, in one thread: several mails share a transaction, so that the disk is
asked once for all of them. A session is answered when its own mail is safe."""

from __future__ import annotations

import logging
import queue
import threading
from concurrent.futures import Future

from django.db import DatabaseError, connections

from tresen.channels.mail.spool import Delivery, store_deliveries

log = logging.getLogger("tresen.listener")
MOST_MAILS = 40
MOST_BYTES = 16 * 1024 * 1024
Waiting = tuple[list[Delivery], "Future[None]"]


class Writer:
    """`store()` from any thread; the future ends when the mails are committed, or with what went wrong."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="spool", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether anything is stored any more."""
        return self._thread.is_alive()

    def store(self, deliveries: list[Delivery]) -> Future[None]:
        """Takes the mails of one session; they are stored all or none, also when it hangs up meanwhile."""
        future: Future[None] = Future()
        future.set_running_or_notify_cancel()  # so that nobody can cancel it, which would end this thread
        self._waiting.put((deliveries, future))
        return future

    def stop(self) -> None:
        """Ends when all that waits is stored."""
        self._waiting.put(None)
        self._thread.join(timeout=30)

    def _work(self) -> None:
        while batch := self._batch():
            try:
                store_deliveries([one for deliveries, _ in batch for one in deliveries])
            except Exception as fault:
                if isinstance(fault, DatabaseError):
                    connections.close_all()
                if len(batch) == 1:
                    batch[0][1].set_exception(fault)
                else:  # whatever ails one is not the others' fault
                    for one in batch:
                        self._alone(one)
                continue
            for _, future in batch:
                future.set_result(None)
        connections.close_all()

    def _alone(self, one: Waiting) -> None:
        deliveries, future = one
        try:
            store_deliveries(deliveries)
        except Exception as fault:
            if isinstance(fault, DatabaseError):
                connections.close_all()
            future.set_exception(fault)
        else:
            future.set_result(None)

    def _batch(self) -> list[Waiting]:
        """Waits for the first mail, and takes along what else is there. Empty: it is time to end."""
        first = self._waiting.get()
        found, size = [first] if first else [], 0
        while found and len(found) < MOST_MAILS and size < MOST_BYTES:
            size += sum(len(one.packed) for one in found[-1][0])
            try:
                more = self._waiting.get_nowait()
            except queue.Empty:
                break
            if more is None:
                self._waiting.put(None)
                break
            found.append(more)
        return found
