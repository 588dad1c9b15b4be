"""What an event says of changed fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Model


def changed_fields(row: Model, wanted: Mapping[str, Any], known: Collection[str]) -> dict[str, list[Any]]:
    """`{field: [old, new]}` of what the row does not have yet; it stays as it is. Raises KeyError for a field that is
    not among the known ones."""
    for field in wanted:
        if field not in known:
            raise KeyError(field)
    return {field: [old, new] for field, new in wanted.items() if (old := getattr(row, field)) != new}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """`{field: [old, new]}` of two readings of the same row."""
    return {field: [old, after[field]] for field, old in before.items() if after[field] != old}


def take_over(row: Model, changes: Mapping[str, list[Any]]) -> None:
    """Sets the new values on the row, which is not saved."""
    for field, (_old, new) in changes.items():
        setattr(row, field, new)
