"""Changes to people. Every one is a function here; nobody else saves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Cast, StrIndex

from tresen.core.people.identities import fold, fold_mail, is_mail_address
from tresen.core.people.models import Agent, Contact, Identity, Organisation, OrganisationMembership
from tresen.kit import clock
from tresen.kit.prepared import is_read, prepared
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record


class IdentityTaken(Exception):
    """The address already belongs to somebody else (`contact`)."""

    def __init__(self, contact: Contact) -> None:
        super().__init__("this address belongs to another contact")
        self.contact = contact


class StaleContact(Exception):
    """Somebody else has changed the contact since it was read."""


def find_contact(*, mail: str) -> Contact | None:
    """The contact with that address, or None."""
    found = _with_address.rows(fold_mail(mail))
    return found[0].contact if found else None


@prepared
def _with_address(folded: str) -> QuerySet[Identity]:
    return Identity.objects.filter(kind="mail", folded=folded).select_related("contact").order_by("pk")[:1]


def find_or_create_contact(
    *, mail: str = "", phone: str = "", name: str = "", language: str = "", looked: bool = False, by: Actor
) -> Contact:
    """The contact with that address, made if there is none. A phone number alone always makes a new one: a caller's
    number is a suggestion, not an identity (S36). `looked`: the caller has just looked, and found nobody. Raises
    ValueError for an address that is none."""
    if mail and not is_mail_address(mail):
        raise ValueError("not a mail address")
    if mail and not looked and (found := find_contact(mail=mail)):
        return found
    try:
        shown = name.strip() or mail.partition("@")[0] or phone
        return create_contact(name=shown, mails=[mail] if mail else [], phones=[phone] if phone else [],
                              language=language, by=by)  # fmt: skip
    except IdentityTaken as taken:  # somebody else made him in this moment
        return taken.contact


@transaction.atomic
def create_contact(
    *, name: str, mails: Iterable[str] = (), phones: Iterable[str] = (), language: str = "", notes: str = "",
    organisation: Organisation | None = None, by: Actor,
) -> Contact:  # fmt: skip
    """A new contact with his identities; put into an organisation by name or by his mail domain.

    Raises IdentityTaken.
    """
    contact = Contact.objects.create(name=name[:160] or "?", language=language, notes=notes)
    given = [_new_identity(contact, "mail", value, is_main=n == 0) for n, value in enumerate(_once("mail", mails))]
    for position, value in enumerate(_once("phone", phones)):
        _new_identity(contact, "phone", value, is_main=position == 0)
    chosen = organisation or _organisation_by_domain(identity.folded for identity in given)
    if chosen:
        OrganisationMembership.objects.create(contact=contact, organisation=chosen)
    record("contact.created", stream=contact, by=by, changes={"name": [None, contact.name]})
    return contact


def add_identity(contact: Contact, *, kind: str, value: str, is_main: bool = False) -> Identity:
    """One more address or number. Raises IdentityTaken when a mail or chat address is somebody else's."""
    folded = fold(kind, value)
    taken = Identity.objects.filter(kind=kind, folded=folded).select_related("contact").first()
    if taken and taken.contact_id == contact.pk:
        return taken
    if taken and kind in {"mail", "chat"}:
        raise IdentityTaken(taken.contact)
    return _new_identity(contact, kind, value, is_main=is_main)


def _once(kind: str, values: Iterable[str]) -> list[str]:
    """The values without those that mean the same."""
    return list({fold(kind, value): value for value in reversed(list(values))}.values())[::-1]


def _new_identity(contact: Contact, kind: str, value: str, *, is_main: bool) -> Identity:
    folded = fold(kind, value)
    try:
        with transaction.atomic():
            return Identity.objects.create(
                contact=contact, kind=kind, value=value.strip()[:254], folded=folded[:254], is_main=is_main
            )
    except IntegrityError as fault:
        other = Identity.objects.filter(kind=kind, folded=folded).select_related("contact").first()
        if other is None:
            raise
        raise IdentityTaken(other.contact) from fault


def _organisation_by_domain(folded_mails: Iterable[str]) -> Organisation | None:
    domains = {folded.rpartition("@")[2] for folded in folded_mails}
    likely = [one for domain in domains for one in _naming.rows(f'"{domain}"')]
    return next((o for o in sorted(likely, key=lambda o: o.pk) if domains & set(o.domains)), None)


@prepared
def _naming(domain: str) -> QuerySet[Organisation]:
    """Whose list of domains holds that text somewhere."""
    place = StrIndex(Cast("domains", TextField()), Value(domain))
    return Organisation.objects.alias(place=place).filter(place__gt=0)


