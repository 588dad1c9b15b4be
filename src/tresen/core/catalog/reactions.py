"""What follows when a ticket is there."""

from __future__ import annotations

from tresen.core.catalog.beginning import is_held
from tresen.core.catalog.jobs import begin
from tresen.core.catalog.models import Request
from tresen.spine.events.models import Event


def begin_request(event: Event) -> None:
    """Work on what was asked for begins in a moment, unless something comes before it. A ticket that is no request
    costs nothing."""
    if "request" not in event.changes:
        return
    request = Request.objects.select_related("service").filter(pk=event.changes["request"]).first()
    if request is None or request.begun_at or is_held(request):
        return
    if request.service.steps or request.service.children:
        begin.enqueue(request_id=request.pk)
