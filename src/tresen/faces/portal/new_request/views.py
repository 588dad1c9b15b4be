"""Sending a request, and what is said afterwards."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tresen.channels.mail.compose import sender_mailbox
from tresen.core.catalog.asking import asked_service
from tresen.core.people.models import Brand, Contact
from tresen.core.people.permissions import require
from tresen.core.people.principals import principal_of
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.choices import TicketType
from tresen.core.tickets.custom_fields import fields_for
from tresen.core.tickets.field_models import CustomField, Outline
from tresen.core.tickets.field_values import KEY
from tresen.core.tickets.first_team import team_of_new
from tresen.core.tickets.links import open_link
from tresen.core.tickets.models import Ticket, TicketLink
from tresen.faces.portal.entrance import at_the_desk
from tresen.faces.portal.first_error import point_at_error
from tresen.faces.portal.followed import follow, sent_ticket
from tresen.faces.portal.form_keys import new_form_key, read_form_key
from tresen.faces.portal.guide.place import Place, TooOld, category_of, guides_for, place_in
from tresen.faces.portal.knowledge.carrying import carried
from tresen.faces.portal.limits import HOUR, too_many_requests
from tresen.faces.portal.new_request.forms import RequestForm
from tresen.faces.portal.new_request.sending import Asked, TooMany, send_request
from tresen.faces.portal.surroundings import mail_address, portal_context
from tresen.faces.portal.uploads import stored
from tresen.kit import clock, times
from tresen.kit.requests import place_of
from tresen.service.sla.metrics import FIRST_RESPONSE
from tresen.service.sla.models import ClockStrip


@require_http_methods(["GET", "POST"])
@at_the_desk
def new_request(request: HttpRequest, brand: Brand) -> HttpResponse:
    """The form, and what it sends. 422 with everything typed when something is missing or what was answered in
    a guide is too old to go along, 413 for files that are too large, 429 after too many."""
    principal = principal_of(request)
    require(principal, "request.send")
    contact = principal.contact
    place, is_over = _place(request, brand)
    asks = _asks(request, brand, place)
    if request.method != "POST":
        begun = {
            "key": new_form_key(), "guide": place.mark if place else "", "article": request.GET.get("article", ""),
        }  # fmt: skip
        form = RequestForm(initial=begun, is_guest=contact is None, fields=asks)
        return _form(request, brand, contact, form, place, is_over=is_over)
    form = RequestForm(request.POST, request.FILES, is_guest=contact is None, fields=asks)
    key = read_form_key(request.POST.get("key"))
    if before := open_link(key):
        return say_sent(request, before)
    if is_over:
        form.forget_guide()
        return _form(request, brand, contact, form, None, is_over=True, status=422)
    if not form.is_valid():
        return _form(request, brand, contact, form, place, status=413 if form.is_too_large else 422)
    asked = _asked(request, brand, form, contact, place)
    try:
        if contact is None and too_many_requests(place=asked.place, address=asked.address):
            raise TooMany
        with stored(form.cleaned_data["files"]) as files:
            link = send_request(asked, brand=brand, files=files, key=key)
    except TooMany:
        return _form(request, brand, contact, form, place, status=429)
    except WrongValue as wrong:
        named = f"f_{wrong.field.removeprefix(KEY)}"
        form.add_error(named if named in form.fields else None, _("That value is not possible."))
        return _form(request, brand, contact, form, place, status=422)
    return say_sent(request, link)


def _place(request: HttpRequest, brand: Brand) -> tuple[Place | None, bool]:
    """Where he stood in a guide, if anywhere, and whether that is too long ago to go along."""
    given = request.POST if request.method == "POST" else request.GET
    try:
        return place_in(request, brand, given.get("guide")), False
    except TooOld:
        return None, True


def _asks(request: HttpRequest, brand: Brand, place: Place | None) -> list[CustomField]:
    """The desk's own fields that a customer is asked for here; his request goes to the team of the guide's category or
    of the brand, if any."""
    fields = list(fields_for(principal_of(request)).active().for_customers())
    found = None
    if any(field.teams for field in fields):
        found = team_of_new(brand, category_of(place, brand) if place else None)
    about = Outline(TicketType.INCIDENT, found.pk if found else None, brand.pk)
    return [field for field in fields if field.fits(about)]


def _asked(
    request: HttpRequest, brand: Brand, form: RequestForm, contact: Contact | None, place: Place | None
) -> Asked:
    given = form.cleaned_data
    language: str = getattr(request, "LANGUAGE_CODE", "")
    return Asked(
        contact=contact, name=given.get("name", ""), address=given.get("email", ""), language=language,
        subject=given["subject"], text=given["text"], reach=given["reach"], place=place_of(request),
        own={slug: value for slug, value in form.wanted.items() if value is not None}, asks=[*form.custom.values()],
        guide=place, came_from=carried(request, brand),
    )  # fmt: skip


def _form(
    request: HttpRequest, brand: Brand, contact: Contact | None, form: RequestForm, place: Place | None, *,
    status: int = 200, is_over: bool = False,
) -> HttpResponse:  # fmt: skip
    context: dict[str, Any] = {
        **portal_context(request, brand), "form": form, "contact": contact, "too_many": status == 429,
        "mail_address": mail_address(brand), "place": place, "guides": [] if place else guides_for(request, brand),
        "is_over": is_over, "came_from": carried(request, brand),
    }  # fmt: skip
    if status != 200:
        point_at_error(form, default="text")
    response = render(request, "portal/new_request.html", context, status=status)
    if status == 429:
        response.headers["Retry-After"] = str(HOUR)
    return response


def say_sent(request: HttpRequest, link: TicketLink) -> HttpResponse:
    """Lets this browser follow what it has sent, and tells the number."""
    follow(request, link)
    return HttpResponseRedirect(reverse("portal:sent"))


@require_safe
@at_the_desk
def sent(request: HttpRequest, brand: Brand) -> HttpResponse:
    """The number, and what happens next; for the browser that sent the request."""
    ticket = sent_ticket(request)
    if ticket is None:
        return HttpResponseRedirect(reverse("portal:new-request"))
    mailbox = sender_mailbox(ticket)
    context = {
        **portal_context(request, ticket.brand), "ticket": ticket,
        "mail_comes": mailbox is not None and mailbox.acknowledges,
        "service": asked_service(ticket), "promised": promised_words(ticket),
    }  # fmt: skip
    return render(request, "portal/sent.html", context)


def promised_words(ticket: Ticket) -> str:
    """Until when the first answer is promised, in the reader's words; empty where nothing is."""
    strip = ClockStrip.objects.filter(ticket=ticket, metric=FIRST_RESPONSE.slug).first()
    return times.when(strip.due_at, clock.now()) if strip and strip.due_at else ""
