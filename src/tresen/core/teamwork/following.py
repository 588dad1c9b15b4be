"""Following a ticket without being responsible for it."""

from __future__ import annotations

from django.db import transaction

from tresen.core.people.models import Agent
from tresen.core.tickets.choices import ParticipantRole, Trust
from tresen.core.tickets.models import Participant, Ticket
from tresen.core.tickets.rows import lock, take_part
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


def follow(ticket: Ticket, *, agent: Agent, by: Actor) -> None:
    """The agent is told of what happens on the ticket. Event `participant.added`, none for who follows already.

    Who was called in for his part becomes a follower. The ticket itself is as it was: it does not move in lists.
    Raises TooManyParticipants.
    """
    with transaction.atomic():
        locked = lock(ticket)
        there = Participant.objects.filter(ticket=locked, agent=agent).first()
        if there and there.role == ParticipantRole.FOLLOWER:
            return
        if there:
            there.role = ParticipantRole.FOLLOWER
            there.save(update_fields=["role"])
        else:
            take_part(locked, agent, ParticipantRole.FOLLOWER, Trust.SIGNED_IN, clock.now())
        facts = {"name": str(agent), "role": str(ParticipantRole.FOLLOWER), "agent": agent.pk}
        record("participant.added", stream=locked, by=by, changes=facts)


def unfollow(ticket: Ticket, *, agent: Agent, by: Actor) -> None:
    """The agent is no longer told. Event `participant.removed`, none for who does not take part."""
    with transaction.atomic():
        locked = lock(ticket)
        if Participant.objects.filter(ticket=locked, agent=agent).delete()[0]:
            record("participant.removed", stream=locked, by=by, changes={"name": str(agent), "agent": agent.pk})
