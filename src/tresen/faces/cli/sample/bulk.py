"""Inserting many rows at once. Django's bulk_create compiles a statement for every few dozen rows; a million tickets
are some fifteen million rows, so here each model's INSERT is written once and run over all rows of a chunk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, Field, JSONField, Max, Model

_Convert = Callable[[Any], Any]


def reserve_keys(model: type[Model], count: int) -> range | list[int]:
    """So many fresh primary keys, ascending. Must be called inside the transaction that uses them.

    On SQLite the transaction already holds the only write lock; on PostgreSQL they are taken from the sequence.
    """
    table, column = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            last = max(row[0] if row else 0, model._default_manager.aggregate(last=Max("pk"))["last"] or 0)
            return range(last + 1, last + 1 + count)
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [f'"{table}"', column, count]
        )
        return sorted(key for (key,) in cursor.fetchall())


def insert(rows: Sequence[Model]) -> None:
    """Inserts rows of one model with all their fields, the primary key included. No signals, nothing read back."""
    if not rows:
        return
    meta = rows[0]._meta
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in meta.concrete_fields)
    marks = ", ".join(["%s"] * len(meta.concrete_fields))
    # Names come from our own models, never from outside.
    statement = f"INSERT INTO {connection.ops.quote_name(meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608
    plan = [(field.attname, _converter(field)) for field in meta.concrete_fields]
    values = [
        [getattr(row, name) if convert is None else convert(getattr(row, name)) for name, convert in plan]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def number(rows: Sequence[Model]) -> None:
    """Gives rows of one model their primary keys, in their order."""
    if rows:
        for row, key in zip(rows, reserve_keys(type(rows[0]), len(rows)), strict=True):
            row.pk = key


def add(rows: Sequence[Model]) -> None:
    """Numbers and inserts."""
    number(rows)
    insert(rows)


def _converter(field: Field[Any, Any]) -> _Convert | None:
    """How a value becomes what the driver takes; None where it is that already."""
    if isinstance(field, DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None
