"""Who is on call when, and when nobody is: pure calculation over layers, exceptions and absences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Turns:
    """People who take turns. `hours`: the spans in which the layer counts, from an instant on; None: always."""

    rank: int
    people: Sequence[int]
    starts_on: date
    at: time
    days: int
    zone: str
    hours: Callable[[datetime, datetime], list[Span]] | None = None

    def changes(self, start: datetime, end: datetime) -> list[datetime]:
        """The instants between at which somebody else takes over: a wall-clock time of the zone, also over a change of
        its clocks."""
        first = self.number(start) or 0
        found = []
        for number in range(max(first, 0), max(first, 0) + (end - start).days // self.days + 3):
            instant = self._begin(number)
            if start < instant < end:
                found.append(instant)
        return found

    def number(self, at: datetime) -> int | None:
        """Which turn it is, from 0; None before the first."""
        if at < self._begin(0):
            return None
        near = (at.astimezone(ZoneInfo(self.zone)).date() - self.starts_on).days // self.days
        return near if self._begin(near) <= at else near - 1

    def who(self, at: datetime) -> int | None:
        """Whose turn it is."""
        number = self.number(at)
        return None if number is None or not self.people else self.people[number % len(self.people)]

    def _begin(self, number: int) -> datetime:
        day = self.starts_on + timedelta(days=number * self.days)
        return datetime.combine(day, self.at, ZoneInfo(self.zone))


@dataclass(frozen=True)
class Instead:
    """Somebody else for a time."""

    rank: int
    agent: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Duty:
    """A time in which one person is on call, or nobody (None)."""

    starts_at: datetime
    ends_at: datetime
    agent: int | None


@dataclass(frozen=True)
class Plan:
    """All of a rota. `away`: when people cannot be reached since they are absent."""

    turns: Sequence[Turns]
    instead: Sequence[Instead] = ()
    away: Mapping[int, Sequence[Span]] = field(default_factory=dict)

    def duties(self, rank: int, start: datetime, end: datetime) -> list[Duty]:
        """The whole time from `start` to `end`, piece by piece."""
        turns = [one for one in self.turns if one.rank == rank]
        instead = [one for one in self.instead if one.rank == rank]
        hours = {id(one): one.hours(start, end) if one.hours else [(start, end)] for one in turns}
        edges = {start, end}
        for one in turns:
            edges.update(one.changes(start, end))
        spans = [*(span for found in hours.values() for span in found), *((o.starts_at, o.ends_at) for o in instead),
                 *(span for found in self.away.values() for span in found)]  # fmt: skip
        edges.update(edge for span in spans for edge in span if start < edge < end)
        found: list[Duty] = []
        ordered = sorted(edges)
        for begin, stop in pairwise(ordered):
            who = self._who(begin, turns, instead, hours)
            if found and found[-1].agent == who:
                found[-1] = Duty(found[-1].starts_at, stop, who)
            else:
                found.append(Duty(begin, stop, who))
        return found

    def on_call(self, at: datetime) -> list[int]:
        """Whom to call now, in order: the first, the second, then whoever else takes turns."""
        moment = timedelta(seconds=1)
        named = [duty.agent for rank in (1, 2) for duty in self.duties(rank, at, at + moment)[:1]]
        others = [agent for one in sorted(self.turns, key=lambda t: t.rank) for agent in one.people]
        there = [agent for agent in [*named, *others] if agent is not None and not self._is_away(agent, at)]
        return list(dict.fromkeys(there))

    def holes(self, cover: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
        """When somebody must be there, but nobody is the first to be called."""
        bare = [(duty.starts_at, duty.ends_at) for duty in self.duties(1, start, end) if duty.agent is None]
        cut = [(max(a, c), min(b, d)) for a, b in bare for c, d in cover]
        joined: list[Span] = []
        for begin, stop in sorted(span for span in cut if span[0] < span[1]):
            if joined and begin <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
            else:
                joined.append((begin, stop))
        return joined

    def _who(
        self, at: datetime, turns: Sequence[Turns], instead: Sequence[Instead], hours: Mapping[int, Sequence[Span]]
    ) -> int | None:  # fmt: skip
        for other in instead:
            if other.starts_at <= at < other.ends_at and not self._is_away(other.agent, at):
                return other.agent
        for one in turns:
            who = one.who(at) if any(begin <= at < stop for begin, stop in hours[id(one)]) else None
            if who is not None and not self._is_away(who, at):
                return who
        return None

    def _is_away(self, agent: int, at: datetime) -> bool:
        return any(begin <= at < stop for begin, stop in self.away.get(agent, ()))
