"""That a clock warns or has run out, as events of the ticket: each once, with the exact moment. Rules listen to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import lock
from tresen.service.sla.models import Clock
from tresen.service.sla.strips import write_strips
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record

BY = Actor.system("clocks")
AT_ONCE = 100


def waiting(at: datetime) -> list[int]:
    """The tickets on which a clock has reached its warning or its end and nobody was told, the longest ago first."""
    run_out = Q(breached_at=None, due_at__lt=at)
    warns = Q(warned_at=None, warn_at__lt=at)
    alive = Clock.objects.filter(stopped_at=None, ticket__deleted_at=None)
    found: dict[int, None] = {}
    for rows, by in ((alive.filter(run_out), "due_at"), (alive.filter(warns), "warn_at")):
        found |= dict.fromkeys(rows.order_by(by).values_list("ticket", flat=True)[:AT_ONCE])
    return list(found)


def tell(ticket_id: int, at: datetime) -> None:
    """Tells of one ticket what is to be told, in one transaction that holds the ticket. Events `clock.warned`,
    `clock.breached`; none when somebody was faster."""
    ticket = lock(Ticket(pk=ticket_id), follow=False)
    rows = list(Clock.objects.filter(ticket=ticket).order_by("started_at", "pk").prefetch_related("segments"))
    warned, run_out = [], []
    for row in rows:
        if row.stopped_at is not None:
            continue
        if row.breached_at is None and row.due_at is not None and row.due_at < at:
            row.breached_at, row.warned_at = row.due_at, row.warned_at or row.warn_at
            run_out.append(row)
        elif row.warned_at is None and row.warn_at is not None and row.warn_at < at:
            row.warned_at = row.warn_at
            warned.append(row)
    for row in (*warned, *run_out):
        row.save(update_fields=["warned_at", "breached_at"])
    if run_out:
        write_strips([(ticket, rows, {row.pk: [*row.segments.all()][-1].reason for row in rows})])
    for row in warned:
        _record("clock.warned", ticket, row, None)
    tell_run_out(ticket, run_out, cause=None)


def tell_run_out(ticket: Ticket, rows: Iterable[Clock], *, cause: Event | None) -> None:
    """Event `clock.breached` for each."""
    for row in rows:
        _record("clock.breached", ticket, row, cause)


def _record(kind: str, ticket: Ticket, row: Clock, cause: Event | None) -> None:
    facts = {"clock": row.pk, "metric": row.metric, "due_at": row.due_at.isoformat() if row.due_at else None}
    record(kind, stream=ticket, by=BY, changes=facts, cause=cause)
