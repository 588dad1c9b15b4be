"""What somebody gets that is no answer, and the data of his own. GET shows, POST does; no fetch of a link changes
anything (S58)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from os import SEEK_END
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from tresen.core.people.hosts import brand_of_host
from tresen.core.people.models import Brand, Contact
from tresen.core.people.principals import Principal, principal_of
from tresen.faces.portal.entrance import FIRST_RUN, front_brand
from tresen.faces.portal.request.doors import with_headers
from tresen.faces.portal.speaking import speaking
from tresen.faces.portal.surroundings import portal_context
from tresen.kit import notices
from tresen.kit.downloads import send_file
from tresen.service.participation.links import contact_of
from tresen.service.participation.models import Wish, WishKind
from tresen.service.participation.services import (
    NoAddress,
    TooMany,
    address_of,
    confirm_deletion,
    fetch_copy,
    open_wish,
)
from tresen.service.participation.services import ask as ask_for
from tresen.service.participation.topics import choose, topics_of

ONE_CLICK = "One-Click"
SHOWN_WISHES = 5


def _who(request: HttpRequest, token: str) -> Contact | None:
    """Of a personal link, or signed in."""
    return contact_of(token) if token else principal_of(request).contact


def _speaking(request: HttpRequest, brand: Brand, contact: Contact | None = None) -> AbstractContextManager[str]:
    language, zone = (contact.language, contact.timezone) if contact else ("", "")
    return speaking(request, brand, language=language, zone=zone or brand.timezone)


def _nobody(request: HttpRequest, brand: Brand, token: str) -> HttpResponse:
    if token:
        with _speaking(request, brand):
            return with_headers(render(request, "portal/data_over.html", portal_context(request, brand), status=404))
    if request.user.is_authenticated:
        raise Http404
    return HttpResponseRedirect(f"/sign-in/?next={quote(request.path)}")


def _base(token: str) -> str:
    return reverse("portal:preferences-link", args=[token]) if token else reverse("portal:preferences")


@csrf_exempt  # mail programs end everything with one click (RFC 8058); what a page sends is looked at below
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest, token: str = "") -> HttpResponseBase:
    """The topics, each with a switch, and what there is of one's own data."""
    is_one_click = bool(token) and request.POST.get("List-Unsubscribe") == ONE_CLICK
    return _one_click(request, token) if is_one_click else _page(request, token)


def _one_click(request: HttpRequest, token: str) -> HttpResponse:
    """Nothing any more but answers."""
    contact = contact_of(token)
    if contact is None:
        return with_headers(HttpResponse(status=404))
    choose(contact, (), by=Principal.of_contact(contact).actor)
    return with_headers(HttpResponse(status=204))


@csrf_protect
def _page(request: HttpRequest, token: str) -> HttpResponseBase:
    brand = front_brand(request)
    if brand is None:
        return HttpResponseRedirect(FIRST_RUN)
    contact = _who(request, token)
    if contact is None:
        return _nobody(request, brand, token)
    with _speaking(request, brand, contact):
        if request.method == "POST":
            by, offered = Principal.of_contact(contact).actor, request.POST.get("offered", "").split()
            choose(contact, request.POST.getlist("topic"), offered=offered, by=by)
            notices.tell(request, _("Saved. Answers to your requests reach you in any case."))
            return with_headers(HttpResponseRedirect(_base(token)))
        # A link opens no data: what was asked for is shown to who is signed in alone.
        own = Wish.objects.filter(contact=contact, brand=brand_of_host(request)).select_related("ticket")
        wishes = [] if token else own[:SHOWN_WISHES]
        context = {
            **portal_context(request, brand), "topics": topics_of(contact), "base": _base(token), "wishes": wishes,
            "has_address": address_of(contact) is not None,
        }  # fmt: skip
        return with_headers(render(request, "portal/preferences.html", context))


@require_POST
def ask(request: HttpRequest, token: str = "") -> HttpResponse:
    """`wish`: copy or deletion. Either way a link goes to an address of his own that is confirmed."""
    brand = front_brand(request)
    if brand is None:
        return HttpResponseRedirect(FIRST_RUN)
    contact, kind = _who(request, token), request.POST.get("wish", "")
    if contact is None:
        return _nobody(request, brand, token)
    if kind not in WishKind.values:
        raise Http404
    with _speaking(request, brand, contact):
        try:
            ask_for(contact, WishKind(kind), brand=brand_of_host(request), by=Principal.of_contact(contact).actor)
        except NoAddress:
            notices.tell(request, _("We have no confirmed address of yours. Please write to us."), tone="warn")
        except TooMany:
            notices.tell(
                request, _("You have asked for that several times today. Please try it tomorrow."), tone="warn"
            )
        else:
            notices.tell(request, _("We have sent you a mail with a link."))
    return with_headers(HttpResponseRedirect(_base(token)))


@require_http_methods(["GET", "HEAD", "POST"])
def own_data(request: HttpRequest, token: str) -> HttpResponseBase:
    """Behind the link in the mail: one button that gives the copy, or confirms the deletion; good once."""
    brand = front_brand(request)
    if brand is None:
        return HttpResponseRedirect(FIRST_RUN)
    wish = open_wish(token)
    if wish is None:
        return _nobody(request, brand, token)
    by = Principal.of_contact(wish.contact).actor
    with _speaking(request, brand, wish.contact):
        if request.method != "POST":
            context = {**portal_context(request, brand), "wish": wish, "is_copy": wish.kind == WishKind.COPY}
            return with_headers(render(request, "portal/own_data.html", context))
        if wish.kind == WishKind.COPY:
            file = fetch_copy(wish, by=by)
            if file is None:
                return _nobody(request, brand, token)
            size = file.seek(0, SEEK_END)
            file.seek(0)
            return send_file(request, file, size=size, filename="my-data.zip", content_type="application/zip")
        ticket = confirm_deletion(wish, by=by)
        context = {**portal_context(request, brand), "ticket": ticket}
        return with_headers(render(request, "portal/deletion_confirmed.html", context))
