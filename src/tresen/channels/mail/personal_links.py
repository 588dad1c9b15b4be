"""Which mail address a personal link may be sent to. An agent may have typed it, and be mistaken or worse."""

from __future__ import annotations

from django.db.models import OuterRef, QuerySet, Subquery

from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Contact, Identity
from tresen.core.tickets.choices import MessageKind
from tresen.core.tickets.models import Message, Ticket


def link_reader(address: str, ticket: Ticket) -> Contact | None:
    """Whose link to the ticket a mail to that address may carry: its contact's where the address is verified, the only
    one he has, or the one that the ticket was asked from; nobody's where somebody merely wrote it beside another."""
    found = Identity.objects.filter(kind="mail", folded=fold_mail(address)).select_related("contact").first()
    if found is None:
        return None
    is_alone = not found.contact.identities.filter(kind="mail").exclude(pk=found.pk).exists()
    if found.verified_at or is_alone or asked_from(found, Ticket.objects.filter(pk=ticket.pk)):
        return found.contact
    return None


def asked_from(identity: Identity, tickets: QuerySet[Ticket]) -> set[int]:
    """Those of the tickets whose first message is the contact's own and came from that address, by mail or form."""
    first = Message.objects.filter(ticket=OuterRef("ticket")).order_by("id").values("pk")[:1]
    begun = Message.objects.filter(
        pk=Subquery(first), ticket__in=tickets, kind=MessageKind.RECEIVED, contact=identity.contact
    )
    rows = begun.values_list("ticket_id", "raw_mails__sender", "why__address")
    return {ticket for ticket, *froms in rows if identity.folded in {fold_mail(place or "") for place in froms}}
