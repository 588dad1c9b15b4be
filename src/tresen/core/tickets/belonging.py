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


def change_owner(ticket: Ticket, wanted: dict[str, Any], put: Put, *, at: datetime) -> dict[str, Any]:
    """Sets requester, organisation and brand of the (locked, unsaved) ticket. Raises WrongOwner.

    Another requester brings his main organisation along unless one is named, and his language where the ticket had that
    of who asked before; that one leaves the ticket and his links to it die, since it was never his. The answer is what
    `restore_people` needs to take that back.
    """
    people: dict[str, Any] = {}
    if "brand" in wanted:
        brand = wanted["brand"]
        if not isinstance(brand, Brand) or (not brand.is_active and brand != ticket.brand):
            raise WrongOwner("brand")
        put("brand", brand)
    if "requester" in wanted and wanted["requester"] != ticket.requester:
        before = ticket.requester.language or ticket.brand.language
        people = _change_requester(ticket, wanted["requester"], put, at)
        if "language" not in wanted and ticket.language in ("", before):
            put("language", ticket.requester.language or ticket.language)
    if "organisation" in wanted:
        organisation = wanted["organisation"]
        if organisation is not None and not _is_of(organisation, ticket.requester):
            raise WrongOwner("organisation")
        put("organisation", organisation)
    return people


def restore_people(ticket: Ticket, people: dict[str, Any]) -> None:
    """After the requester went back: who takes part, since when and by which links as `change_owner` found it."""
    for row in people.get("before", []):
        facts = {name: row[name] for name in ("role", "trust", "joined_at")}
        Participant.objects.update_or_create(ticket=ticket, contact_id=row["contact"], defaults=facts)
    # A browser that has proven nothing has lost its link for good.
    ticket.links.filter(pk__in=people.get("links", []), by_mail=True).update(revoked_at=None)
    ticket.is_unconfirmed = ticket.is_unconfirmed or bool(people.get("is_unconfirmed"))


def _change_requester(ticket: Ticket, contact: Any, put: Put, at: datetime) -> dict[str, Any]:
    if not isinstance(contact, Contact):
        raise WrongOwner("requester")
    both = ticket.participants.filter(contact__in=[ticket.requester_id, contact.pk])
    links = ticket.links.filter(contact=ticket.requester, revoked_at=None)
    people = {
        "before": [{"contact": row.contact_id, "role": row.role, "trust": row.trust,
                    "joined_at": row.joined_at.isoformat()} for row in both],
        "is_unconfirmed": ticket.is_unconfirmed,
        "links": list(links.values_list("pk", flat=True)),
    }  # fmt: skip
    ticket.participants.filter(role=ParticipantRole.REQUESTER).delete()
    links.update(revoked_at=at)
    trust = {"trust": Trust.CLAIMED, "joined_at": at}
    # Who was in copy stays since then; what is older than his joining a link does not show (safety decision 12).
    Participant.objects.update_or_create(
        ticket=ticket, contact=contact, defaults={"role": ParticipantRole.REQUESTER},
        create_defaults={"role": ParticipantRole.REQUESTER, **trust},
    )  # fmt: skip
    put("requester", contact)
    membership = contact.memberships.filter(is_main=True).select_related("organisation").first()
    put("organisation", membership.organisation if membership else None)
    if contact.identities.filter(kind="mail", verified_at__isnull=False).exists():
        ticket.is_unconfirmed = False
    return people


def _is_of(organisation: Any, contact: Contact) -> bool:
    return isinstance(organisation, Organisation) and contact.memberships.filter(organisation=organisation).exists()
