"""Giving tickets to people: at once when they come, later when somebody is there, or the next one to who asks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tresen.core.attendance.models import State
from tresen.core.attendance.standing import standings
from tresen.core.people.models import Agent, Team
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.teamwork.models import Snooze
from tresen.core.tickets import operations
from tresen.core.tickets.assigning import assign
from tresen.core.tickets.choices import ACTIVE
from tresen.core.tickets.models import Ticket
from tresen.kit.prepared import prepared
from tresen.service.routing.candidates import candidates, hold, is_our_turn, of_team, our_turn, people
from tresen.service.routing.choosing import Candidate, Choice, Wanted, choose, unfit
from tresen.service.routing.looking import Kind, Look
from tresen.service.routing.models import Method, TeamRouting
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record

BY = Actor.system("routing")
PULL = "pull"
# So many of those that he could take are tried: others ask in the same moment.
LOOKED_THROUGH = 50


class NotHere(Exception):
    """Who asks for a ticket is away or off duty by his own word, his hours or an absence."""


class Busy(NotHere):
    """Who asks for a ticket has said that he is busy."""


class Full(Exception):
    """Who asks for a ticket has as many as he can take."""


def waiting() -> QuerySet[Ticket]:
    """Tickets with a team and nobody who is responsible, awake, the most urgent and oldest first."""
    asleep = Snooze.objects.asleep().filter(ticket=OuterRef("pk"))
    rows = our_turn().filter(assignee=None, team__is_active=True).exclude(Exists(asleep))
    return rows.order_by(F("priority").desc(), "created_at", "pk")


def give(ticket: Ticket, *, cause: Event | None = None, tell: bool = True) -> Agent | None:
    """Gives a ticket, which the caller holds, to whom the team's way finds; who got it. Event `ticket.assigned`, or,
    where nobody can take it and `tell` is on, `ticket.waits` with the reasons."""
    if ticket.team_id is None or not _wants_somebody(ticket):
        return None
    routing = next(iter(_by_itself.rows(ticket.team_id)), None)
    if routing is None or ticket.team is None:
        return None
    agents = {agent.pk: agent for agent in hold(of_team(ticket.team.pk))}
    choice = choose(candidates(agents.values(), channel=ticket.channel), _wanted(ticket, routing))
    if choice.one is None:
        if tell:
            record("ticket.waits", stream=ticket, by=BY, cause=cause, changes={"why": choice.missed})
        return None
    agent = agents[choice.one.key]
    if not choice.again:
        routing.last = agent
        routing.save(update_fields=["last"])
    assign(ticket, agent=agent, why=reason(choice, routing.method, ticket), by=BY, cause=cause)
    return agent


@prepared
def _by_itself(team: int) -> QuerySet[TeamRouting]:
    rows = TeamRouting.objects.select_for_update(no_key=True, of=("self",))
    return rows.filter(team=team).exclude(method=Method.HAND)


def _wants_somebody(ticket: Ticket) -> bool:
    loose = ticket.assignee_id is None and ticket.status_category in ACTIVE
    return loose and ticket.merged_into_id is None and ticket.deleted_at is None


def _wanted(ticket: Ticket, routing: TeamRouting) -> Wanted:
    last = None
    if routing.is_sticky:
        before = Ticket.objects.filter(requester=ticket.requester_id, team=ticket.team_id, assignee__isnull=False)
        last = before.exclude(pk=ticket.pk).order_by("-pk").values_list("assignee", flat=True).first()
    return Wanted(
        routing.method, category=ticket.category_id if routing.by_skill else None,
        language=ticket.language if routing.by_language else "", last_one=last, after=routing.last_id,
    )  # fmt: skip


def reason(choice: Choice, method: str, ticket: Ticket) -> dict[str, Any]:
    """Why it is this one, as the event keeps it: names of rows, no sentences."""
    one = choice.one
    assert one is not None
    found: dict[str, Any] = {"method": str(method), "open": one.open + 1, "cap": one.cap}
    if one.since:
        found["since"] = one.since.isoformat()
    if choice.knows and ticket.category:
        found["skill"] = ticket.category.names
    if choice.speaks:
        found["language"] = ticket.language
    if choice.again:
        found["again"] = True
    return found


def stands_in(substitute: Agent, ticket: Ticket) -> tuple[Agent | None, str]:
    """The substitute, held, where he can take the ticket, which the caller holds, by the same measure as the people of
    its team, and may change it there; else nobody, and why: team, away, full, skill or language. Off duty he can, where
    he is back in time: an absence begins at midnight."""
    if not can(Principal.of_agent(substitute), "ticket.change", ticket):
        return None, "team"
    rows = TeamRouting.objects.select_for_update(no_key=True, of=("self",)).filter(team=ticket.team_id)
    routing = rows.first() or TeamRouting(method=Method.HAND)
    among = Q(pk=substitute.pk) | of_team(ticket.team.pk) if ticket.team else Q(pk=substitute.pk)
    held = {one.pk: one for one in hold(among)}
    everybody = candidates(held.values(), channel=ticket.channel)
    me = next((one for one in everybody if one.key == substitute.pk), None)
    if me is None:
        return None, "away"
    if not me.is_here and _is_back_in_time(held[substitute.pk], ticket):
        me = replace(me, is_here=True)
    choice = _mine(everybody, me, _wanted(ticket, routing))
    if choice.one is not None:
        return held[substitute.pk], ""
    return None, unfit(me, _wanted(ticket, routing), everybody)


def _is_back_in_time(agent: Agent, ticket: Ticket) -> bool:
    """He is off duty until a known time, and nothing on the ticket falls due before that."""
    standing = standings([agent])[agent.pk]
    if standing.state != State.OFF or standing.until is None:
        return False
    return not Ticket.objects.filter(pk=ticket.pk, clock_strip__due_at__lt=standing.until).exists()


def suggest(team: Team, ticket: Ticket) -> tuple[Agent | None, dict[str, Any]]:
    """Whom the team's way would find for the ticket, and why (see `reason`); where the team chooses by hand, whoever
    has the least to do. Nothing is held or changed."""
    routing = TeamRouting.objects.filter(team=team).first() or TeamRouting(team=team)
    agents = {agent.pk: agent for agent in people(of_team(team.pk))}
    choice = choose(candidates(agents.values(), channel=ticket.channel), _wanted(ticket, routing))
    return (agents[choice.one.key], reason(choice, routing.method, ticket)) if choice.one else (None, {})


def give_waiting(*, most: int = 200) -> int:
    """Those that wait in teams that do not go by hand and that somebody there can take by now, the most urgent and
    oldest `most` a team; how many were given."""
    given = 0
    for routing in TeamRouting.objects.exclude(method=Method.HAND).order_by("team"):
        rows = waiting().filter(team=routing.team_id)
        look = Look({routing.team_id: routing}, lambda kind, everybody: choose(everybody, kind.wanted).one is not None)
        if not rows.exists() or not look.has_room(routing.team_id):
            continue
        for key in look.first_that_fit(rows, most=most):
            with transaction.atomic():
                ticket = _held(key)
                if ticket is not None and give(ticket, tell=False) is not None:
                    given += 1
    return given


def _held(key: int) -> Ticket | None:
    """A ticket that still waits, unless somebody else holds it in this moment."""
    rows = Ticket.objects.select_for_update(skip_locked=True, of=("self",))
    found = rows.filter(pk__in=waiting().order_by().values("pk")).filter(pk=key).first()
    return found if found is not None and found.assignee_id is None and is_our_turn(found) else None


def take_next(agent: Agent, *, principal: Principal) -> Ticket | None:
    """The next one of his teams for an agent who asks: the most urgent and oldest that he can take; None where nothing
    waits for him. One operation, which can be undone. Event `ticket.assigned`. Raises NotHere, Full."""
    teams = principal.teams_with("change")
    routings = {row.team_id: row for row in TeamRouting.objects.filter(team__in=teams)}
    look = Look(routings, lambda kind, everybody: _could_take(agent, kind, everybody))
    for key in look.first_that_fit(waiting().filter(team__in=teams), most=LOOKED_THROUGH):
        with transaction.atomic():
            ticket = _held(key)
            if ticket is not None and _takes(agent, ticket):
                return ticket
    return None


def _could_take(agent: Agent, kind: Kind, everybody: list[Candidate]) -> bool:
    me = next((one for one in everybody if one.key == agent.pk), None)
    if me is None:
        return False
    _refuse(agent, me)
    return _mine(everybody, me, kind.wanted).one is not None


def _refuse(agent: Agent, me: Candidate) -> None:
    if not me.is_here:
        raise Busy if standings([agent])[agent.pk].state == State.BUSY else NotHere
    if me.cap is not None and me.open >= me.cap:
        raise Full


def _takes(agent: Agent, ticket: Ticket) -> bool:
    """He gets the ticket, if it is one for him. Raises NotHere, Full."""
    routing = TeamRouting.objects.filter(team=ticket.team_id).first() or TeamRouting(method=Method.HAND)
    held = {one.pk: one for one in hold(of_team(ticket.team.pk) if ticket.team else Q(pk=agent.pk))}
    if agent.pk not in held:
        return False
    everybody = candidates(held.values(), channel=ticket.channel)
    me = next(one for one in everybody if one.key == agent.pk)
    _refuse(agent, me)
    choice = _mine(everybody, me, _wanted(ticket, routing))
    if choice.one is None:
        return False
    operation = operations.start("change", agent=agent)
    assign(ticket, agent=held[agent.pk], why=reason(choice, PULL, ticket), by=Actor.agent(agent), operation=operation)
    return True


def _mine(everybody: list[Candidate], me: Candidate, wanted: Wanted) -> Choice:
    """The choice if nobody but this one were there: what others know still counts."""
    alone = [me if one.key == me.key else replace(one, is_here=False) for one in everybody]
    return choose(alone, wanted)
