"""The week of a rota as it is drawn: who is called first and second on each day, and when nobody is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date

from tresen.core.people.models import Agent
from tresen.service.oncall.models import PRIMARY, SECONDARY, Layer, Rota
from tresen.service.oncall.plans import cover_of, plan_of
from tresen.service.oncall.turns import Plan

DAYS = 7


@dataclass(frozen=True)
class Piece:
    """A time of one day with one person; `is_hole`: nobody, though somebody must be there."""

    begins: datetime
    ends: datetime
    name: str
    is_hole: bool = False
    is_whole: bool = False


@dataclass(frozen=True)
class Day:
    """One day: the pieces of the first and of the second."""

    day: date
    first: list[Piece]
    second: list[Piece]


def first_day(text: str) -> date:
    """Today, or the day that is asked for, within ten years."""
    today = timezone.localdate()
    try:
        asked = parse_date(text[:10])
    except ValueError:
        return today
    return asked if asked and abs((asked - today).days) < 3650 else today


def midnights_of(first: date) -> list[datetime]:
    """Those around each of seven days from that one, in the reader's zone."""
    zone = timezone.get_current_timezone()
    return [datetime.combine(first + timedelta(days=n), time.min, zone) for n in range(DAYS + 1)]


def names_in(rotas: Iterable[Rota]) -> dict[int, str]:
    """Of all who take turns in them or stand in, by their keys."""
    keys = {key for rota in rotas for layer in rota.layers.all() for key in layer.people}
    return _names(keys | {other.agent_id for rota in rotas for other in rota.overrides.all()})


def week_of(rota: Rota, first: date, plan: Plan, names: Mapping[int, str]) -> list[Day]:
    """Seven days from that one, in the reader's zone, by a plan that reaches as far."""
    midnights = midnights_of(first)
    start, end = midnights[0], midnights[-1]
    cover = cover_of(rota, start, end)
    lines: dict[int, list[Any]] = {rank: plan.duties(rank, start, end) for rank in (PRIMARY, SECONDARY)}
    holes = plan.holes(cover, start, end)
    days = []
    for begin, stop in pairwise(midnights):
        pieces = {
            rank: [
                _piece(duty.starts_at, duty.ends_at, begin, stop, names.get(duty.agent, ""))
                for duty in duties if duty.agent and duty.starts_at < stop and duty.ends_at > begin
            ]
            for rank, duties in lines.items()
        }  # fmt: skip
        bare = [_piece(a, b, begin, stop, "", is_hole=True) for a, b in holes if a < stop and b > begin]
        days.append(Day(timezone.localdate(begin), sorted([*pieces[PRIMARY], *bare], key=lambda p: p.begins),
                        pieces[SECONDARY]))  # fmt: skip
    return days


def now_of(rota: Rota, at: datetime) -> tuple[list[str], bool]:
    """Names of the first and the second now, and whether somebody must be there but nobody is."""
    soon = at + timedelta(minutes=1)
    plan, cover = plan_of(rota, at, soon), cover_of(rota, at, soon)
    keys = [duty.agent for rank in (PRIMARY, SECONDARY) for duty in plan.duties(rank, at, soon)[:1] if duty.agent]
    names = _names(set(keys))
    return [names[key] for key in dict.fromkeys(keys) if key in names], bool(plan.holes(cover, at, soon))


def with_names(layers: Iterable[Layer], names: Mapping[int, str]) -> list[tuple[Layer, list[str]]]:
    """The layers with the names of their people."""
    return [(layer, [names.get(key, "–") for key in layer.people]) for layer in layers]


def _names(keys: set[int]) -> dict[int, str]:
    return {agent.pk: agent.user.name for agent in Agent.objects.filter(pk__in=keys).select_related("user")}


def _piece(
    begin: datetime, end: datetime, day: datetime, next_day: datetime, name: str, *, is_hole: bool = False
) -> Piece:
    first, last = max(begin, day), min(end, next_day)
    return Piece(first, last, name, is_hole, (first, last) == (day, next_day))
