"""People and organisations that a written name, address or number means."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from tresen.core.people.identities import fold_mail, fold_phone, is_phone
from tresen.core.people.models import Contact, Organisation
from tresen.core.people.principals import Principal
from tresen.service.search.field_kinds import MOST_OFFERED, Offer
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
    if is_phone(value):
        digits = fold_phone(value).lstrip("+0")
        return people.filter(identities__kind__in=("phone", "fax"), identities__folded__endswith=digits)
    return people.filter(*(Q(name__icontains=word) for word in value.split()))


def offer_contacts(principal: Principal, typed: str) -> list[Offer]:
    """Contacts whose name or address goes on so: their address where they have one, since it is theirs alone."""
    people = seen(Contact, principal).matching(typed) if typed else Contact.objects.none()
    found = []
    for contact in people.order_by("name").prefetch_related("identities")[:MOST_OFFERED]:
        mail = next((identity.value for identity in contact.identities.all() if identity.kind == "mail"), "")
        found.append(Offer(quoted(mail or contact.name), contact.name))
    return found


def find_organisations(principal: Principal, value: str) -> QuerySet[Any]:
    """The organisation of that name, or those with these words in their name."""
    return seen(Organisation, principal).filter(*(Q(name__icontains=word) for word in value.split()))


def offer_organisations(principal: Principal, typed: str) -> list[Offer]:
    """Organisations whose name goes on so."""
    found = seen(Organisation, principal).filter(name__icontains=typed)
    names = found.order_by("name").values_list("name", flat=True)[:MOST_OFFERED]
    return [Offer(quoted(name)) for name in names]
