"""The catalogue, and asking for a service."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tresen.core.catalog.asking import Wish
from tresen.core.catalog.models import Service, ServiceForm
from tresen.core.catalog.services import form_numbered
from tresen.core.people.models import Brand, Contact
from tresen.core.people.permissions import require
from tresen.core.people.principals import principal_of
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.custom_fields import fields_for
from tresen.core.tickets.field_models import CustomField, Outline
from tresen.core.tickets.field_values import KEY
from tresen.core.tickets.links import open_link
from tresen.core.tickets.staged import number_in
from tresen.faces.portal.catalog.forms import ServiceRequestForm
from tresen.faces.portal.catalog.shelves import offered, shelves
from tresen.faces.portal.entrance import at_the_desk
from tresen.faces.portal.first_error import point_at_error
from tresen.faces.portal.form_keys import new_form_key, read_form_key
from tresen.faces.portal.limits import HOUR, too_many_requests
from tresen.faces.portal.new_request.sending import Asked, TooMany, send_request
from tresen.faces.portal.new_request.views import say_sent
from tresen.faces.portal.surroundings import mail_address, portal_context
from tresen.faces.portal.uploads import stored
from tresen.kit.requests import place_of


@require_safe
@at_the_desk
def catalogue(request: HttpRequest, brand: Brand) -> HttpResponse:
    """All that can be asked for here, by category, and the plain request as something else."""
    context = {**portal_context(request, brand), "shelves": shelves(request, brand)}
    return render(request, "portal/services.html", context)


@require_http_methods(["GET", "POST"])
@at_the_desk
def service(request: HttpRequest, brand: Brand, slug: str) -> HttpResponse:
    """A service with its form, and what it sends. 422 with everything typed when something is wrong, 413 for files that
    are too large, 429 after too many."""
    principal = principal_of(request)
    require(principal, "request.send")
    found: Service | None = offered(request, brand).filter(slug=slug).first()
    if found is None:
        raise Http404
    kept, contact = form_numbered(found, number_in(request.POST.get("form", ""))), principal.contact
    kept.service = found
    asks = _asks(request, brand, found)
    if request.method != "POST":
        form = ServiceRequestForm(initial={"key": new_form_key()}, kept=kept, is_guest=contact is None, fields=asks)
        return _form(request, brand, found, form)
    form = ServiceRequestForm(request.POST, request.FILES, kept=kept, is_guest=contact is None, fields=asks)
    key = read_form_key(request.POST.get("key"))
    if before := open_link(key):
        return say_sent(request, before)
    if not form.is_valid():
        return _form(request, brand, found, form, status=413 if form.is_too_large else 422)
    asked = _asked(request, form, contact, kept)
    try:
        if contact is None and too_many_requests(place=asked.place, address=asked.address):
            raise TooMany
        with stored(form.sent_files) as files:
            link = send_request(asked, brand=brand, files=files, key=key)
    except TooMany:
        return _form(request, brand, found, form, status=429)
    except WrongValue as wrong:
        named = f"f_{wrong.field.removeprefix(KEY)}"
        form.add_error(named if named in form.fields else None, _("That value is not possible."))
        return _form(request, brand, found, form, status=422)
    return say_sent(request, link)


def _asks(request: HttpRequest, brand: Brand, found: Service) -> list[CustomField]:
    """The desk's own fields that a customer is asked for with a request of that service."""
    about = Outline(found.type, found.team_id, brand.pk)
    return [field for field in fields_for(principal_of(request)).active().for_customers() if field.fits(about)]


def _asked(request: HttpRequest, form: ServiceRequestForm, contact: Contact | None, kept: ServiceForm) -> Asked:
    given, language = form.cleaned_data, str(getattr(request, "LANGUAGE_CODE", ""))
    wish = Wish(kept, form.asked.answers, language, form.said_besides)
    return Asked(
        contact=contact, name=given.get("name", ""), address=given.get("email", ""), language=language, subject="",
        text="", reach=given.get("reach", ""), place=place_of(request), wish=wish, asks=[*form.custom.values()],
        own={slug: value for slug, value in form.wanted.items() if value is not None},
    )  # fmt: skip


def _form(
    request: HttpRequest, brand: Brand, found: Service, form: ServiceRequestForm, *, status: int = 200
) -> HttpResponse:  # fmt: skip
    context: dict[str, Any] = {
        **portal_context(request, brand), "form": form, "contact": principal_of(request).contact, "service": found,
        "too_many": status == 429, "mail_address": mail_address(brand),
    }  # fmt: skip
    if status != 200:
        point_at_error(form, default="key")
    response = render(request, "portal/service.html", context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(HOUR)
    return response
