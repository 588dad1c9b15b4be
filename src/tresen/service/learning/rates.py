"""How often it is right: proposals and what became of them, by field and over the months."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.db.models.functions import TruncMonth

from tresen.kit import clock
from tresen.service.learning.models import Field, Proposal, ProposalState

MONTHS = 12


@dataclass(slots=True)
class Rate:
    """Counts of one field in one time. `wrong`: corrected or refused."""

    proposed: int = 0
    taken: int = 0
    wrong: int = 0
    left: int = 0
    automatic: int = 0
    automatic_wrong: int = 0

    @property
    def decided(self) -> int:
        """Those that somebody said something about."""
        return self.taken + self.wrong

    @property
    def percent(self) -> int | None:
        """Hits of those that somebody said something about."""
        return round(100 * self.taken / self.decided) if self.decided else None

    @property
    def open(self) -> int:
        """Those that still wait."""
        return self.proposed - self.decided - self.left

    def add(self, state: str, automatic: bool, count: int) -> None:
        """So many more."""
        wrong = state in (ProposalState.CORRECTED, ProposalState.REFUSED)
        self.proposed += count
        self.taken += count if state == ProposalState.TAKEN else 0
        self.wrong += count if wrong else 0
        self.left += count if state == ProposalState.LEFT else 0
        self.automatic += count if automatic else 0
        self.automatic_wrong += count if automatic and wrong else 0


@dataclass(slots=True)
class FieldRates:
    """One field: in all, and each month that had any, the newest first."""

    field: str
    label: str
    whole: Rate = made(default_factory=Rate)
    months: list[tuple[date, Rate]] = made(default_factory=list)


def rates() -> list[FieldRates]:
    """Of the last twelve months, by field; one query."""
    since = clock.now() - timedelta(days=31 * MONTHS)
    rows = Proposal.objects.filter(made_at__gte=since).annotate(month=TruncMonth("made_at"))
    counted = rows.values_list("field", "month", "state", "is_automatic").annotate(n=Count("pk")).order_by()
    found = {name: FieldRates(name, str(label)) for name, label in Field.choices}
    months: dict[str, dict[datetime, Rate]] = defaultdict(lambda: defaultdict(Rate))
    for name, month, state, automatic, count in counted:
        if name in found:
            found[name].whole.add(state, automatic, count)
            months[name][month].add(state, automatic, count)
    for name, by_month in months.items():
        found[name].months = [(month.date(), rate) for month, rate in sorted(by_month.items(), reverse=True)]
    return list(found.values())
