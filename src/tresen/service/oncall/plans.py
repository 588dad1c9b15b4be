"""A rota's plan, read from the database: its layers, exceptions, the absences of its people and its hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tresen.core.attendance.models import Absence
from tresen.core.calendars.hours import opening_of
from tresen.core.calendars.models import Calendar
from tresen.core.people.models import Agent
from tresen.service.oncall.models import PRIMARY, SECONDARY, Cover, Layer, Override, Rota
from tresen.service.oncall.turns import Instead, Plan, Span, Turns

DAY = timedelta(days=1)


def keepers_of(rota: Rota) -> list[Agent]:
    """Who hears of holes and of calls that nobody answered: its keeper; when he can no longer sign in, the
    administrators."""
    active = Agent.objects.active().select_related("user").order_by("pk")
    return list(active.filter(pk=rota.keeper_id)) or list(active.administrators())


def plan_of(rota: Rota, start: datetime, end: datetime) -> Plan:
    """Between two instants; whoever can no longer sign in takes no turn."""
    return plans_of([rota], start, end)[rota.pk]


def plans_of(rotas: Sequence[Rota], start: datetime, end: datetime) -> dict[int, Plan]:
    """Those of several by their keys, in four queries."""
    layers = list(Layer.objects.filter(rota__in=rotas).select_related("calendar"))
    overrides = list(Override.objects.filter(rota__in=rotas, starts_at__lt=end, ends_at__gt=start))
    keys = {key for layer in layers for key in layer.people} | {one.agent_id for one in overrides}
    there = set(Agent.objects.active().filter(pk__in=keys).values_list("pk", flat=True))
    away = _away(there, start, end)
    return {
        rota.pk: _plan([one for one in layers if one.rota_id == rota.pk],
                       [one for one in overrides if one.rota_id == rota.pk], there, away)
        for rota in rotas
    }  # fmt: skip


def _plan(
    layers: Sequence[Layer], overrides: Sequence[Override], there: set[int], away: dict[int, list[Span]]
) -> Plan:  # fmt: skip
    turns = [
        Turns(
            layer.rank, [key for key in layer.people if key in there], layer.starts_on, layer.hands_over_at, layer.days,
            layer.timezone, _hours(layer.calendar) if layer.calendar else None,
        )
        for layer in layers
    ]  # fmt: skip
    instead = [Instead(o.rank, o.agent_id, o.starts_at, o.ends_at) for o in overrides if o.agent_id in there]
    keys = {key for turn in turns for key in turn.people} | {one.agent for one in instead}
    return Plan(turns, instead, {key: spans for key, spans in away.items() if key in keys})


@dataclass(frozen=True)
class OnDuty:
    """A time in which somebody is the first or the second of a rota."""

    rota: Rota
    rank: int
    starts_at: datetime
    ends_at: datetime


def duties_of(
    agent: Agent, rotas: Sequence[Rota], plans: Mapping[int, Plan], start: datetime, end: datetime
) -> list[OnDuty]:  # fmt: skip
    """When somebody's turn is by the plans of rotas, which reach as far, in order."""
    found = [
        OnDuty(rota, rank, duty.starts_at, duty.ends_at)
        for rota in rotas for rank in (PRIMARY, SECONDARY)
        for duty in plans[rota.pk].duties(rank, start, end) if duty.agent == agent.pk
    ]  # fmt: skip
    return sorted(found, key=lambda duty: (duty.starts_at, duty.rank))


def cover_of(rota: Rota, start: datetime, end: datetime) -> list[Span]:
    """When somebody must be there."""
    if rota.cover == Cover.ALWAYS or rota.calendar is None:
        return [(start, end)]
    inside = _hours(rota.calendar)(start, end)
    if rota.cover == Cover.INSIDE:
        return inside
    edges = [start, *(edge for span in inside for edge in span), end]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]


def is_covered(rota: Rota, at: datetime) -> bool:
    """Whether the rota answers for that moment."""
    return any(begin <= at < stop for begin, stop in cover_of(rota, at, at + timedelta(minutes=1)))


def _hours(calendar: Calendar) -> Callable[[datetime, datetime], list[Span]]:
    def spans(start: datetime, end: datetime) -> list[Span]:
        found = []
        for begin, stop in opening_of(calendar).spans(start, (end - start).days + 3):
            if begin >= end:
                break
            found.append((begin, min(stop, end)))
        return found

    return spans


def _away(agents: set[int], start: datetime, end: datetime) -> dict[int, list[Span]]:
    rows = Absence.objects.select_related("agent__user").filter(
        agent__in=agents, starts_on__lte=(end + DAY).date(), ends_on__gte=(start - DAY).date()
    )
    found: dict[int, list[Span]] = {}
    for row in rows:
        zone = ZoneInfo(row.agent.user.timezone)
        first = datetime.combine(row.starts_on, time.min, zone)
        found.setdefault(row.agent_id, []).append((first, datetime.combine(row.ends_on + DAY, time.min, zone)))
    return found
