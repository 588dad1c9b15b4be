"""Which requests this browser sent without an account: it may follow each of them for its session (decision 8).

The session keeps the rows of the links, not their tokens: whoever reads the table of sessions opens nothing.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest

from tresen.core.people.hosts import of_this_host
from tresen.core.tickets.links import living_links
from tresen.core.tickets.models import Ticket, TicketLink

KEY = "followed"
AT_MOST = 20


def follow(request: HttpRequest, link: TicketLink) -> None:
    """Lets this browser see the ticket of the link as long as its session lasts."""
    others = [pk for pk in request.session.get(KEY, []) if pk != link.pk]
    request.session[KEY] = [link.pk, *others][:AT_MOST]


def followed_link(request: HttpRequest, number: str) -> TicketLink | None:
    """The living link by which this browser follows the ticket of that number."""
    known = request.session.get(KEY, [])
    return _here(request, known).filter(ticket__number=number).order_by("-id").first() if known else None


def followed_tickets(request: HttpRequest) -> list[Ticket]:
    """What this browser has sent and may still see, newest first."""
    known = request.session.get(KEY, [])
    if not known:
        return []
    return [link.ticket for link in _here(request, known).order_by("-ticket_id")]


def sent_ticket(request: HttpRequest) -> Ticket | None:
    """What this browser sent last, if it may still see it."""
    last = request.session.get(KEY, [])[:1]
    link = _here(request, last).first() if last else None
    return link.ticket if link else None


def _here(request: HttpRequest, known: list[int]) -> QuerySet[TicketLink]:
    return living_links().filter(of_this_host(request, "ticket__brand"), pk__in=known)
