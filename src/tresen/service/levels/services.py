"""Changes to levels. Every one is a function here; nobody else saves."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Max

from tresen.core.people.models import Team
from tresen.core.people.refusals import InUse
from tresen.core.people.teams import MOST_LEVELS, update_team
from tresen.core.tickets.level_models import Level
from tresen.core.tickets.models import Ticket
from tresen.kit.fingerprint import refuse_if_changed, values_of
from tresen.kit.wiring import table
from tresen.spine.events.actors import Actor
from tresen.spine.events.changes import changed_fields, take_over
from tresen.spine.events.services import record

FIELDS = ("names", "questions", "climbs", "tells_leads", "is_active")
MOST_QUESTIONS = 10


class TooManyLevels(Exception):
    """A desk has at most MOST_LEVELS."""


def level_values(level: Level) -> dict[str, Any]:
    """What a form shows of a level, for its mark."""
    teams = Team.objects.filter(level=level.number).order_by("pk").values_list("pk", flat=True)
    return {**values_of(level, FIELDS), "teams": list(teams)}


@transaction.atomic
def create_level(*, set: dict[str, Any], teams: Collection[Team] = (), by: Actor) -> Level:
    """One more above the others. Event `level.created`. Raises TooManyLevels, ValueError for one without a name."""
    last = Level.objects.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_LEVELS:
        raise TooManyLevels
    level = Level(number=last + 1)
    take_over(level, changed_fields(level, set, FIELDS))
    _check(level)
    level.save()
    record("level.created", stream=level, by=by, changes={"names": [None, level.names]})
    _put_teams(level, teams, by)
    return level


@transaction.atomic
def change_level(
    level: Level, *, set: dict[str, Any], teams: Collection[Team] | None = None, by: Actor, expected: str = ""
) -> Level:  # fmt: skip
    """Changes FIELDS and which teams work there; a team that leaves goes to the first. Tickets that are open stay where
    they are. Event `level.changed`, and `team.changed` of each team. Raises ChangedMeanwhile, InUse, KeyError."""
    locked = Level.objects.select_for_update().get(pk=level.pk)
    refuse_if_changed(level_values(locked), expected)
    changes = changed_fields(locked, set, FIELDS)
    if changes.get("is_active") == [True, False]:
        _refuse_while_used(locked, teams)
    take_over(locked, changes)
    _check(locked)
    locked.save()
    if changes:
        record("level.changed", stream=locked, by=by, changes=changes)
    if teams is not None:
        _put_teams(locked, teams, by)
    return locked


def _refuse_while_used(level: Level, teams: Collection[Team] | None) -> None:
    """The first stays, and one where somebody works, is on call (table LEVEL_USERS), or a ticket waits."""
    named = [team.name for team in Team.objects.filter(level=level.number, is_active=True)] if teams is None else [
        team.name for team in teams]  # fmt: skip
    waiting = Ticket.objects.active().filter(level=level.number).values_list("number", flat=True)[:5]
    users = [name for of in table("LEVEL_USERS") for name in of(level.number)]
    if level.number == 1 or named or users or waiting:
        raise InUse([*named, *users, *waiting])


def _put_teams(level: Level, teams: Collection[Team], by: Actor) -> None:
    wanted = {team.pk for team in teams}
    for team in Team.objects.filter(level=level.number).exclude(pk__in=wanted):
        if level.number != 1:
            update_team(team, set={"level": 1}, by=by)
    for team in Team.objects.filter(pk__in=wanted).exclude(level=level.number):
        update_team(team, set={"level": level.number}, by=by)


def _check(level: Level) -> None:
    if not any(level.names.values()) or len(level.questions) > MOST_QUESTIONS:
        raise ValueError("a level needs a name and at most ten questions")
