"""When something is due next on a ticket: lists are sorted by it. The core keeps no clock; who does says it here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tresen.core.tickets.choices import NEVER
from tresen.core.tickets.models import Ticket


def note_due(moments: Iterable[tuple[Ticket, datetime | None]]) -> None:
    """Notes for each of these tickets the next moment by which something was promised, None where nothing is. No change
    of the ticket: it gets no new version. Inside the transaction of the change; one query, none where all stands so."""
    later = [(ticket, at or NEVER) for ticket, at in moments if ticket.due_at != (at or NEVER)]
    for ticket, at in later:
        ticket.due_at = at
    if later:
        Ticket.objects.bulk_update([ticket for ticket, _at in later], ["due_at"])
