"""Jobs of the interface."""

from __future__ import annotations

from datetime import timedelta

from tresen.faces.api.models import IdempotentRequest
from tresen.kit import clock
from tresen.spine.jobs.registry import job

KEPT_HOURS = 48


@job("api.sweep_keys")
def sweep_keys() -> None:
    """Forgets the keys of requests that are older than 48 hours."""
    IdempotentRequest.objects.filter(created_at__lt=clock.now() - timedelta(hours=KEPT_HOURS)).delete()
