"""A macro on many tickets: one of the wishes that a bulk change can have (BULK_WISHES in config/wiring.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.planning import FIELDS as AT_ONCE
from tresen.core.tickets.planning import plan_reply, undo_seconds
from tresen.core.tickets.querysets import TicketQuerySet
from tresen.core.tickets.rows import lock
from tresen.core.tickets.services import add_note, add_reply
from tresen.core.tickets.staged import already, fields_on, lines_of, meaning_of, not_to_set, put_beside
from tresen.kit import clock
from tresen.service.texts.applying import apply_staged, source_line
from tresen.service.texts.filling import text_on
from tresen.service.texts.keeping import KeptFileGone, copied, files_of
from tresen.service.texts.models import Macro, MacroKind
from tresen.service.texts.uses import note_use


@dataclass(frozen=True)
class MacroWish:
    """The macro's changes, and with `with_text` its text too, as a reply to the people on each ticket or as a note."""

    macro: Macro
    principal: Principal
    with_text: bool = False

    @property
    def is_empty(self) -> bool:
        """It has neither a text that is wanted nor changes."""
        return not (self.macro.changes or self.with_text)

    @property
    def bytes_each(self) -> int:
        """Its files go along with its text."""
        return sum(file.size for file in files_of(self.macro)) if self.with_text else 0

    @property
    def called(self) -> tuple[str, dict[str, Any]]:
        """A macro by its name."""
        return "macro", {"macro": self.macro.name}

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {"kind": "macro", "macro": self.macro.pk, "with_text": self.with_text}

    @classmethod
    def from_json(cls, kept: dict[str, Any], principal: Principal) -> MacroWish:
        """As it was kept; a macro that is gone or not for this agent any more raises DoesNotExist."""
        macro = Macro.objects.visible_to(principal).active().get(pk=kept["macro"])
        return cls(macro, principal, kept["with_text"])

    def unchanged(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Those on which it would change nothing; none when it writes."""
        return tickets.none() if self.with_text else already(tickets, self.macro.changes, self.principal)

    def allows(self, ticket: Ticket, principal: Principal) -> bool:
        """Who may write what it writes, and change what it changes, there."""
        says = "ticket.note" if self.macro.kind == MacroKind.NOTE else "ticket.reply"
        if self.with_text and not can(principal, says, ticket):
            return False
        return not not_to_set(ticket, meaning_of(self.macro.changes, principal).values, principal)

    def do(self, ticket: Ticket, *, principal: Principal, operation: Operation) -> bool:
        """Events `ticket.changed`, `note.added`, `reply.planned` or `reply.added`. Raises WrongValue, StaleTicket,
        also for a file that is gone."""
        locked = lock(ticket)
        text = text_on(self.macro, locked, principal.agent)[0] if self.with_text else ""
        if not text:
            return apply_staged(
                locked, changes=self.macro.changes, principal=principal, macros=[self.macro], operation=operation
            )  # fmt: skip
        write = self._note if self.macro.kind == MacroKind.NOTE else self._reply
        try:
            write(locked, text, principal, operation)
        except KeptFileGone as fault:
            raise WrongValue("files") from fault
        return True

    def _note(self, ticket: Ticket, text: str, principal: Principal, operation: Operation) -> None:
        assert principal.agent is not None
        fields = fields_on(ticket, self.macro.changes, principal)
        with copied(self.macro, principal.agent) as files:
            note = add_note(
                ticket, by=principal.actor, agent=principal.agent, content=Content(text), set=fields, files=files,
                operation=operation,
            )  # fmt: skip
        put_beside(ticket, self.macro.changes, principal, operation=operation)
        note_use(note, macros=[self.macro])

    def _reply(self, ticket: Ticket, text: str, principal: Principal, operation: Operation) -> None:
        """As long as other replies it can be taken back; what else it changes happens when it leaves."""
        assert principal.agent is not None
        changes, wait = self.macro.changes, undo_seconds()
        with copied(self.macro, principal.agent) as files:
            about: dict[str, Any] = {
                "by": principal.actor, "agent": principal.agent, "content": Content(text), "operation": operation,
                "files": files,
            }  # fmt: skip
            if wait:
                at_once = {name: value for name, value in changes.items() if name in AT_ONCE}
                reply = plan_reply(
                    ticket, set=fields_on(ticket, at_once, principal),
                    staged=[*lines_of(changes), source_line(self.macro)],
                    leaves_at=clock.now() + timedelta(seconds=wait), **about,
                )  # fmt: skip
            else:
                reply = add_reply(ticket, set=fields_on(ticket, changes, principal), **about)
                put_beside(ticket, changes, principal, operation=operation)
        note_use(reply, macros=[self.macro])
