"""Jobs of the tickets."""

from __future__ import annotations

from datetime import timedelta

from tresen.core.tickets.models import Attachment
from tresen.kit import clock, files
from tresen.spine.jobs.registry import job

UPLOAD_HOURS = 24


@job("tickets.sweep_uploads", outside=True)
def sweep_uploads() -> None:
    """Removes uploads that were never sent, after 24 hours."""
    over = clock.now() - timedelta(hours=UPLOAD_HOURS)
    for left in Attachment.objects.filter(message=None, created_at__lt=over)[:500]:
        left.delete()
        files.remove(left.storage_key)
