"""The fields that are proposed: their values as text and back."""

from __future__ import annotations

from typing import Any

from tresen.core.people.models import Team
from tresen.core.tickets.choices import Priority, TicketType
from tresen.core.tickets.models import Category, Ticket
from tresen.service.learning.models import HAM, SPAM, Field, SpamMark


def value_on(ticket: Ticket, field: str) -> str:
    """What stands in the field now, as text; empty for nothing."""
    if field == Field.CATEGORY:
        return str(ticket.category_id or "")
    if field == Field.TEAM:
        return str(ticket.team_id or "")
    if field == Field.SPAM:
        mark: SpamMark | None = getattr(ticket, "spam_mark", None)
        return "" if mark is None else SPAM if mark.is_spam else HAM
    return str(getattr(ticket, field))


def value_for(ticket: Ticket, field: str, text: str) -> Any:
    """The value that the text stands for, if this ticket can have it; None if not."""
    if field == Field.TYPE:
        return TicketType(text) if text in TicketType.values else None
    if field == Field.SPAM:
        return text if text == SPAM else None
    if not text.isascii() or not text.isdigit():
        return None
    if field == Field.PRIORITY:
        return Priority(int(text)) if int(text) in Priority.values else None
    if field == Field.TEAM:
        return Team.objects.active().filter(pk=int(text)).first()
    return Category.objects.offered_for(ticket.brand_id).filter(pk=int(text)).first()
