"""Counting that stops when nobody reads on."""

from __future__ import annotations

from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

# One more than is shown: three digits, then "999+".
CAP = 1000


class CappedCount(Subquery):
    """How many rows a queryset has, counted up to CAP only; as one column of another query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"

    def __init__(self, rows: QuerySet[Any]) -> None:
        super().__init__(rows.order_by().values("pk")[:CAP], output_field=IntegerField())


def count_text(count: int) -> str:
    """A count as it stands beside a view: "12", from a thousand on "999+"."""
    return f"{CAP - 1}+" if count >= CAP else str(count)
