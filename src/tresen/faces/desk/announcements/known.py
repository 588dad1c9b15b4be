"""What was announced and may be why somebody writes or calls: beside a ticket, and while one is taken down."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from tresen.core.announcements.affected import link_ticket
from tresen.core.announcements.choices import READABLE
from tresen.core.announcements.models import AnnouncedTicket, Announcement
from tresen.core.announcements.querysets import AnnouncementQuerySet
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.spine.events.actors import Actor

MOST = 5


@dataclass(frozen=True)
class Known:
    """One of them, and whether the ticket is tied to it."""

    row: Announcement
    is_tied: bool


def known_on(ticket: Ticket) -> list[Known]:
    """Those the ticket is tied to, then what lasts now and is for its requester."""
    tied = AnnouncedTicket.objects.filter(announcement=OuterRef("pk"), ticket=ticket)
    lasting = Announcement.objects.known_troubles().for_brand(ticket.brand_id).for_contact(ticket.requester_id)
    both = Q(pk__in=lasting.values("pk")) | Q(tickets__ticket=ticket, state__in=READABLE)
    rows = Announcement.objects.filter(both).annotate(is_tied=Exists(tied)).distinct()
    return [Known(row, row.is_tied) for row in rows.order_by("-is_tied", "kind", "-begins_at", "-pk")[:MOST]]


def troubles_for(principal: Principal) -> AnnouncementQuerySet:
    """What lasts now, for whoever takes down a call."""
    return Announcement.objects.visible_to(principal).known_troubles().worst_first()


def tie_chosen(ticket: Ticket, keys: list[str], *, principal: Principal, by: Actor) -> None:
    """Ties a new ticket to those that were ticked. Event `announcement.linked` each."""
    chosen = [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 18]
    for row in troubles_for(principal).filter(pk__in=chosen)[:MOST]:
        link_ticket(row, ticket, by=by)
