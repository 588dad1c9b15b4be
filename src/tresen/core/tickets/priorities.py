"""Impact × urgency → priority: a brand's table, and what a VIP makes of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tresen.core.people.models import Brand, Contact, Organisation
from tresen.core.tickets.choices import Impact, Priority, Urgency

Cells = tuple[tuple[int, ...], ...]
# ITIL's matrix: a row for each impact, a column for each urgency, lowest first.
USUAL: Cells = (
    (Priority.LOW, Priority.NORMAL, Priority.HIGH),
    (Priority.NORMAL, Priority.HIGH, Priority.URGENT),
    (Priority.NORMAL, Priority.HIGH, Priority.URGENT),
)


class VipRule(models.TextChoices):
    """What becomes of the priority if a VIP asks."""

    STEP = "step", _("one step higher")
    HIGH = "high", _("at least high")
    NONE = "none", _("unchanged")


@dataclass(frozen=True)
class PriorityTable:
    """The priorities of a brand."""

    cells: Cells = USUAL
    vip: str = VipRule.STEP

    @classmethod
    def read(cls, kept: dict[str, Any]) -> PriorityTable:
        """As a brand keeps it; empty is the usual one."""
        cells = kept.get("cells")
        return cls(tuple(map(tuple, cells)) if cells else USUAL, kept.get("vip", VipRule.STEP))

    def as_json(self) -> dict[str, Any]:
        """As a brand keeps it. Raises ValueError for a table that is not three by three priorities."""
        whole = len(self.cells) == len(Impact) and all(len(row) == len(Urgency) for row in self.cells)
        if not whole or any(cell not in Priority.values for row in self.cells for cell in row):
            raise ValueError("a table has a priority for each impact and urgency")
        if self.vip not in VipRule.values:
            raise ValueError("no such rule for VIPs")
        return {"cells": [[int(cell) for cell in row] for row in self.cells], "vip": str(self.vip)}

    def of(self, impact: int, urgency: int) -> Priority:
        """By the table alone. Raises IndexError for values outside the lists."""
        return Priority(self.cells[impact - 1][urgency - 1])

    def priority(self, impact: int, urgency: int, *, is_vip: bool) -> Priority:
        """By the table, and by who asks."""
        plain = self.of(impact, urgency)
        if is_vip and self.vip == VipRule.STEP:
            return Priority(min(plain + 1, Priority.URGENT))
        if is_vip and self.vip == VipRule.HIGH:
            return max(plain, Priority.HIGH)
        return plain


def priority_for(
    brand: Brand, requester: Contact, organisation: Organisation | None, *, impact: int, urgency: int
) -> Priority:
    """What the brand's table says when this person asks for that organisation."""
    is_vip = requester.is_vip or bool(organisation and organisation.is_vip)
    return PriorityTable.read(brand.priorities).priority(impact, urgency, is_vip=is_vip)
