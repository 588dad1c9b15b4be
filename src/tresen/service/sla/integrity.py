"""What must hold between clocks, their segments and what is shown of them."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Value
from django.db.models.functions import Coalesce

from tresen.core.tickets.choices import NEVER
from tresen.core.tickets.models import Ticket
from tresen.service.sla.models import Clock, ClockSegment, ClockStrip


def clock_faults() -> list[str]:
    """Every fault in a sentence; empty when all is well."""
    going_on = Exists(ClockSegment.objects.filter(clock=OuterRef("pk"), ended_at=None))
    before = ClockSegment.objects.filter(clock=OuterRef("clock"), ended_at=OuterRef("started_at"))
    alive = Clock.objects.filter(ticket=OuterRef("ticket"), stopped_at=None, due_at=OuterRef("due_at"))
    later = ClockSegment.objects.exclude(started_at=F("clock__started_at"))
    said = {
        "clocks run without a segment that goes on": Clock.objects.filter(~going_on, stopped_at=None).count(),
        "clocks have stopped but a segment goes on": Clock.objects.filter(going_on, stopped_at__isnull=False).count(),
        "segments of clocks do not follow the one before": later.exclude(Exists(before)).count(),
        "tickets show a due time that no clock has": ClockStrip.objects.filter(
            ~Exists(alive), due_at__isnull=False
        ).count(),
        "tickets stand in lists by another due time than they show": Ticket.objects.exclude(
            due_at=Coalesce("clock_strip__due_at", Value(NEVER))
        ).count(),
    }
    return [f"{n} {fault}" for fault, n in said.items() if n]
