"""Jobs of service levels: clocks are watched, and put right after a change of policies or calendars."""

from __future__ import annotations

from django.db import transaction

from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.service.sla.keeping import keep_all
from tresen.service.sla.telling import AT_ONCE, tell, waiting
from tresen.service.sla.trials import go_on
from tresen.spine.jobs.registry import job

KEPT_AT_ONCE = 50


@job("sla.watch", outside=True, max_attempts=3)
def watch() -> None:
    """Tells what has come due since the last look, a transaction a ticket; goes on at once where there is more."""
    at = clock.now()
    found = waiting(at)
    for ticket_id in found:
        with transaction.atomic():
            tell(ticket_id, at)
    if len(found) >= AT_ONCE:
        watch.enqueue(key="sla.watch:more")


@job("sla.keep_open")
def keep_open(*, after: int = 0) -> None:
    """Puts the clocks of all open tickets right, some at a time, in the order of their keys."""
    rows = Ticket.objects.active().filter(pk__gt=after, merged_into=None).select_related("status").order_by("pk")
    keys = list(rows.values_list("pk", flat=True)[:KEPT_AT_ONCE])
    if not keys:
        return
    held = Ticket.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    keep_all(list(held))
    if len(keys) == KEPT_AT_ONCE:
        keep_open.enqueue(after=keys[-1], key=f"sla.keep:{keys[-1]}")


@job("sla.try_policy", max_attempts=3)
def try_policy(*, trial_id: int, after: int = 0) -> None:
    """Tries a policy on some more tickets; the next job goes on behind them."""
    last = go_on(trial_id, after)
    if last is not None:
        try_policy.enqueue(trial_id=trial_id, after=last)
