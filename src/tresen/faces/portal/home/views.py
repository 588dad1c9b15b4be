"""The counter: what a person can do here, and when somebody is there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tresen.core.people.hosts import of_this_host
from tresen.core.people.models import Brand
from tresen.core.people.principals import principal_of
from tresen.core.tickets.category_models import in_language
from tresen.core.tickets.models import Ticket
from tresen.faces.portal.catalog.shelves import shelves
from tresen.faces.portal.entrance import at_the_desk
from tresen.faces.portal.find_link.forms import LinkForm
from tresen.faces.portal.followed import followed_tickets
from tresen.faces.portal.home.words import opening_of
from tresen.faces.portal.request.stand import rows_of
from tresen.faces.portal.surroundings import mail_address, portal_context

NEWEST = 5


@require_safe
@at_the_desk
def home(request: HttpRequest, brand: Brand) -> HttpResponse:
    """The front page."""
    principal = principal_of(request)
    if principal.kind == "contact":
        assert principal.contact is not None
        seen = Ticket.objects.visible_to(principal).filter(of_this_host(request))
        mine = list(seen.taken_part_in_by(principal.contact).order_by("-id")[: NEWEST + 1])
    else:
        mine = followed_tickets(request)
    context = {
        **portal_context(request, brand, active="home"), "rows": rows_of(mine[:NEWEST]),
        "has_more": len(mine) > NEWEST, "is_guest": principal.kind != "contact", "form": LinkForm(),
        "opening": opening_of(brand), "off_hours": in_language(brand.off_hours),
        "mail_address": mail_address(brand), "shelves": shelves(request, brand),
    }  # fmt: skip
    return render(request, "portal/home.html", context)
