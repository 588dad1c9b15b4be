"""Somebody says that a ticket is spam, or that it is none. Nothing is thrown away by that: the ticket is closed and
stays where it is, says what it was taken for, and one click takes it back."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from tresen.core.tickets.changes import apply_changes
from tresen.core.tickets.choices import ACTIVE, StatusCategory
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.rows import StaleTicket, lock, save
from tresen.kit import clock
from tresen.service.learning.models import SPAM, Field, Proposal, ProposalState, SpamMark
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


def mark_spam(ticket: Ticket, *, by: Actor) -> None:
    """It is spam: closed without a word to the sender. Event `spam.marked`, none when it was marked. Raises
    StaleTicket for one that was merged or deleted."""
    _say(ticket, is_spam=True, by=by)


def mark_no_spam(ticket: Ticket, *, by: Actor) -> None:
    """It is none: open again, if it was closed for that. Event `spam.unmarked`, none when that was said already.
    Raises StaleTicket."""
    _say(ticket, is_spam=False, by=by)


def _say(ticket: Ticket, *, is_spam: bool, by: Actor) -> None:
    at = clock.now()
    with transaction.atomic():
        locked = lock(ticket, follow=False)
        if locked.merged_into_id or locked.deleted_at:
            raise StaleTicket(locked, {})
        mark = SpamMark.objects.filter(ticket=locked).first()
        if mark and mark.is_spam == is_spam:
            return
        wanted: dict[str, Any] = {}
        if is_spam and locked.status_category in ACTIVE:
            wanted["status"] = Status.objects.default_of(StatusCategory.CLOSED)
        elif not is_spam and mark and locked.status_category == StatusCategory.CLOSED and locked.closed_at == mark.at:
            wanted["status"] = Status.objects.default_of(StatusCategory.OPEN)
        changes = apply_changes(locked, wanted, at=at)
        save(locked, at)
        SpamMark.objects.update_or_create(ticket=locked, defaults={"is_spam": is_spam, "name": by.name[:200], "at": at})
        proposed = Proposal.objects.filter(ticket=locked, field=Field.SPAM, value=SPAM)
        proposed.update(state=ProposalState.TAKEN if is_spam else ProposalState.REFUSED, decided_at=at)
        kind = "spam.marked" if is_spam else "spam.unmarked"
        record(kind, stream=locked, by=by, changes=dict(changes), undo=changes.undo)
