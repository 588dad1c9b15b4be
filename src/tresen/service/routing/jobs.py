"""Jobs of routing."""

from __future__ import annotations

from tresen.service.routing.absences import hand_over
from tresen.service.routing.giving import give_waiting
from tresen.spine.jobs.registry import job


@job("routing.deal", outside=True)
def deal() -> None:
    """What nobody looks after any more goes on; what waits is given out as soon as somebody is there."""
    hand_over()
    give_waiting()
