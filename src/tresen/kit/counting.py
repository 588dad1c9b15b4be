"""Several counts in one query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ParamSpec

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from tresen.kit.prepared import Prepared

A = ParamSpec("A")
# A count as a subquery, and the values of its parameters.
Compiled = tuple[str, tuple[Any, ...]]


def count_together(*sets: QuerySet[Any]) -> tuple[int, ...]:
    """How many rows each of them has."""
    return run_counts(compile_count(rows.order_by()) for rows in sets)


def compile_count(rows: QuerySet[Any]) -> Compiled:
    """The count of these rows, for `run_counts`."""
    try:
        sql, values = rows.values("pk").query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking
        return "0", ()
    return f"(SELECT COUNT(*) FROM ({sql}) counted)", tuple(values)  # noqa: S608 - see run_counts


def count_of(query: Prepared[A, Any], *args: A.args, **named: A.kwargs) -> Compiled:
    """The count of a prepared query's rows with these values, for `run_counts`."""
    try:
        sql, values = query.sql(*args, **named)
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT COUNT(*) FROM ({sql}) counted)", values  # noqa: S608 - see run_counts


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
