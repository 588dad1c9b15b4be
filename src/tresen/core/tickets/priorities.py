"""Impact × urgency → priority (ITIL's matrix)."""

from __future__ import annotations

from tresen.core.tickets.choices import Impact, Priority, Urgency

MATRIX: dict[tuple[int, int], Priority] = {
    (Impact.ONE, Urgency.LOW): Priority.LOW,
    (Impact.ONE, Urgency.MEDIUM): Priority.NORMAL,
    (Impact.ONE, Urgency.HIGH): Priority.HIGH,
    (Impact.SEVERAL, Urgency.LOW): Priority.NORMAL,
    (Impact.SEVERAL, Urgency.MEDIUM): Priority.HIGH,
    (Impact.SEVERAL, Urgency.HIGH): Priority.URGENT,
    (Impact.ALL, Urgency.LOW): Priority.NORMAL,
    (Impact.ALL, Urgency.MEDIUM): Priority.HIGH,
    (Impact.ALL, Urgency.HIGH): Priority.URGENT,
}


def priority_for(impact: int, urgency: int) -> Priority:
    """The priority of an impact and an urgency. Raises KeyError for values outside the lists."""
    return MATRIX[impact, urgency]
