"""The counter: what a person can do here, and when somebody is there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tresen.core.people.hosts import brand_url, of_this_host
from tresen.core.people.models import Brand
from tresen.core.people.principals import principal_of
from tresen.core.tickets.category_models import in_language
from tresen.core.tickets.models import Ticket
from tresen.faces.portal.catalog.shelves import shelves
from tresen.faces.portal.followed import followed_tickets
from tresen.faces.portal.home.words import opening_of
from tresen.faces.portal.knowledge.keeping import public_page
from tresen.faces.portal.knowledge.shelf import often_read, reader_of
from tresen.faces.portal.request.stand import rows_of
from tresen.faces.portal.surroundings import mail_address, portal_context

NEWEST = 5
OFTEN_ASKED = 4


@require_safe
@public_page
def home(request: HttpRequest, brand: Brand, *, language: str) -> HttpResponse:
    """The front page; of a guest, of whom nothing is remembered, caches may keep it."""
    principal = principal_of(request)
    if principal.kind == "contact":
        assert principal.contact is not None
        seen = Ticket.objects.visible_to(principal).filter(of_this_host(request))
        mine = list(seen.taken_part_in_by(principal.contact).order_by("-id")[: NEWEST + 1])
    else:
        mine = followed_tickets(request)
    context = {
        **portal_context(request, brand, active="home"), "rows": rows_of(mine[:NEWEST]),
        "has_more": len(mine) > NEWEST, "is_guest": principal.kind != "contact",
        "often": often_read(reader_of(request, brand, language), most=OFTEN_ASKED),
        "canonical": brand_url(brand, request.path),
        "opening": opening_of(brand), "off_hours": in_language(brand.off_hours),
        "mail_address": mail_address(brand), "shelves": shelves(request, brand),
    }  # fmt: skip
    return render(request, "portal/home.html", context)
