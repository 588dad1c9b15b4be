"""Minutes worked on a ticket. Whoever wrote an entry down may change it and take it away, nobody else.

All raise StaleTicket for a ticket that was merged.
"""

from __future__ import annotations

from django.db import transaction

from tresen.core.people.models import Agent
from tresen.core.teamwork.models import MOST_MINUTES, TimeEntry
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import lock
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


class WrongMinutes(ValueError):
    """An entry has 1 to 1440 minutes."""


def add_time(ticket: Ticket, *, agent: Agent, minutes: int, note: str = "", by: Actor) -> TimeEntry:
    """Writes down minutes. Event `time.added`. Raises WrongMinutes."""
    with transaction.atomic():
        locked = lock(ticket)
        row = TimeEntry.objects.create(
            ticket=locked, agent=agent, minutes=_checked(minutes), note=_short(note), worked_at=clock.now()
        )
        record("time.added", stream=locked, by=by, changes={"entry": row.pk, "minutes": minutes})
    return row


def change_time(entry: TimeEntry, *, minutes: int, note: str, by: Actor) -> None:
    """Mends an entry. Event `time.changed`, none when nothing changes. Raises WrongMinutes."""
    with transaction.atomic():
        locked = lock(Ticket(pk=entry.ticket_id))
        row = TimeEntry.objects.filter(pk=entry.pk).first()
        if row is None or (row.minutes, row.note) == (_checked(minutes), _short(note)):
            return
        old, row.minutes, row.note = row.minutes, minutes, _short(note)
        row.save(update_fields=["minutes", "note"])
        record("time.changed", stream=locked, by=by, changes={"entry": row.pk, "minutes": [old, minutes]})


def remove_time(entry: TimeEntry, *, by: Actor) -> None:
    """Takes an entry away. Event `time.removed`."""
    with transaction.atomic():
        locked = lock(Ticket(pk=entry.ticket_id))
        if TimeEntry.objects.filter(pk=entry.pk).delete()[0]:
            record("time.removed", stream=locked, by=by, changes={"entry": entry.pk, "minutes": entry.minutes})


def _checked(minutes: int) -> int:
    if not 1 <= minutes <= MOST_MINUTES:
        raise WrongMinutes
    return minutes


def _short(note: str) -> str:
    return " ".join(note.replace("\0", "").split())[:200]
