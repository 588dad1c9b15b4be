"""Staged changes when they are sent with a message, or applied without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property

from tresen.core.people.principals import Principal
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.planning import FIELDS as AT_ONCE
from tresen.core.tickets.staged import fields_on, meaning_of, put_beside, read_lines
from tresen.service.texts.applying import macro_operation, sources_in
from tresen.service.texts.models import Macro, SavedReply
from tresen.service.texts.uses import note_use


@dataclass(frozen=True)
class Staged:
    """What goes along with a message: its changes, and the texts that were put into it."""

    lines: list[str]
    principal: Principal

    @cached_property
    def changes(self) -> dict[str, Any]:
        """In words, see core/tickets/staged.py."""
        return read_lines(self.lines)

    @cached_property
    def sources(self) -> tuple[list[SavedReply], list[Macro]]:
        """The saved replies and macros in it."""
        return sources_in(self.lines, self.principal)

    def check(self) -> None:
        """Raises WrongValue for what is gone, or not for this agent."""
        if gone := meaning_of(self.changes, self.principal).gone:
            raise WrongValue(gone[0])

    def operation(self) -> Operation | None:
        """What it is part of; none without a macro."""
        return macro_operation(self.sources[1], self.principal)

    def at_once(self, ticket: Ticket, chosen: dict[str, Any], *, then: str) -> dict[str, Any]:
        """What changes at once with a reply that can be taken back. A staged status goes before that of the usual
        button, but not before one that was chosen from its menu."""
        staged = fields_on(ticket, {k: v for k, v in self.changes.items() if k in AT_ONCE}, self.principal)
        return {**chosen, **staged} if then in ("waiting", "send", "note") else {**staged, **chosen}

    def everything(self, ticket: Ticket, chosen: dict[str, Any], *, then: str) -> dict[str, Any]:
        """What changes with a reply or note that leaves now. In the transaction of the sending."""
        others = fields_on(ticket, {k: v for k, v in self.changes.items() if k not in AT_ONCE}, self.principal)
        return {**others, **self.at_once(ticket, chosen, then=then)}

    def put(self, ticket: Ticket, operation: Operation | None) -> None:
        """What is no field, with a reply or note that leaves now. Raises WrongValue."""
        put_beside(ticket, self.changes, self.principal, operation=operation)

    def count(self, message: Message) -> None:
        """The texts in it are counted, now or when it leaves."""
        replies, macros = self.sources
        note_use(message, replies=replies, macros=macros)
