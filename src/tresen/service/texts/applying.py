"""Applying a macro: to a ticket, without a message, in one operation that can be undone.

A macro can do nothing that its user could not do by hand: what it changes is read for him (core/tickets/staged.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.operations import start
from tresen.core.tickets.services import update_ticket
from tresen.core.tickets.staged import fields_on, number_in, put_beside
from tresen.service.texts.models import Macro, SavedReply
from tresen.service.texts.uses import count_applied

# Lines among the staged ones that say where a text came from; they change nothing.
SOURCES = ("saved_reply", "macro")


def source_line(kept: SavedReply | Macro) -> str:
    """The line by which a composer says that this text was put in."""
    return f"{'macro' if isinstance(kept, Macro) else 'saved_reply'}={kept.pk}"


def sources_in(lines: Iterable[str], principal: Principal) -> tuple[list[SavedReply], list[Macro]]:
    """The saved replies and macros that the lines name, as far as this agent may use them."""
    keys: dict[str, list[int]] = {name: [] for name in SOURCES}
    for line in lines:
        name, _equals, value = line.partition("=")
        if name in keys and (key := number_in(value)) is not None:
            keys[name].append(key)
    replies = SavedReply.objects.visible_to(principal).filter(pk__in=keys["saved_reply"]) if keys["saved_reply"] else []
    macros = Macro.objects.visible_to(principal).filter(pk__in=keys["macro"]) if keys["macro"] else []
    return list(replies), list(macros)


def macro_operation(macros: list[Macro], principal: Principal) -> Operation | None:
    """What using these macros is called in the list of what one did; none without a macro."""
    if not macros or principal.agent is None:
        return None
    return start("macro", agent=principal.agent, facts={"macro": ", ".join(macro.name for macro in macros)})


def apply_staged(
    ticket: Ticket, *, changes: Mapping[str, Any], principal: Principal, macros: list[Macro],
    operation: Operation | None = None,
) -> bool:  # fmt: skip
    """Changes a ticket as staged, without a message, and says whether it did; the macros it came from are counted. Part
    of `operation`, else of one of its own. Events `ticket.changed`, `checklist.changed`. Raises WrongValue,
    StaleTicket."""
    with transaction.atomic():
        part_of = operation or macro_operation(macros, principal)
        fields = fields_on(ticket, changes, principal)
        changed = update_ticket(ticket, by=principal.actor, set=fields, operation=part_of)
        put = put_beside(ticket, changes, principal, operation=part_of)
        for macro in macros:
            count_applied(macro)
    return put or changed.version != ticket.version
