"""Who has which ticket open, and what he does there. A row for each browser tab, heard of every minute."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from tresen.core.people.models import Agent
from tresen.core.people.viewers import viewers_of_agents
from tresen.core.tickets.audience import audiences
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.service.live.models import Presence, PresenceState
from tresen.service.live.notices import Topic, publish

# A tab says every minute that it is still there (live-presence.js).
HEARD_WITHIN = timedelta(seconds=150)
# Of several tabs of one person the one that says most counts.
RANK = [PresenceState.REPLYING, PresenceState.NOTING, PresenceState.LOOKING, PresenceState.AWAY]


@dataclass(frozen=True)
class Present:
    """A colleague on a ticket."""

    name: str
    state: str


@transaction.atomic
def be_present(ticket: Ticket, *, agent: Agent, tab: str, state: str) -> None:
    """The tab has this ticket open and its person is in this state (PresenceState). Others are told when it is news."""
    at = clock.now()
    known = Presence.objects.select_for_update().filter(agent=agent, tab=tab).select_related("ticket").first()
    if known is None:
        made = {"ticket": ticket, "state": state, "since": at, "seen_at": at}
        known, is_new = Presence.objects.get_or_create(agent=agent, tab=tab, defaults=made)
        if is_new:
            publish(ticket, Topic.PRESENCE)
            return
    was_heard = at - known.seen_at < HEARD_WITHIN
    is_news = not was_heard or known.ticket_id != ticket.pk or known.state != state
    if was_heard and known.ticket_id != ticket.pk:
        publish(known.ticket, Topic.PRESENCE)
    if is_news:
        known.ticket, known.state, known.since = ticket, state, at
        publish(ticket, Topic.PRESENCE)
    known.seen_at = at
    known.save()


@transaction.atomic
def leave_ticket(*, agent: Agent, tab: str) -> None:
    """The tab shows no ticket any more."""
    for row in Presence.objects.filter(agent=agent, tab=tab).select_related("ticket"):
        row.delete()
        publish(row.ticket, Topic.PRESENCE)


def others_on(ticket: Ticket, *, but: Agent) -> list[Present]:
    """Colleagues who have the ticket open, who writes first; without those who may no longer see it."""
    heard = Presence.objects.filter(ticket=ticket, seen_at__gt=clock.now() - HEARD_WITHIN).exclude(agent=but)
    states = _strongest(heard.values_list("agent_id", "state"))
    if not states:
        return []
    viewers, audience = viewers_of_agents(states), audiences([ticket.pk]).get(ticket.pk)
    seen = [viewer for viewer in viewers.values() if audience and audience.includes(viewer)]
    found = [Present(viewer.name, states[viewer.agent_id]) for viewer in seen]
    return sorted(found, key=lambda one: (RANK.index(PresenceState(one.state)), one.name))


def _strongest(rows: Iterable[tuple[int, str]]) -> dict[int, str]:
    states: dict[int, str] = {}
    for agent, state in rows:
        if agent not in states or RANK.index(PresenceState(state)) < RANK.index(PresenceState(states[agent])):
            states[agent] = state
    return states


def sweep_presences() -> int:
    """Removes tabs that were not heard of for long; how many."""
    return Presence.objects.filter(seen_at__lt=clock.now() - 2 * HEARD_WITHIN).delete()[0]
