"""Whom a ticket belongs to: its requester, the organisation it is for, the brand it stands under."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tresen.core.people.models import Brand, Contact, Organisation
from tresen.core.tickets.choices import ParticipantRole, Trust
from tresen.core.tickets.models import Participant, Ticket

Put = Callable[[str, Any], None]


class WrongOwner(ValueError):
    """The ticket cannot belong to that one; `field` names what it was to be."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def change_owner(ticket: Ticket, wanted: dict[str, Any], put: Put, *, at: datetime) -> None:
    """Sets requester, organisation and brand of the (locked, unsaved) ticket. Raises WrongOwner.

    Another requester brings his main organisation along unless one is named; who asked before leaves the ticket and
    his links to it die, since it was never his.
    """
    if "brand" in wanted:
        brand = wanted["brand"]
        if not isinstance(brand, Brand) or (not brand.is_active and brand != ticket.brand):
            raise WrongOwner("brand")
        put("brand", brand)
    if "requester" in wanted and wanted["requester"] != ticket.requester:
        _change_requester(ticket, wanted["requester"], put, at)
    if "organisation" in wanted:
        organisation = wanted["organisation"]
        if organisation is not None and not _is_of(organisation, ticket.requester):
            raise WrongOwner("organisation")
        put("organisation", organisation)


def _change_requester(ticket: Ticket, contact: Any, put: Put, at: datetime) -> None:
    if not isinstance(contact, Contact):
        raise WrongOwner("requester")
    ticket.participants.filter(role=ParticipantRole.REQUESTER).delete()
    ticket.links.filter(contact=ticket.requester, revoked_at=None).update(revoked_at=at)
    trust = {"trust": Trust.CLAIMED, "joined_at": at}
    # Who was in copy stays since then; what is older than his joining a link does not show (safety decision 12).
    Participant.objects.update_or_create(
        ticket=ticket, contact=contact, defaults={"role": ParticipantRole.REQUESTER},
        create_defaults={"role": ParticipantRole.REQUESTER, **trust},
    )  # fmt: skip
    put("requester", contact)
    membership = contact.memberships.filter(is_main=True).select_related("organisation").first()
    put("organisation", membership.organisation if membership else None)
    ticket.language = contact.language or ticket.language
    if contact.identities.filter(kind="mail", verified_at__isnull=False).exists():
        ticket.is_unconfirmed = False


def _is_of(organisation: Any, contact: Contact) -> bool:
    return isinstance(organisation, Organisation) and contact.memberships.filter(organisation=organisation).exists()
