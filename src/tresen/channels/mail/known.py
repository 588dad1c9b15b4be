"""What we know already, said in the confirmation of receipt while it lasts: our own words, for those it is for."""

from __future__ import annotations

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from tresen.core.announcements.choices import Kind
from tresen.core.announcements.models import Announcement
from tresen.core.people.hosts import brand_url
from tresen.core.tickets.models import Ticket

MOST = 3


def known_text(ticket: Ticket, language: str) -> str:
    """The disturbances that last, each with the page that tells more; empty where there are none for the requester.
    What is for some organisations only is not said to an address that nobody has confirmed."""
    rows = Announcement.objects.active().filter(kind=Kind.DISTURBANCE).for_brand(ticket.brand_id)
    rows = rows.for_everybody() if ticket.is_unconfirmed else rows.for_contact(ticket.requester_id)
    found = list(rows.prefetch_related("organisations").order_by("begins_at", "pk")[:MOST])
    if not found:
        return ""
    with translation.override(language):
        told = [f"- {row.title}{_more(row, ticket)}" for row in found]
        return "\n".join([_("What we know already, in case it is about that:"), *told])


def _more(row: Announcement, ticket: Ticket) -> str:
    """Where more is said; of what is for some organisations only there is no public page."""
    if row.organisations.all():
        return ""
    return f"\n  {brand_url(ticket.brand, reverse('portal:status-one', args=[row.pk]))}"
