"""Asking colleagues for their part: `@name` in a note, and “my part is done”."""

from __future__ import annotations

from django.db import transaction

from tresen.core.people.models import Agent, Team
from tresen.core.people.principals import Principal
from tresen.core.teamwork.models import Mention
from tresen.core.teamwork.naming import Call, Named, find_calls
from tresen.core.tickets.choices import Channel, MessageKind, ParticipantRole, Trust
from tresen.core.tickets.models import Message, Participant, Ticket
from tresen.core.tickets.rows import TooManyParticipants, take_part
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
    for agent in blind(message.ticket, calls):
        let_in(message.ticket, agent, cause=cause)
    return list(Mention.objects.filter(message=message))


def blind(ticket: Ticket, calls: list[Call]) -> list[Agent]:
    """Those who are called and do not see the ticket."""
    named = [c.who.pk for c in calls if c.who.kind == "agent"]
    teams = [c.who.pk for c in calls if c.who.kind == "team"]
    people = Agent.objects.filter(user__is_active=True).select_related("user").prefetch_related("teams")
    called = {a.pk: a for a in people.filter(pk__in=named)} | {a.pk: a for a in people.filter(teams__in=teams)}
    here = set(Participant.objects.filter(ticket=ticket, agent__in=called).values_list("agent_id", flat=True))
    return [agent for pk, agent in sorted(called.items()) if pk not in here and not _sees(agent, ticket)]


def _sees(agent: Agent, ticket: Ticket) -> bool:
    teams = frozenset(team.pk for team in agent.teams.all())
    return Ticket.objects.visible_to(Principal("agent", agent=agent, team_ids=teams)).filter(pk=ticket.pk).exists()


def let_in(ticket: Ticket, agent: Agent, *, cause: Event) -> None:
    """A called colleague takes part from now on, and so sees the ticket. Event `participant.added`, caused by it."""
    try:
        take_part(ticket, agent, ParticipantRole.COLLABORATOR, Trust.CLAIMED, clock.now())
    except TooManyParticipants:
        return
    by = Actor(cause.actor_kind, cause.actor_id, cause.actor_name)
    facts = {"name": str(agent), "role": str(ParticipantRole.COLLABORATOR), "agent": agent.pk}
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
