"""People and organisations that a written name, address or number means."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from tresen.core.people.identities import fold_mail
from tresen.core.people.models import Contact, Organisation
from tresen.core.people.principals import Principal
from tresen.service.search.field_kinds import MOST_OFFERED, Offer
from tresen.service.search.names import (
    contacts_named,
    named_contacts,
    named_organisations,
    organisations_named,
)
from tresen.service.search.values import quoted


def seen(model: Any, principal: Principal) -> Any:
    """The rows of a model that the reader may see; Tresen itself, for its rules, sees all."""
    return model.objects.all() if principal.kind == "system" else model.objects.visible_to(principal)


def find_contacts(principal: Principal, value: str) -> QuerySet[Any]:
    """Contacts with that address, everybody at `@domain`, with that number, or with these words in their name."""
    people = seen(Contact, principal)
    if value.startswith("@"):
        return people.filter(identities__kind="mail", identities__folded__endswith=fold_mail(f"x{value}")[1:])
    if "@" in value:
        return people.filter(identities__kind__in=("mail", "chat"), identities__folded=fold_mail(value))
    return contacts_named(people, value)


def offer_contacts(principal: Principal, typed: str) -> list[Offer]:
    """Contacts whose name or address goes on so: their address where they have one, since it is theirs alone."""
    found = []
    for contact in named_contacts(principal, typed, MOST_OFFERED) if typed else ():
        mail = next((identity.value for identity in contact.identities.all() if identity.kind == "mail"), "")
        found.append(Offer(quoted(mail or contact.name), contact.name))
    return found


def find_organisations(principal: Principal, value: str) -> QuerySet[Any]:
    """The organisation of that name, or those with these words in their name."""
    return organisations_named(seen(Organisation, principal), value)


def offer_organisations(principal: Principal, typed: str) -> list[Offer]:
    """Organisations whose name goes on so."""
    return [Offer(quoted(one.name)) for one in named_organisations(principal, typed, MOST_OFFERED)] if typed else []
