"""What the ticket page shows of levels: where it was, how long, who handed it on, how often it went to and fro."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from tresen.core.tickets.level_models import Level, LevelStay
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.kit.times import span_words
from tresen.service.levels.figures import ping_pong, time_on_levels
from tresen.service.levels.handing import open_up
from tresen.service.levels.models import Handover


@dataclass(frozen=True)
class Stay:
    """One line of the history."""

    level: str
    where: str
    started_at: datetime
    spent: str
    is_now: bool = False


class Levels:
    """Of one ticket; asked for only where it was on more than one."""

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket

    @cached_property
    def handovers(self) -> list[Handover]:
        """In their order, with the people."""
        return list(self.ticket.handovers.select_related("from_agent__user", "from_team", "to_agent__user", "to_team"))

    @cached_property
    def _stays(self) -> list[LevelStay]:
        return list(self.ticket.stays.select_related("team", "agent__user"))

    @property
    def waits_for_us(self) -> Handover | None:
        """The hand-over that nobody has answered yet."""
        return open_up(self.handovers, self.ticket.level)

    @property
    def ping_pong(self) -> int:
        """How often it went up again after it had come back."""
        return ping_pong(self.handovers)

    @cached_property
    def names(self) -> dict[int, str]:
        """What levels are called."""
        return {level.number: level.name for level in Level.objects.all()}

    @property
    def history(self) -> list[Stay]:
        """Every stay, and the present one."""
        ticket, now = self.ticket, clock.now()
        rows = [self._line(s.level, s.team, s.agent, s.started_at, s.ended_at - s.started_at) for s in self._stays]
        over = ticket.solved_at or ticket.closed_at
        since = ticket.level_since or ticket.created_at
        spent = max((over or now) - since, timedelta())
        return [*rows, self._line(ticket.level, ticket.team, ticket.assignee, since, spent, is_now=True)]

    @property
    def sums(self) -> list[tuple[str, str]]:
        """How long on each level in all, where it was there more than once."""
        spent = time_on_levels(self.ticket, self._stays, now=clock.now())
        if len(spent) == len(self._stays) + 1:
            return []
        return [(self.names.get(n, str(n)), span_words(time.total_seconds())) for n, time in spent.items()]

    def _line(
        self, level: int, team: object, agent: object, since: datetime, spent: timedelta, *, is_now: bool = False
    ) -> Stay:  # fmt: skip
        where = ", ".join(str(one) for one in (team, agent) if one)
        return Stay(self.names.get(level, str(level)), where, since, span_words(spent.total_seconds()), is_now)