@transaction.atomic
def update_contact(contact: Contact, *, set: dict[str, Any], by: Actor, expected_version: int | None = None) -> Contact:
    """Changes name, language, timezone, notes, is_vip, organisation (the main one), sees_organisation (whether he sees
    all its tickets; ends when it is another), mails and phones (lists, main one first).

    Raises StaleContact, IdentityTaken, KeyError for other fields.
    """
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    if expected_version is not None and locked.version != expected_version:
        raise StaleContact
    changes: dict[str, Any] = {}
    for field, value in set.items():
        if field in {"name", "language", "timezone", "notes", "is_vip"}:
            if (old := getattr(locked, field)) != value:
                changes[field] = [old, value]
                setattr(locked, field, value)
        elif field == "organisation":
            if change := _set_organisation(locked, value):
                changes[field] = change
        elif field in {"mails", "phones"}:
            if change := _set_identities(locked, "mail" if field == "mails" else "phone", value):
                changes[field] = change
        elif field != "sees_organisation":
            raise KeyError(field)
    if change := _set_sight(locked, set.get("sees_organisation")):
        changes["sees_organisation"] = change
    if changes:
        locked.version += 1
        locked.save()
        record("contact.changed", stream=locked, by=by, changes=changes)
    return locked


def _set_organisation(contact: Contact, organisation: Organisation | None) -> list[Any] | None:
    main = contact.memberships.filter(is_main=True).select_related("organisation").first()
    if (main.organisation if main else None) == organisation:
        return None
    if main:
        main.delete()
    if organisation:
        OrganisationMembership.objects.update_or_create(
            contact=contact, organisation=organisation, defaults={"is_main": True}
        )
    return [str(main.organisation) if main else None, str(organisation) if organisation else None]


def _set_sight(contact: Contact, sees: bool | None) -> list[Any] | None:
    main = contact.memberships.filter(is_main=True).first()
    if sees is None or main is None or main.sees_tickets == sees:
        return None
    main.sees_tickets = sees
    main.save(update_fields=["sees_tickets"])
    return [not sees, sees]


def _set_identities(contact: Contact, kind: str, values: list[str]) -> list[Any] | None:
    old = list(contact.identities.filter(kind=kind).order_by("-is_main", "id").values_list("value", flat=True))
    if old == values:
        return None
    wanted = [fold(kind, value) for value in values]
    contact.identities.filter(kind=kind).exclude(folded__in=wanted).delete()
    contact.identities.filter(kind=kind).update(is_main=False)
    for position, value in enumerate(values):
        identity = add_identity(contact, kind=kind, value=value)
        identity.value, identity.is_main = value.strip()[:254], position == 0
        identity.save(update_fields=["value", "is_main"])
    return [old, values]


def mail_addresses(contact: Contact) -> list[str]:
    """His mail addresses, the main one first."""
    mails = [i for i in contact.identities.all() if i.kind == "mail"]
    return [i.value for i in sorted(mails, key=lambda i: (not i.is_main, i.pk))]


def main_organisation(contact: Contact) -> Organisation | None:
    """The one that is put on new tickets."""
    main = _main_memberships.rows(contact.pk)
    return main[0].organisation if main else None


@prepared
def _main_memberships(contact: int) -> QuerySet[OrganisationMembership]:
    rows = OrganisationMembership.objects.filter(contact=contact, is_main=True)
    return rows.select_related("organisation").order_by("pk")[:1]


def main_mail(contact: Contact) -> str:
    """The address we write to (`main_identity`); empty when there is none."""
    found = main_identity(contact)
    return found.value if found else ""


def identities_of(contact: Contact) -> list[Identity]:
    """His addresses and numbers, read with him or now."""
    if is_read(contact, "identities"):
        return list(contact.identities.all())
    return _identities_of.rows(contact.pk)


@prepared
def _identities_of(contact: int) -> QuerySet[Identity]:
    return Identity.objects.filter(contact=contact)


def main_identity(contact: Contact) -> Identity | None:
    """His main mail address, else the oldest that is not known to be dead."""
    mails = [i for i in identities_of(contact) if i.kind == "mail"]
    return min(mails, key=lambda i: (i.undeliverable_at is not None, not i.is_main, i.pk), default=None)


@transaction.atomic
def verify_mail(contact: Contact, *, address: str = "", by: Actor) -> None:
    """The contact has shown that he reads this address (all his when none is named)."""
    unverified = contact.identities.filter(kind="mail", verified_at=None)
    if address:
        unverified = unverified.filter(folded=fold_mail(address))
    if unverified.update(verified_at=clock.now()):
        record("contact.verified", stream=contact, by=by)


@transaction.atomic
def mark_undeliverable(contact: Contact, *, address: str, undeliverable: bool, by: Actor) -> None:
    """A permanent bounce said that the address is dead; an agent can take it back."""
    at = clock.now() if undeliverable else None
    if contact.identities.filter(kind="mail", folded=fold_mail(address)).update(undeliverable_at=at):
        record("contact.undeliverable" if undeliverable else "contact.deliverable", stream=contact, by=by)


@transaction.atomic
def note_absence(contact: Contact, *, until: date, by: Actor) -> None:
    """An automatic reply says that the contact is away up to and with that day. Event `contact.away`, none when that
    was known."""
    if Contact.objects.filter(pk=contact.pk).exclude(away_until=until).update(away_until=until):
        record("contact.away", stream=contact, by=by, changes={"until": until.isoformat()})


def agent_by_mail(address: str) -> Agent | None:
    """The active agent whose account has that address."""
    found = _agents_with_address.rows(fold_mail(address))
    return found[0] if found else None


@prepared
def _agents_with_address(folded: str) -> QuerySet[Agent]:
    return Agent.objects.active().select_related("user").filter(user__email=folded).order_by("pk")[:1]
