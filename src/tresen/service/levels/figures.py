"""What levels come to: how long a ticket was on each, how often it went to and fro, and of many where they were solved.
Reports read the same rows: `Ticket.level` of solved tickets, `LevelStay`, `Handover`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.db.models.functions import Coalesce

from tresen.core.tickets.level_models import LevelStay
from tresen.core.tickets.models import Ticket
from tresen.service.levels.models import Handover, Way


def time_on_levels(ticket: Ticket, stays: Iterable[LevelStay], *, now: datetime) -> dict[int, timedelta]:
    """How long the ticket was on each level, until it was solved or until now."""
    spent: dict[int, timedelta] = {}
    over = ticket.solved_at or ticket.closed_at or now
    began = ticket.level_since or ticket.created_at
    for level, start, end in [*((s.level, s.started_at, s.ended_at) for s in stays), (ticket.level, began, over)]:
        spent[level] = spent.get(level, timedelta()) + max(end - start, timedelta())
    return dict(sorted(spent.items()))


def ping_pong(handovers: Iterable[Handover]) -> int:
    """How often it was handed up again after it had come back."""
    return sum(1 for row in handovers if row.way == Way.UP and row.round > 1)


@dataclass(frozen=True)
class LevelFigures:
    """Of one level since some day: tickets solved there and their share in per cent, how many were handed up to it,
    how many of those more than once, and how long a ticket stayed: the mean of so many `stays` that ended, with going
    on to another level or with the solution."""

    solved: int = 0
    share: int = 0
    handed_up: int = 0
    again: int = 0
    stay: timedelta | None = None
    stays: int = 0


def figures_since(since: datetime) -> dict[int, LevelFigures]:
    """By level, in three queries."""
    done = Ticket.objects.filter(solved_at__gte=since, deleted_at=None, merged_into=None).order_by()
    last = ExpressionWrapper(F("solved_at") - Coalesce("level_since", "created_at"), output_field=DurationField())
    # One that was given to another level after it was solved has no stay that ended with the solution.
    is_last = Q(level_since=None) | Q(level_since__lt=F("solved_at"))
    ends = done.values("level").annotate(
        n=Count("pk"), ended=Count("pk", filter=is_last), mean=Avg(last, filter=is_last)
    )
    solved = {row["level"]: row["n"] for row in ends}
    ups = Handover.objects.filter(way=Way.UP, at__gte=since).order_by().values("to_level")
    again = Count("pk", filter=Q(round__gt=1))
    handed = {level: (n, more) for level, n, more in ups.annotate(n=Count("pk"), again=again).values_list(
        "to_level", "n", "again")}  # fmt: skip
    length = ExpressionWrapper(F("ended_at") - F("started_at"), output_field=DurationField())
    ended = LevelStay.objects.filter(ended_at__gte=since).order_by().values("level")
    stays = _means([*ended.annotate(ended=Count("pk"), mean=Avg(length)), *ends])
    total = sum(solved.values()) or 1
    return {
        level: LevelFigures(
            solved.get(level, 0), round(100 * solved.get(level, 0) / total), *handed.get(level, (0, 0)),
            *stays.get(level, (None, 0)),
        )
        for level in {*solved, *handed, *stays}
    }  # fmt: skip


def _means(rows: Iterable[Mapping[str, Any]]) -> dict[int, tuple[timedelta, int]]:
    """Several means of one level as one, with how many times are in it."""
    found: dict[int, tuple[timedelta, int]] = {}
    for row in rows:
        if row["ended"]:
            mean, times = found.get(row["level"], (timedelta(), 0))
            together = times + row["ended"]
            found[row["level"]] = ((mean * times + row["mean"] * row["ended"]) / together, together)
    return found
