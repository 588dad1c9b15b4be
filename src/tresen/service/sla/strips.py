"""The strip of a ticket: all its clocks in one row, so that lists and the ticket page ask nothing more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tresen.core.tickets.due import note_due
from tresen.core.tickets.models import Ticket
from tresen.service.sla.metrics import metrics
from tresen.service.sla.models import Clock, ClockStrip
from tresen.service.sla.reckoning import US

FIELDS = ("metric", "due_at", "warn_at", "rests", "is_breached", "clocks")


def strip_of(clocks: Iterable[Clock], reasons: Mapping[int, str]) -> dict[str, Any]:
    """The row's values: the newest clock of each metric that has a target (of one with several clocks at once, all
    that are not over), and the next thing due of those that are not over. `reasons`: the last segment's, by clock."""
    newest = {row.metric: row for row in clocks if row.minutes}
    shown = [
        row for metric in metrics() for slug, row in newest.items()
        if metric.has(slug) and (metric.each is None or row.stopped_at is None)
    ]  # fmt: skip
    alive = [row for row in shown if row.stopped_at is None]
    running = sorted((row for row in alive if row.due_at), key=lambda row: row.due_at or row.started_at)
    first = running[0] if running else alive[0] if alive else None
    return {
        "metric": first.metric if first else "", "due_at": first.due_at if first else None,
        "warn_at": first.warn_at if first else None, "is_breached": bool(first and first.breached_at),
        "rests": _rests(first, reasons) if first else "", "clocks": [entry_of(row, reasons) for row in shown],
    }  # fmt: skip


def _rests(row: Clock, reasons: Mapping[int, str]) -> str:
    """Why it rests; empty while it runs. A clock that rests keeps the time it has left."""
    return reasons.get(row.pk, US) if row.stopped_at is None and row.left_seconds is not None else ""


def entry_of(row: Clock, reasons: Mapping[int, str]) -> dict[str, Any]:
    """One clock as the strip keeps it."""
    return {
        "metric": row.metric, "minutes": row.minutes, "started_at": _iso(row.started_at), "due_at": _iso(row.due_at),
        "warn_at": _iso(row.warn_at), "stopped_at": _iso(row.stopped_at), "breached_at": _iso(row.breached_at),
        "rests": _rests(row, reasons), "left_seconds": row.left_seconds,
    }  # fmt: skip


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def write_strips(many: Iterable[tuple[Ticket, Iterable[Clock], Mapping[int, str]]]) -> None:
    """Keeps the rows of these tickets, and what lists are sorted by. Inside the transaction of the change."""
    kept = [(ticket, strip_of(clocks, reasons)) for ticket, clocks, reasons in many]
    rows = {ticket.pk: values for ticket, values in kept}
    shown = [ClockStrip(ticket_id=key, **values) for key, values in rows.items() if values["clocks"]]
    if empty := [key for key, values in rows.items() if not values["clocks"]]:
        ClockStrip.objects.filter(pk__in=empty).delete()
    ClockStrip.objects.bulk_create(shown, update_conflicts=True, unique_fields=["ticket"], update_fields=FIELDS)
    note_due((ticket, values["due_at"]) for ticket, values in kept)
