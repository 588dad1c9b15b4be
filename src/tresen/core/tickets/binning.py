"""The bin: a deleted ticket is out of everybody's sight, can be restored for 30 days, and is then purged for good.

The mail ledger stays true (docs/decisions/0008): its rows stay and only lose the ticket and message they led to.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q

from tresen.core.people.models import Agent
from tresen.core.tickets import operations
from tresen.core.tickets.models import Attachment, Ticket
from tresen.core.tickets.operation_models import Operation, OperationKind
from tresen.core.tickets.previews import forget_previews
from tresen.core.tickets.rows import StaleTicket, lock, save
from tresen.kit import clock, files
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

KEPT_DAYS = 30
PURGED_AT_ONCE = 50


def delete_ticket(ticket: Ticket, *, by: Actor, agent: Agent, operation: Operation | None = None) -> Operation:
    """Into the bin. Replies that have not left stay there with it. Event `ticket.deleted`. Raises StaleTicket for one
    that was merged or deleted meanwhile. `operation`: one of many that it is part of."""
    at = clock.now()
    with transaction.atomic():
        locked = lock(ticket, follow=False)
        if locked.merged_into_id or locked.deleted_at:
            raise StaleTicket(locked, {})
        locked.deleted_at = at
        save(locked, at)
        operation = operation or operations.start(OperationKind.DELETE, agent=agent)
        operations.add_step(operation, record("ticket.deleted", stream=locked, by=by))
    return operation


def bring_back(locked: Ticket) -> bool:
    """The locked ticket is out of the bin, in the caller's transaction, who records that; False when it was not in."""
    if locked.deleted_at is None:
        return False
    locked.deleted_at = None
    save(locked, clock.now())
    return True


def restore_ticket(ticket: Ticket, *, by: Actor) -> None:
    """Out of the bin again. Event `ticket.restored`; none when it is not in there."""
    with transaction.atomic():
        locked = lock(ticket, follow=False)
        if bring_back(locked):
            record("ticket.restored", stream=locked, by=by)


def purge_bin() -> int:
    """Removes for good what has been in the bin for 30 days, with signposts that led there; how many."""
    over = clock.now() - timedelta(days=KEPT_DAYS)
    keys = list(Ticket.objects.filter(deleted_at__lt=over).order_by("pk").values_list("pk", flat=True)[:PURGED_AT_ONCE])
    return sum(_purge(key) for key in keys)


def _purge(key: int) -> int:
    with transaction.atomic():
        locked = Ticket.objects.select_for_update().filter(pk=key, deleted_at__isnull=False).first()
        if locked is None:
            return 0
        gone = list(_with_signposts(locked))
        stored = list(Attachment.objects.filter(message__ticket__in=gone).values_list("storage_key", flat=True))
        try:
            with transaction.atomic():
                Ticket.objects.filter(pk__in=gone).update(merged_into=None)
                Ticket.objects.filter(pk__in=gone).delete()
        except ProtectedError:
            return 0
        transaction.on_commit(lambda: _forget(stored))
    return 1


def _forget(stored: list[str]) -> None:
    """The bytes of files that nothing else shows."""
    shown = set(Attachment.objects.filter(storage_key__in=stored).values_list("storage_key", flat=True))
    gone = set(stored) - shown
    for key in gone:
        files.remove(key)
    forget_previews(gone)


def _with_signposts(ticket: Ticket) -> Any:
    """The keys of the ticket and of all that lead to it."""
    found, more = {ticket.pk}, {ticket.pk}
    while more:
        led = Ticket.objects.filter(Q(merged_into__in=more)).exclude(pk__in=found)
        more = set(led.values_list("pk", flat=True))
        found |= more
    return found
