"""Finding one message of a ticket."""

from __future__ import annotations

from django.http import Http404

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Message


def find_message(principal: Principal, pk: int) -> Message:
    """A message the principal may see, with its ticket. Raises Http404."""
    found = (
        Message.objects.visible_to(principal)
        .select_related("ticket__status", "ticket__brand", "contact", "agent__user")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    return found
