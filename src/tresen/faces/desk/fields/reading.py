"""Custom fields on the ticket page: those asked for on this ticket, and those that have a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tresen.core.tickets.field_models import CustomField, FieldKind, Required
from tresen.core.tickets.field_values import shown_value
from tresen.core.tickets.models import Ticket


@dataclass(frozen=True)
class Entry:
    """One field on a ticket; `url`: where its value leads, `waits`: to be filled in before the ticket is solved."""

    field: CustomField
    text: str
    url: str
    waits: bool


def on_ticket(fields: Iterable[CustomField], ticket: Ticket) -> list[CustomField]:
    """In their order."""
    return [field for field in fields if field.slug in ticket.fields or field.fits(ticket)]


def entries(fields: Iterable[CustomField], ticket: Any) -> list[Entry]:
    """The same with their values in words."""
    found = []
    for field in on_ticket(fields, ticket):
        value = ticket.fields.get(field.slug)
        url = str(value) if field.kind == FieldKind.URL and value else ""
        waits = value is None and field.required != Required.NEVER
        found.append(Entry(field, shown_value(field, value), url, waits))
    return found
