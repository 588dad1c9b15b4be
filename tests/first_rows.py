"""The rows that migrations make, for tests whose own end empties every table."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model

# Nobody but Django writes to these, and it would make the same rows anew.
ITS_OWN = {"django_content_type", "auth_permission"}
_kept: list[tuple[type[Model], list[dict[str, Any]]]] = []


def keep_first_rows() -> None:
    """Remembers what lies in tables that nobody but the migrations has written to."""
    for model in apps.get_models():
        if model._meta.db_table not in ITS_OWN and (rows := list(model._base_manager.values())):
            _kept.append((model, rows))


def leave_first_rows(*_case: object) -> None:
    """At the end of a test with threads: empties every table and puts back what migrations made.

    Django's `flush` makes each table anew in the file system of PostgreSQL, and looks for every permission.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for name in _filled(cursor):
            cursor.execute(f"DELETE FROM {name}")
        for model, rows in _kept:
            model._base_manager.bulk_create([model(**row) for row in rows])


def _filled(cursor: Any) -> list[str]:
    """The tables that may hold rows, by name."""
    there = connection.introspection.django_table_names(only_existing=True, include_views=False)
    names = [connection.ops.quote_name(name) for name in sorted({*there} - ITS_OWN)]
    if connection.vendor != "postgresql":
        return names
    cursor.execute("SET LOCAL session_replication_role = replica")  # no looking at what refers to a row
    cursor.execute(" UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names))
    return [str(name) for (name,) in cursor.fetchall()]
