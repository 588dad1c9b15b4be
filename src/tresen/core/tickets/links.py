"""Personal links to one ticket: unguessable, revocable, and dead 90 days after closing (safety decision 12)."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from tresen.core.people.models import Contact
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.models import Participant, Ticket, TicketLink
from tresen.kit import clock
from tresen.kit.crypto import new_token, token_hash

ALIVE_AFTER_CLOSE_DAYS = 90


def mint_link(ticket: Ticket, contact: Contact, *, by_mail: bool, address: str = "", token: str = "") -> str:
    """A new token for that person and ticket; only its hash is kept, so it is shown or sent now or never.

    `address`: where it is sent to; that one, and no other of his, is proven by whoever comes with it.
    `token`: one from `new_token()` that was given out before, so that a request sent twice is made once. Raises
    IntegrityError when it is used already.
    """
    token = token or new_token()
    TicketLink.objects.create(
        ticket=ticket, contact=contact, token_hash=token_hash(token), by_mail=by_mail, address=address,
        created_at=clock.now(),
    )  # fmt: skip
    return token


def living_links() -> QuerySet[TicketLink]:
    """Links that still open something: not revoked, their person still on the ticket, the ticket neither long
    closed nor deleted."""
    over = clock.now() - timedelta(days=ALIVE_AFTER_CLOSE_DAYS)
    on_ticket = Participant.objects.filter(ticket=OuterRef("ticket"), contact=OuterRef("contact"))
    solved_long = Q(ticket__status_category=StatusCategory.SOLVED, ticket__solved_at__lt=over)
    return (
        TicketLink.objects.filter(Exists(on_ticket), revoked_at=None, ticket__deleted_at=None)
        .exclude(Q(ticket__closed_at__lt=over) | (Q(ticket__closed_at=None) & solved_long))
        .select_related("ticket__brand", "ticket__status", "contact")
    )


def open_link(token: str) -> TicketLink | None:
    """The link of a token if it is alive (see `living_links`)."""
    if not isinstance(token, str) or not 20 <= len(token) <= 100:
        return None
    return living_links().filter(token_hash=token_hash(token)).first()


def close_unproven_links(*tickets: Ticket) -> None:
    """A browser that opened a request under an address it has not proven sees the ticket no longer: what comes by mail
    from that address is not for it (the “ticket trick”), nor what another ticket brings. Of tickets that become one,
    one unconfirmed is enough. Inside the caller's transaction."""
    if any(ticket.is_unconfirmed for ticket in tickets):
        TicketLink.objects.filter(ticket__in=tickets, by_mail=False, revoked_at=None).update(revoked_at=clock.now())
