"""What a clock says: reckoned from its segments, a calendar and a target. Pure: nothing is read, nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tresen.core.calendars.opening import Opening, Span, due_at, open_time

US, SOLVED, BIN = "us", "solved", "bin"
# Of the clock of a supplier, while he owes an answer: it runs whoever else has the ball.
SUPPLIER = "supplier"
# Reasons that are no choice of a policy: it is over, or it lies in the bin.
ALWAYS_REST = frozenset({SOLVED, BIN})


@dataclass(frozen=True)
class Segment:
    """From when to when one thing decided whether the clock runs; `ended_at` is None for what goes on."""

    started_at: datetime
    ended_at: datetime | None
    reason: str


@dataclass(frozen=True)
class Reading:
    """What the clock says. `due_at` and `warn_at` are None where they do not come while it rests as it does;
    `left` is negative when the target was missed."""

    due_at: datetime | None
    warn_at: datetime | None
    left: timedelta
    rests: str


def rests(reason: str, pauses_for: Iterable[str]) -> bool:
    """Whether a clock stands still for that reason."""
    return reason in ALWAYS_REST or reason in pauses_for


def read_clock(
    segments: Sequence[Segment], opening: Opening, minutes: int, *, warn_percent: int, pauses_for: Iterable[str],
    at: datetime, stopped_at: datetime | None = None,
) -> Reading:  # fmt: skip
    """The clock as it stands at an instant, or as it stood when it stopped.

    Its segments follow each other without a gap from its start; whether each runs or rests is for `pauses_for` to say,
    so that a policy may change its mind. Raises NeverDue for a calendar that is not open for that long.
    """
    start, target = segments[0].started_at, timedelta(minutes=minutes)
    pausing = frozenset(pauses_for)
    pauses: list[Span] = [(s.started_at, s.ended_at) for s in segments if s.ended_at and rests(s.reason, pausing)]
    last = segments[-1]
    resting = last.reason if stopped_at is None and rests(last.reason, pausing) else ""
    # A clock that rests or has stopped is read at that moment; what comes later would need it to run.
    until = stopped_at or (last.started_at if resting else None)
    used = open_time(opening, start, until or max(at, start), pauses)
    left, warning = target - used, target * warn_percent / 100
    stands = stopped_at is None and bool(resting)
    return Reading(
        due_at=None if stands and used < target else due_at(opening, start, target, pauses),
        warn_at=None if stands and used < warning else due_at(opening, start, warning, pauses),
        left=left, rests=resting,
    )  # fmt: skip


def moved_on(segments: Sequence[Segment], reason: str, at: datetime) -> list[Segment]:
    """The segments when something else decides from now on. A clock that jumped back makes no negative time: the last
    segment ends where it began at the earliest."""
    last = segments[-1]
    if last.reason == reason:
        return list(segments)
    at = max(at, last.started_at)
    before = [*segments[:-1], Segment(last.started_at, at, last.reason)]
    if at == last.started_at:  # it lasted no time at all
        before.pop()
        if before and before[-1].reason == reason:
            return [*before[:-1], Segment(before[-1].started_at, None, reason)]
    return [*before, Segment(at, None, reason)]


def ended(segments: Sequence[Segment], at: datetime) -> list[Segment]:
    """The segments of a clock that stops then: nothing is left of what would have come later."""
    kept = [s for s in segments if s.started_at < at] or [segments[0]]
    last = kept[-1]
    return [*kept[:-1], Segment(last.started_at, max(at, last.started_at), last.reason)]
