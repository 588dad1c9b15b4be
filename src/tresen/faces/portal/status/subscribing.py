"""News by mail: asked for, confirmed by a link, ended by a link. Opening a link changes nothing (S58)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tresen.core.announcements.affected import no_more_mail
from tresen.core.announcements.models import Affected, Announcement
from tresen.core.announcements.services import NotPossible
from tresen.core.announcements.subscriptions import confirm as confirm_subscription
from tresen.core.announcements.subscriptions import subscribe as subscribe_address
from tresen.core.announcements.subscriptions import unsubscribe as end_subscription
from tresen.core.people.hosts import brand_of_host
from tresen.core.people.models import Brand
from tresen.core.people.principals import principal_of
from tresen.faces.portal.entrance import at_the_desk
from tresen.faces.portal.limits import HOUR, count_subscription
from tresen.faces.portal.status.forms import AddressForm
from tresen.faces.portal.status.pages import around
from tresen.faces.portal.status.reading import readable
from tresen.kit import notices
from tresen.kit.requests import place_of
from tresen.service.announcing.links import ends_something, to_confirm, to_end
from tresen.spine.events.actors import Actor

PORTAL = Actor.system("portal")


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def subscribe(request: HttpRequest, brand: Brand) -> HttpResponse:
    """`/status/subscribe/?about=`: news of one announcement, or of all that the page shows."""
    about = _about(request, brand)
    form = AddressForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if count_subscription(place_of(request)):
                notices.tell(request, ask_for_news(request, brand, about, form.cleaned_data["email"]))
                there = reverse("portal:status-one", args=[about.pk]) if about else reverse("portal:status")
                return HttpResponseRedirect(there)
            status = 429
    context = {**around(request, brand), "form": form, "about": about, "too_many": status == 429}
    response = render(request, "portal/status/subscribe.html", context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(HOUR)
    return response


def _about(request: HttpRequest, brand: Brand) -> Announcement | None:
    raw = (request.POST if request.method == "POST" else request.GET).get("about", "")
    key = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 18 else 0
    found = readable(request, brand).filter(pk=key).first() if key else None
    return found if found and found.lasts else None


def ask_for_news(request: HttpRequest, brand: Brand, about: Announcement | None, address: str) -> str:
    """Notes the wish; what is said about it is the same for every address that is not proven to be the asker's."""
    contact = principal_of(request).contact if principal_of(request).kind == "contact" else None
    by = Actor.contact(contact) if contact else PORTAL
    try:
        row = subscribe_address(
            brand=brand,
            announcement=about,
            address=address,
            contact=contact,
            language=(get_language() or "")[:2],
            by=by,
        )
    except NotPossible:
        return _("It is over already.")
    if contact is not None and row.contact_id == contact.pk:
        return _("You get our news by mail from now on.")
    return _("Please look into your mail: we have sent you a link that confirms your wish.")


@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def confirm(request: HttpRequest, brand: Brand, token: str) -> HttpResponse:
    """Asks whether the address wants it; POST confirms."""
    row = _of_this_counter(request, to_confirm(token), brand)
    if row is None:
        return _around(request, brand, "portal/status/link_over.html", status=404)
    if request.method == "POST":
        confirm_subscription(row, by=PORTAL)
        notices.tell(request, _("Confirmed: you get our news by mail from now on."))
        there = reverse("portal:status-one", args=[row.announcement_id]) if row.announcement_id else None
        return HttpResponseRedirect(there or reverse("portal:status"))
    return _around(request, brand, "portal/status/confirm.html", row=row)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def unsubscribe(request: HttpRequest, brand: Brand, token: str) -> HttpResponse:
    """Asks whether it shall end; POST ends it, also the one that a mail program sends by itself (RFC 8058): the link is
    proof enough. Afterwards the page says that no more comes by it; a link that we have not made is a 404."""
    if not ends_something(token):
        raise Http404
    row = _of_this_counter(request, to_end(token), brand)
    if request.method == "POST":
        if isinstance(row, Affected):
            no_more_mail(row, by=PORTAL)
        elif row is not None:
            end_subscription(row, by=PORTAL)
        return _around(request, brand, "portal/status/unsubscribed.html")
    if row is None:
        return _around(request, brand, "portal/status/unsubscribed.html")
    return _around(request, brand, "portal/status/unsubscribe.html", row=row)


def _of_this_counter(request: HttpRequest, row: Any, brand: Brand) -> Any:
    """At a brand's own host there is nothing of other brands."""
    return None if row and brand_of_host(request) and row.brand_id != brand.pk else row


def _around(request: HttpRequest, brand: Brand, template: str, *, status: int = 200, **more: object) -> HttpResponse:
    response = render(request, template, {**around(request, brand), **more}, status=status)
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
