"""What the catalogue does a moment later."""

from __future__ import annotations

from tresen.core.catalog.beginning import begin_work
from tresen.core.catalog.models import Request
from tresen.spine.jobs.registry import job


@job("catalog.begin")
def begin(*, request_id: int) -> None:
    """The tasks of a request are made, in a transaction of their own: each takes a number and finds its team."""
    request = Request.objects.select_related("ticket").filter(pk=request_id).first()
    if request is not None:
        begin_work(request)
