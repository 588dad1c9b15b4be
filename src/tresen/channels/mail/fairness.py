"""Whose mail is read first (promise P12): one sender, or one crowded mailbox, does not make the others wait.

Nothing is refused or lost here; mail of a flood only stands behind everybody else's. Counted in this process: it is a
matter of order alone.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

# How many mails of one sender within ten minutes are nobody's business, and when it is a flood.
SENDER_SECONDS, MANY, FLOOD = 600.0, 20, 200
# A mailbox that gets more than two a second for a minute is crowded: known senders go before unknown ones.
MAILBOX_SECONDS, CROWDED = 60.0, 120
USUAL, CROWD, OFTEN, FLOODING = 0, -1, -2, -3
# What a person takes in again by the thousand waits behind what comes now.
TAKEN_IN_AGAIN = -1


@dataclass
class _Window:
    """Counts by subject since `began`; begun anew when it is over, so that it never grows for long."""

    seconds: float
    began: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)

    def add(self, subject: str, now: float) -> int:
        if now - self.began > self.seconds:
            self.began, self.counts = now, {}
        self.counts[subject] = self.counts.get(subject, 0) + 1
        return self.counts[subject]


class Arrivals:
    """What came lately, by sender and by mailbox."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._senders, self._mailboxes = _Window(SENDER_SECONDS), _Window(MAILBOX_SECONDS)

    def priority(self, sender: str, mailbox: int, *, is_known: Callable[[], bool]) -> int:
        """Counts one mail; the priority of the job that will read it. `is_known` is asked in a crowd only."""
        with self._lock:
            now = self._clock()
            of_sender = self._senders.add(sender, now) if sender else 0
            of_mailbox = self._mailboxes.add(str(mailbox), now)
        if of_sender > FLOOD:
            return FLOODING
        if of_sender > MANY:
            return OFTEN
        return CROWD if of_mailbox > CROWDED and not is_known() else USUAL


arrivals = Arrivals()
