"""What the search box finds beside tickets, and where it leads: people and organisations."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tresen.core.people.principals import Principal
from tresen.service.search.kinds import Hit, SearchKind
from tresen.service.search.names import named_contacts, named_organisations
from tresen.service.search.values import quoted


def _people(principal: Principal, text: str, limit: int) -> list[Hit]:
    hits = []
    for contact in named_contacts(principal, text, limit):
        first = next(iter(contact.identities.all()), None)
        organisation = next(iter(contact.organisations.all()), None)
        detail = " · ".join(str(part) for part in (first, organisation) if part)
        hits.append(Hit(contact.name, detail, reverse("desk:contact", args=[contact.pk])))
    return hits


def _organisations(principal: Principal, text: str, limit: int) -> list[Hit]:
    """Their tickets: an organisation has no page of its own."""
    found = named_organisations(principal, text, limit)
    lines = [(one.name, f"organisation:{quoted(one.name)}") for one in found]
    return [Hit(name, "", f"{reverse('desk:search')}?{urlencode({'q': line})}") for name, line in lines]


PEOPLE = SearchKind("people", _("People"), "people", _people)
ORGANISATIONS = SearchKind("organisations", _("Organisations"), "building", _organisations)
