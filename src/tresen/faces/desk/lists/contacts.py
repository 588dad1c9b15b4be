"""All contacts: found by name, address or number, paged by key."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core import signing
from django.db.models import Prefetch, Q, QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tresen.core.people.models import Contact, OrganisationMembership
from tresen.faces.desk.access import StaffRequest, staff_page

PAGE = 50
_SALT = "desk.contacts"


@staff_page
@require_safe
def contacts(request: StaffRequest) -> HttpResponseBase:
    """`/desk/contacts/?q=&after=`: contacts by name."""
    query = request.GET.get("q", "").replace("\0", "").strip()[:100]
    people = Contact.objects.visible_to(request.principal)
    if query:
        people = people.matching(query)
    cursor = request.GET.get("after", "")
    rows = list(_after(people, cursor).prefetch_related("identities", _memberships())[: PAGE + 1])
    own = reverse("desk:contacts")
    kept = {"q": query} if query else {}
    older = ""
    if len(rows) > PAGE:
        last = rows[PAGE - 1]
        older = f"{own}?{urlencode({**kept, 'after': signing.dumps([last.name, last.pk], salt=_SALT)})}"
    newer = (f"{own}?{urlencode(kept)}" if kept else own) if cursor else ""
    context = {"contacts": rows[:PAGE], "q": query, "older_url": older, "newer_url": newer}
    return render(request, "desk/lists/contacts.html", context)


def _memberships() -> Prefetch[str]:
    found = OrganisationMembership.objects.select_related("organisation").order_by("-is_main", "pk")
    return Prefetch("memberships", found)


def _after(people: QuerySet[Contact], cursor: str) -> QuerySet[Contact]:
    people = people.order_by("name", "pk")
    try:
        name, pk = signing.loads(cursor, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return people
    return people.filter(Q(name__gt=name) | Q(name=name, pk__gt=pk))
