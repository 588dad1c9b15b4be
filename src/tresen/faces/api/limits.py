"""How many requests a token may make: 600 a minute and process. Counted in memory, so that reading writes nothing."""

from __future__ import annotations

import math
import threading
from collections import Counter

from tresen.kit import clock

A_MINUTE = 600


class MinuteCount:
    """Counts acts by whole minutes; the minute before is forgotten."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._minute = 0
        self._counts: Counter[int] = Counter()
        self._lock = threading.Lock()

    def hit(self, subject: int) -> int:
        """Counts one act. 0, or the seconds to wait when it was one too many."""
        at = clock.now().timestamp()
        minute = int(at // 60)
        with self._lock:
            if minute != self._minute:
                self._minute, self._counts = minute, Counter()
            self._counts[subject] += 1
            over = self._counts[subject] > self.limit
        return math.ceil(60 - at % 60) if over else 0

    def forget(self) -> None:
        """Starts anew."""
        with self._lock:
            self._counts = Counter()


requests_of_tokens = MinuteCount(A_MINUTE)
