"""No silent overwrite for rows without a version of their own: a form carries the mark of what it showed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models


class ChangedMeanwhile(Exception):
    """Somebody else saved the row after the form was opened; `fields` maps what differs now to its present value."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        super().__init__("somebody else has changed this meanwhile")
        self.fields = dict(fields)


def values_of(row: models.Model, fields: Iterable[str]) -> dict[str, Any]:
    """The present values of these fields, in the order given; foreign keys by their key."""
    return {name: _column(row, name).value_from_object(row) for name in fields}


def _column(row: models.Model, name: str) -> models.Field[Any, Any]:
    found = row._meta.get_field(name)
    assert isinstance(found, models.Field)
    return found


def fingerprint(values: Mapping[str, Any]) -> str:
    """A short mark (16 hex digits) that is the same exactly when the values are."""
    told = json.dumps(values, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def refuse_if_changed(values: Mapping[str, Any], expected: str) -> None:
    """Raises ChangedMeanwhile unless the values still have that mark; an empty mark asks for nothing."""
    if expected and expected != fingerprint(values):
        raise ChangedMeanwhile(values)
