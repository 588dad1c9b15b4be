"""Several counts in one query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

# A count as a subquery, and the values of its parameters.
Compiled = tuple[str, tuple[Any, ...]]


def count_together(*sets: QuerySet[Any]) -> tuple[int, ...]:
    """How many rows each of them has."""
    return run_counts(compile_count(rows) for rows in sets)


def compile_count(rows: QuerySet[Any], *, most: int | None = None) -> Compiled:
    """The count of these rows, up to `most`, for `run_counts`."""
    try:
        sql, values = rows.order_by().values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking
        return "0", ()
    return f"(SELECT COUNT(*) FROM ({sql}) counted)", tuple(values)  # noqa: S608 - see run_counts


def run_counts(counts: Iterable[Compiled]) -> tuple[int, ...]:
    """The numbers of compiled counts, in their order, asked in one query."""
    compiled = list(counts)
    if not compiled:
        return ()
    with connection.cursor() as cursor:
        # Compiled by Django from our own filters; every value is a parameter.
        cursor.execute(
            f"SELECT {', '.join(sql for sql, _ in compiled)}",
            [value for _, values in compiled for value in values],
        )
        return tuple(cursor.fetchone())
