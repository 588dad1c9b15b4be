"""The link to a request is lost: it is sent again, to the address it belongs to and nowhere else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tresen.core.people.hosts import key_of_host
from tresen.core.people.models import Brand
from tresen.faces.portal.entrance import at_the_desk
from tresen.faces.portal.find_link.forms import LinkForm
from tresen.faces.portal.jobs import find_links
from tresen.faces.portal.limits import HOUR, count_links, count_links_place
from tresen.faces.portal.surroundings import mail_address, portal_context
from tresen.kit.requests import place_of


@require_http_methods(["GET", "POST"])
@at_the_desk
def find_link(request: HttpRequest, brand: Brand) -> HttpResponse:
    """Asks for the address. The answer and the work are the same whether we know it or not (safety test S37)."""
    form = LinkForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if count_links_place(place_of(request)):
                address = form.cleaned_data["email"]
                if count_links(address):
                    find_links.enqueue(address=address, brand_id=key_of_host(request))
                return HttpResponseRedirect(reverse("portal:link-sent"))
            status = 429
    context = {
        **portal_context(request, brand), "form": form, "too_many": status == 429, "mail_address": mail_address(brand),
    }  # fmt: skip
    response = render(request, "portal/find_link.html", context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(HOUR)
    return response


@require_safe
@at_the_desk
def link_sent(request: HttpRequest, brand: Brand) -> HttpResponse:
    """What follows, for every address alike."""
    context = {**portal_context(request, brand), "mail_address": mail_address(brand)}
    return render(request, "portal/link_sent.html", context)
