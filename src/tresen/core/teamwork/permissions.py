"""Who may do what when working together. Seeing is `visible_to`; these are the acts."""

from __future__ import annotations

from typing import Any

from tresen.core.people.permissions import Check, can
from tresen.core.people.principals import Principal
from tresen.core.teamwork.models import ChecklistItem, TimeEntry


def _on_ticket(principal: Principal, item: Any) -> bool:
    return isinstance(item, ChecklistItem) and can(principal, "ticket.change", item.ticket)


def _own_time(principal: Principal, entry: Any) -> bool:
    """One's own entries alone."""
    mine = isinstance(entry, TimeEntry) and principal.agent is not None and entry.agent_id == principal.agent.pk
    return mine and can(principal, "ticket.note", entry.ticket)


TEAMWORK_PERMISSIONS: dict[str, Check] = {"checklist.change": _on_ticket, "time.change": _own_time}
