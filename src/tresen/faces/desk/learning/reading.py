"""The proposals on a ticket as one reads them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tresen.core.tickets.models import Ticket
from tresen.service.learning.models import Field, Proposal
from tresen.service.learning.proposing import open_on
from tresen.service.learning.values import value_for


@dataclass(frozen=True)
class Shown:
    """One of them: the name of the field, the value in words, how sure it is, and why."""

    row: Proposal
    label: str
    value: str

    @property
    def reasons(self) -> str:
        """The words that speak for it, one after the other."""
        return ", ".join(self.row.words)


class Proposals:
    """Those of one ticket, or of none: what is to be taken, and what was filled in without anybody."""

    def __init__(self, ticket: Ticket | None = None) -> None:
        self.ticket = ticket

    @cached_property
    def any(self) -> list[Shown]:
        """All of them that this ticket can have."""
        if self.ticket is None:
            return []
        found = []
        for row in open_on(self.ticket):
            value = value_for(self.ticket, row.field, row.value)
            if value is not None:
                found.append(Shown(row, label_of(row.field), in_words(value)))
        return found

    @property
    def to_take(self) -> list[Shown]:
        """Those that wait for somebody, but for spam."""
        return [one for one in self.any if not one.row.is_automatic and one.row.field != Field.SPAM]

    @property
    def spam(self) -> Shown | None:
        """It may be spam."""
        return next((one for one in self.any if one.row.field == Field.SPAM), None)

    @property
    def filled(self) -> list[Shown]:
        """Those that were filled in."""
        return [one for one in self.any if one.row.is_automatic]


def label_of(field: str) -> str:
    """The name of a field."""
    return str(Field(field).label) if field in Field.values else field


def in_words(value: Any) -> str:
    """A value as one reads it."""
    return str(getattr(value, "label", None) or getattr(value, "trail", None) or value)
