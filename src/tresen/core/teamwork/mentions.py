"""Asking colleagues for their part: `@name` in a note, and “my part is done”."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal
from tresen.core.people.viewers import viewers_of_agents
from tresen.core.teamwork.models import Mention
from tresen.core.teamwork.naming import Named, find_calls
from tresen.core.tickets.audience import audiences
from tresen.core.tickets.choices import Channel, MessageKind, ParticipantRole, Trust
from tresen.core.tickets.models import Message, Participant, Ticket
from tresen.core.tickets.rows import MOST_COLLEAGUES
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record


def everybody() -> list[Named]:
    """All agents who can sign in and all teams in use, as they can be called."""
    agents = Agent.objects.filter(user__is_active=True).values_list("pk", "user__name", "user__email")
    teams = Team.objects.active().values_list("pk", "name", "slug")
    return [Named("agent", pk, name, mail.partition("@")[0]) for pk, name, mail in agents] + [
        Named("team", pk, name, slug) for pk, name, slug in teams
    ]


def note_mentions(message: Message, *, cause: Event) -> list[Mention]:
    """Reads who a note calls, and lets those see the ticket who do not yet; doing it twice changes nothing.

    Notes that came by mail call nobody: a quoted line is no request. Inside the transaction of `note.added`; whoever
    joins is told by `participant.added`, caused by it.
    """
    if message.kind != MessageKind.NOTE or message.channel == Channel.MAIL or "@" not in message.text:
        return []
    calls = [c for c in find_calls(message.text, everybody()) if (c.who.kind, c.who.pk) != ("agent", message.agent_id)]
    if not calls:
        return []
    rows = [Mention(message=message, at=message.created_at, **{f"{c.who.kind}_id": c.who.pk}) for c in calls]
    Mention.objects.bulk_create(rows, ignore_conflicts=True)
    # What is marked in the text, without asking again each time it is drawn.
    message.why = {**message.why, "mentions": [f"@{c.typed}" for c in calls]}
    message.save(update_fields=["why"])
    let_in(message.ticket, newcomers(message.ticket, [c.who for c in calls]), cause=cause)
    return list(Mention.objects.filter(message=message))


@dataclass(frozen=True)
class Newcomers:
    """Who is called and does not see the ticket: one colleague, or those of a team. `name`: his, or the team's;
    `agents`: for whom there is room, by key, with their names; `left_out`: the names of the others."""

    name: str
    agents: dict[int, str]
    left_out: list[str]


def newcomers(ticket: Ticket, called: Iterable[Named]) -> list[Newcomers]:
    """Those who would see the ticket by these calls alone, each once; in five queries, however large a team is."""
    named = {who.pk for who in called if who.kind == "agent"}
    teams = {who.pk: who.name for who in called if who.kind == "team"}
    members: dict[int, list[int]] = {team: [] for team in teams}
    belongs: QuerySet[Any] = Agent.teams.through.objects.filter(team_id__in=teams).order_by("agent_id")
    for team, agent in belongs.values_list("team_id", "agent_id") if teams else []:
        members[team].append(agent)
    viewers = viewers_of_agents({*named, *(agent for team in members.values() for agent in team)})
    audience = audiences([ticket.pk])[ticket.pk]
    blind = {pk: viewer.name for pk, viewer in sorted(viewers.items()) if not audience.includes(viewer)}
    room, found = max(MOST_COLLEAGUES - len(audience.taking_part), 0), []
    groups = [(blind[pk], [pk]) for pk in sorted(named & blind.keys())]
    for name, agents in [*groups, *((teams[team], members[team]) for team in teams)]:
        new = [pk for pk in agents if pk in blind]
        if new:
            found.append(Newcomers(name, {pk: blind[pk] for pk in new[:room]}, [blind[pk] for pk in new[room:]]))
        room = max(room - len(new), 0)
        blind = {pk: who for pk, who in blind.items() if pk not in new}
    return found


def left_out_of(message: Message) -> list[str]:
    """The names of those whom a note calls and who do not see its ticket all the same, for want of room."""
    rows = Mention.objects.filter(message=message).values_list("agent", "team")
    called = [Named("agent" if agent else "team", agent or team, "", "") for agent, team in rows]
    return [name for one in newcomers(message.ticket, called) for name in one.left_out] if called else []


def let_in(ticket: Ticket, found: Iterable[Newcomers], *, cause: Event) -> None:
    """Called colleagues take part from now on, and so see the ticket. Event `participant.added` for each of those who
    were called by name and for each team, caused by it."""
    by = Actor(cause.actor_kind, cause.actor_id, cause.actor_name)
    role = ParticipantRole.COLLABORATOR
    place: dict[str, Any] = {"ticket": ticket, "role": role, "trust": Trust.CLAIMED, "joined_at": clock.now()}
    for one in found:
        if one.agents:
            rows = [Participant(agent_id=pk, **place) for pk in one.agents]
            Participant.objects.bulk_create(rows, ignore_conflicts=True)
            facts = {"name": one.name, "role": str(role), "agents": list(one.agents)}
            record("participant.added", stream=ticket, by=by, changes=facts, cause=cause)


def close_mentions(ticket: Ticket, *, principal: Principal) -> int:
    """“My part is done”: closes what asks this agent on the ticket, how many. Event `mention.closed`, none for none."""
    with transaction.atomic():
        # The ticket's row is the lock that every change of it takes first.
        locked = Ticket.objects.select_for_update().get(pk=ticket.pk)
        mine = list(Mention.objects.undone().asking(principal).filter(message__ticket=locked))
        if not mine:
            return 0
        keys = [mention.pk for mention in mine]
        Mention.objects.filter(pk__in=keys).update(done_at=clock.now(), done_by=principal.agent)
        record("mention.closed", stream=locked, by=principal.actor, changes={"mentions": keys})
    return len(keys)
