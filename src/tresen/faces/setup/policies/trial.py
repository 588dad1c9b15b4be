"""What a policy would have come to, as the page says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tresen.core.tickets.numbers import show_number
from tresen.faces.setup.policies.forms import show_minutes
from tresen.service.sla.metrics import metrics
from tresen.service.sla.models import Policy, PolicyTrial


@dataclass(frozen=True)
class Line:
    """A metric: how many were kept, missed, are open, and the share that was kept."""

    label: Any
    kept: int
    missed: int
    open: int

    @property
    def percent(self) -> int | None:
        """Of those that are over; None where there is none."""
        over = self.kept + self.missed
        return 100 * self.kept // over if over else None


@dataclass(frozen=True)
class Worst:
    """A ticket that would have missed the most."""

    number: str
    shown: str
    metric: Any
    late: str


@dataclass(frozen=True)
class Shown:
    """A trial as the page says it."""

    row: PolicyTrial
    tickets: int
    lines: list[Line]
    worst: list[Worst]


def shown_trial(policy: Policy) -> Shown | None:
    """The trial of a policy; None where it was never tried."""
    row = PolicyTrial.objects.filter(policy=policy).first()
    if row is None:
        return None
    counts, labels = row.found.get("metrics", {}), {metric.slug: metric.label for metric in metrics()}
    lines = [Line(label, **counts[slug]) for slug, label in labels.items() if slug in counts]
    worst = [
        Worst(number, show_number(number), labels.get(slug, slug), show_minutes(max(1, late // 60)))
        for number, slug, late in row.found.get("worst", [])
    ]
    return Shown(row, row.found.get("tickets", 0), lines, worst)
