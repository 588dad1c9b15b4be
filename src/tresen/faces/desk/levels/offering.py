"""The rungs that a ticket can be handed to, each with its teams and whom its way would find there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tresen.core.attendance.standing import named_with_standing
from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.level_models import Level
from tresen.core.tickets.models import Ticket
from tresen.faces.desk.routing.words import reasons
from tresen.kit import clock
from tresen.service.routing.giving import suggest


@dataclass(frozen=True)
class Place:
    """A team on a rung: how a form names it, whom its way would find and why, and everybody in it."""

    value: str
    team: Team | None
    one: Agent | None
    why: str
    agents: list[tuple[Agent, str]]


@dataclass(frozen=True)
class Rung:
    """A level with its places; `questions` with the names of their fields."""

    level: Level
    is_here: bool
    is_above: bool
    places: list[Place] = field(default_factory=list)
    questions: list[tuple[str, str]] = field(default_factory=list)


def rungs_of(ticket: Ticket, principal: Principal) -> list[Rung]:
    """All levels in use, from the first to the last."""
    levels = list(Level.objects.visible_to(principal).active())
    teams: dict[int, list[Team]] = {}
    for team in Team.objects.active().filter(level__gt=ticket.level).order_by("name"):
        teams.setdefault(team.level, []).append(team)
    found = []
    for level in levels:
        is_above = level.number > ticket.level
        there: list[Team | None] = [*teams.get(level.number, [])] or [ticket.team]
        places = [_place(level, team, ticket) for team in there] if is_above else []
        questions = [(f"answer-{level.number}-{n}", text) for n, text in enumerate(level.asks)] if is_above else []
        found.append(Rung(level, level.number == ticket.level, is_above, places, questions))
    return found


def _place(level: Level, team: Team | None, ticket: Ticket) -> Place:
    value = f"{level.number}:{team.pk if team else ''}"
    if team is None:
        return Place(value, None, None, "", [])
    one, why = suggest(team, ticket)
    people = Agent.objects.active().filter(teams=team).select_related("user").order_by("user__name")
    return Place(value, team, one, ", ".join(reasons(why, clock.now())), named_with_standing(people))


def chosen(data: Any, rungs: list[Rung]) -> tuple[Rung | None, Place | None, Agent | None]:
    """What a form says: where to, and to whom; nobody is named where the team's way is to find somebody."""
    places = [(rung, place) for rung in rungs for place in rung.places]
    rung, place = next(((r, p) for r, p in places if p.value == data.get("to")), (None, None))
    if place is None:
        return None, None, None
    who = data.get("who", "")
    if who == "suggested":
        return rung, place, place.one
    return rung, place, next((agent for agent, _said in place.agents if str(agent.pk) == who), None)
