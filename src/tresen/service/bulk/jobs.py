"""Jobs of bulk changes."""

from __future__ import annotations

import time

from tresen.service.bulk.merging import part_more
from tresen.service.bulk.services import work_on
from tresen.spine.jobs.registry import Retry, job

# Then another job may have its turn.
_TURN_SECONDS = 2.0


@job("bulk.work", outside=True)
def work(*, change_id: int) -> None:
    """Changes the tickets of a bulk change, some in each transaction; what is done is noted with it."""
    until = time.monotonic() + _TURN_SECONDS
    while work_on(change_id):
        if time.monotonic() > until:
            raise Retry(0, "more tickets of this change are left")


@job("bulk.part", outside=True, max_attempts=12)
def part_rest(*, change_id: int) -> None:
    """Parts what many merges at once have left, each in a transaction of its own."""
    part_more(change_id)
