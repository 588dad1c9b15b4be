"""How each agent wants to be told."""

from __future__ import annotations

import zoneinfo
from collections.abc import Collection, Mapping
from datetime import datetime, tzinfo
from typing import Any

from django.db import transaction

from tresen.core.people.models import Agent
from tresen.service.notifications.kinds import USUAL, Kind, Ways
from tresen.service.notifications.models import Choice, Rhythm
from tresen.service.notifications.timing import Quiet, next_mail
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


def ways_of(agents: Collection[int]) -> dict[tuple[int, str], Ways]:
    """What these agents have chosen otherwise than usual, by agent and kind; in one query."""
    rows = Choice.objects.filter(agent__in=agents).values_list("agent_id", "kind", "browser", "mail")
    return {(agent, kind): Ways(browser, mail) for agent, kind, browser, mail in rows}


def wanted_ways(agent: Agent) -> dict[Kind, Ways]:
    """How this agent is told, kind by kind."""
    chosen = ways_of([agent.pk])
    return {kind: chosen.get((agent.pk, kind.value), USUAL[kind]) for kind in Kind}


def rhythm_of(agent: Agent) -> Rhythm:
    """When news may reach him; a row that is not saved where he has chosen nothing, without quiet hours."""
    return Rhythm.objects.filter(agent=agent).first() or _usual(agent)


def _usual(agent: Agent) -> Rhythm:
    return Rhythm(agent=agent, quiet_from=None, quiet_to=None)


def quiet_of(rhythm: Rhythm) -> Quiet:
    """His quiet hours."""
    return Quiet(rhythm.quiet_from, rhythm.quiet_to, rhythm.quiet_weekends)


def zone_of(agent: Agent) -> tzinfo:
    """The zone that his times are meant in."""
    try:
        return zoneinfo.ZoneInfo(agent.user.timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")


def next_mails_to(agents: Collection[Agent], now: datetime) -> list[tuple[Agent, datetime]]:
    """When the next mail with news leaves for each of them; in one query."""
    rhythms = Rhythm.objects.in_bulk([agent.pk for agent in agents], field_name="agent_id") if agents else {}
    found = []
    for agent in agents:
        rhythm = rhythms.get(agent.pk) or _usual(agent)
        quiet, zone = quiet_of(rhythm), zone_of(agent)
        found.append((agent, next_mail(now, pace=rhythm.pace, daily_hour=rhythm.daily_hour, quiet=quiet, zone=zone)))
    return found


def choose(agent: Agent, *, ways: Mapping[Kind, Ways], rhythm: Mapping[str, Any], by: Actor) -> None:
    """Keeps how an agent wants to be told. Event `notifications.changed`, none when nothing changes."""
    with transaction.atomic():
        before = (wanted_ways(agent), _facts(rhythm_of(agent)))
        row = Rhythm.objects.filter(agent=agent).first() or Rhythm(agent=agent)
        for name, value in rhythm.items():
            setattr(row, name, value)
        if before == (dict(ways), _facts(row)):
            return
        row.save()
        for kind, way in ways.items():
            chosen = {"browser": way.browser, "mail": way.mail}
            Choice.objects.update_or_create(agent=agent, kind=kind.value, defaults=chosen)
        record("notifications.changed", stream=agent, by=by)


def _facts(row: Rhythm) -> tuple[Any, ...]:
    return (row.pace, row.daily_hour, row.quiet_from, row.quiet_to, row.quiet_weekends)
