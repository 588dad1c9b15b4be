"""Changes of fields that stand ready in the composer and happen when the message is sent (a macro's, for instance).

A staged change is a line of JSON, as <reply-composer>'s `stage()` writes it:
`{"field": "status", "values": ["waiting"], "label": "Status: Waiting"}`; the values are those of the field's own form.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from tresen.core.people.principals import Principal
from tresen.core.tickets.changes import WrongValue
from tresen.faces.desk.ticket.fields import read_value

LONGEST = 1000


@dataclass(frozen=True)
class StagedChange:
    """One change that goes along; `line` as it came."""

    field: str
    values: tuple[str, ...]
    label: str
    line: str


def read_staged(lines: Sequence[str]) -> list[StagedChange]:
    """The changes, the last one of each field; what is no staged change is left out."""
    found: dict[str, StagedChange] = {}
    for line in lines:
        try:
            said = json.loads(line[:LONGEST])
            field, values, label = str(said["field"]), [str(v) for v in said["values"]], str(said.get("label", ""))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue
        found[field] = StagedChange(field[:20], tuple(values[:50]), label[:200] or field[:20], line[:LONGEST])
    return list(found.values())


def wanted(changes: Sequence[StagedChange], principal: Principal) -> dict[str, Any]:
    """The fields as the services take them. Raises WrongValue, which names the field."""
    fields: dict[str, Any] = {}
    for change in changes:
        data = QueryDict(mutable=True)
        data.setlist("value", [value.replace("\0", "") for value in change.values])
        if change.field in {"requester", "organisation", "brand"}:  # whom it belongs to changes by an act of its own
            raise WrongValue(change.field)
        fields[change.field] = read_value(change.field, data, principal)
    return fields
