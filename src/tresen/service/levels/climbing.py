"""What follows when the time on a level runs out: leads are told, the ticket goes up by itself."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction

from tresen.core.people.models import Team
from tresen.core.tickets.level_models import Level
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import StaleTicket, lock
from tresen.service.levels.handing import BY_CLOCK, CannotHandOver, Package, escalate, tell_leads
from tresen.spine.events.models import Event

METRIC = "level"


def act_on(ticket: Ticket, event: Event) -> None:
    """Does what the ticket's level wants on a warning (`clock.warned`) or when its time is over (`clock.breached`).
    One that was handed over since, or is finished, stays: so it may run twice."""
    with suppress(CannotHandOver, StaleTicket), transaction.atomic():
        ticket = lock(ticket)  # somebody may be handing it up in this moment
        level = Level.objects.filter(number=ticket.level).first()
        if level is None or (ticket.level_since and ticket.level_since > event.at):
            return
        if event.kind == "clock.warned":
            if level.tells_leads and not _was_told(ticket, event):
                tell_leads(ticket, by=BY_CLOCK, agent=None, cause=event)
        elif level.climbs and (above := Level.objects.active().filter(number__gt=ticket.level).first()):
            escalate(
                ticket, by=BY_CLOCK, agent=None, level=above.number, team=team_for(ticket, above),
                package=Package(), cause=event,
            )  # fmt: skip


def _was_told(ticket: Ticket, event: Event) -> bool:
    return Event.objects.filter(
        stream_kind="ticket", stream_id=ticket.pk, kind="manager.told", cause_id=event.pk
    ).exists()


def team_for(ticket: Ticket, level: Level) -> Team | None:
    """The team that had it there before, else the first of the level; none where the level has none."""
    teams = list(Team.objects.active().filter(level=level.number).order_by("name"))
    before = ticket.handovers.filter(to_level=level.number, to_team__in=teams).order_by("-at").first()
    return before.to_team if before else next(iter(teams), None)
