"""What follows when a ticket is there."""

from __future__ import annotations

from tresen.core.catalog.beginning import is_held
from tresen.core.catalog.jobs import begin
from tresen.core.catalog.models import Request
from tresen.spine.events.models import Event


def begin_request(event: Event) -> None:
    """Work on what was asked for begins in a moment, unless something comes before it: when it is there, when its
    requester has shown that the address is his, or is another now. A new ticket that is no request costs nothing."""
    rows = Request.objects.select_related("service", "ticket")
    if "request" in event.changes:
        rows = rows.filter(pk=event.changes["request"])
    elif event.kind == "ticket.confirmed" or (event.kind == "ticket.changed" and "requester" in event.changes):
        rows = rows.filter(ticket=event.stream_id)
    else:
        return
    request = rows.first()
    if request is None or request.begun_at or is_held(request):
        return
    if request.service.steps or request.service.children:
        begin.enqueue(request_id=request.pk)
