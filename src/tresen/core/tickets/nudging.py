"""A customer asks for more speed: visible, with limits, and nothing of the ticket changes by it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from tresen.core.tickets.choices import ACTIVE, Ball
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import lock
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record

NUDGED = "ticket.nudged"
# So often in all, and not again before so long.
MOST = 3
BETWEEN = timedelta(days=1)


class NoNudge(Exception):
    """It is not our turn, or it was asked for too lately or too often."""


def is_our_turn(ticket: Ticket) -> bool:
    """Whether there is anything that we could do faster."""
    return ticket.status_category in ACTIVE and ticket.ball == Ball.US


def nudges_of(ticket: Ticket) -> list[datetime]:
    """When more speed was asked for, in order; one query."""
    rows = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk, kind=NUDGED)
    return list(rows.order_by("id").values_list("at", flat=True))


def may_again(asked: list[datetime], now: datetime) -> bool:
    """Whether the limits let it be asked for once more."""
    return not asked or (len(asked) < MOST and now >= asked[-1] + BETWEEN)


@transaction.atomic
def nudge(ticket: Ticket, *, by: Actor) -> None:
    """Somebody on the ticket asks for more speed. Event `ticket.nudged`. Raises NoNudge, StaleTicket."""
    locked = lock(ticket)
    asked = nudges_of(locked)
    if not is_our_turn(locked) or not may_again(asked, clock.now()):
        raise NoNudge
    record(NUDGED, stream=locked, by=by, changes={"count": len(asked) + 1})
