"""What on-call does when something happened to a ticket."""

from __future__ import annotations

from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import ticket_of
from tresen.service.oncall.calling import (
    acknowledge_by_deed,
    call_after_bin,
    call_again,
    end_of_other_levels,
    raise_alert,
)
from tresen.service.oncall.models import Alert, AlertState
from tresen.spine.events.models import Event

# The first level hands up; whoever is called has a ticket of one above.
LOWEST = 2


def follow_level(event: Event) -> None:
    """Reaction to whatever brings a ticket to another level, new ones with it: the rota of a higher one is called where
    it answers for this moment; what was called for the level that it has left ends."""
    levels = event.changes.get("level")
    if event.kind != "ticket.created" and not isinstance(levels, list):
        return
    ticket = ticket_of(event)
    if ticket is None:
        return
    if isinstance(levels, list):
        end_of_other_levels(ticket)
        has_risen = levels[0] < levels[1] == ticket.level
    else:
        has_risen = ticket.level >= LOWEST and not _is_part(ticket)
    if has_risen and not _is_there(event, ticket):
        raise_alert(ticket)


def _is_part(ticket: Ticket) -> bool:
    """Taken out of another one: its words have been on their level before."""
    return ticket.follows_reason == "split"


def _is_there(event: Event, ticket: Ticket) -> bool:
    """Nobody needs to be called: whoever brings it takes it along, or has it and works in its team; an undo brings it
    back to where nobody was called, or where somebody has said that he has it; or the reaction runs once more and has
    called."""
    alerts = Alert.objects.filter(ticket=ticket, rota__level=ticket.level)
    if event.kind == "change.undone":
        last = alerts.order_by("-pk").first()
        return last is None or last.state == AlertState.ACKNOWLEDGED
    if event.actor_kind == "agent" and ticket.assignee_id == event.actor_id and _has_it_there(event, ticket):
        return True
    return event.stream_row is None and alerts.filter(at__gte=event.at).exists()


def _has_it_there(event: Event, ticket: Ticket) -> bool:
    """Not whoever merely held it below: he took it with this event, or works in its team, one of the level."""
    given = (event.undo or {}).get("assignee")
    if event.kind == "ticket.created" or (given and given[1] == event.actor_id):
        return True
    team = ticket.team
    return team is not None and team.level >= ticket.level and team.agents.filter(pk=event.actor_id or 0).exists()


def follow_deeds(event: Event) -> None:
    """Reaction to `ticket.changed`, `ticket.assigned`, `note.added`, `reply.added` and `change.undone`: whoever takes
    or answers a ticket that calls has acknowledged; when the taking is undone, it calls anew."""
    given = (event.undo or {}).get("assignee")
    is_undone = event.kind == "change.undone"
    by_agent = event.actor_kind == "agent" and not is_undone
    is_deed = by_agent and (event.kind == "reply.added" or (given is not None and given[1] == event.actor_id))
    if not is_deed and not (is_undone and given):
        return
    ticket = ticket_of(event)
    if ticket is None or ticket.level < LOWEST:
        return
    if is_undone:
        call_again(ticket, event)
    else:
        acknowledge_by_deed(ticket, event)


def follow_bin(event: Event) -> None:
    """Reaction to `ticket.restored`: in the bin it called nobody."""
    if ticket := ticket_of(event):
        call_after_bin(ticket, event)
