"""Jobs of webhooks."""

from __future__ import annotations

from datetime import timedelta

from tresen.kit import clock
from tresen.service.webhooks.models import Delivery, DeliveryState
from tresen.service.webhooks.sending import next_due_seconds, send_due
from tresen.spine.jobs.registry import job

KEPT = timedelta(days=30)
SWEPT_AT_ONCE = 5000


@job("webhooks.send", queue="hooks-out", outside=True, max_attempts=8)
def send() -> None:
    """Sends what is due; comes back when the next call is."""
    send_due()
    pause = next_due_seconds()
    if pause is not None:
        send.enqueue(key="webhooks.send", delay=pause)


@job("webhooks.sweep", outside=True, max_attempts=3)
def sweep() -> None:
    """The log is kept for a month."""
    old = Delivery.objects.exclude(state=DeliveryState.WAITING).filter(created_at__lt=clock.now() - KEPT)
    Delivery.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:SWEPT_AT_ONCE])).delete()
