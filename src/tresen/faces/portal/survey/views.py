"""The pages behind the links of a survey. GET shows, POST does (S58): no fetch of a link rates anything."""

from __future__ import annotations

from contextlib import AbstractContextManager

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from tresen.core.people.hosts import brand_of_host, brand_url
from tresen.core.people.principals import Principal
from tresen.faces.portal.entrance import FIRST_RUN, front_brand
from tresen.faces.portal.request.doors import with_headers
from tresen.faces.portal.speaking import speaking
from tresen.faces.portal.surroundings import portal_context
from tresen.faces.portal.survey.asking import question_of, send_rating
from tresen.service.participation.links import preferences_token
from tresen.service.surveys.links import open_token
from tresen.service.surveys.models import Asked
from tresen.service.surveys.services import TooLate, survey_of, want_surveys, wants_surveys

ONE_CLICK = "One-Click"


@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str, rating: int | None = None) -> HttpResponse:
    """The question, with the rating of the link chosen; the button sends it. `?sent` says thank you."""
    asked = _asked(request, token)
    kept = survey_of(asked.ticket.brand_id) if asked else None
    if asked is None or kept is None:
        return _over(request)
    if elsewhere := _at_its_own_host(request, asked):
        return with_headers(HttpResponseRedirect(elsewhere))
    with _speaking(request, asked):
        form = None
        if request.method == "POST":
            try:
                form = send_rating(request, asked, Principal.of_contact(asked.contact))
            except TooLate:
                return _over(request)
            if form is None:
                return with_headers(HttpResponseRedirect(reverse("portal:survey", args=[token]) + "?sent"))
        chosen = rating if rating in asked.of_scale.values else None
        context = {
            **portal_context(request, asked.ticket.brand), "ticket": asked.ticket, "token": token,
            "question": question_of(asked, kept, form=form, chosen=chosen),
            "is_sent": "sent" in request.GET and asked.rating is not None,
        }  # fmt: skip
        return with_headers(render(request, "portal/survey.html", context, status=422 if form else 200))


@csrf_exempt  # mail programs post here by themselves; the token stands for it, and nothing but a "no" can be said
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more surveys for the person of the link, or again some: one button, or one click in the mail program."""
    asked = _asked(request, token, for_stop=True)
    if asked is None:
        return _over(request)
    by = Principal.of_contact(asked.contact).actor
    if elsewhere := _at_its_own_host(request, asked):
        return with_headers(HttpResponseRedirect(elsewhere))
    if request.method == "POST":
        want_surveys(asked.contact, wanted=False, by=by)
        if request.POST.get("List-Unsubscribe") == ONE_CLICK:
            return with_headers(HttpResponse(status=204))
        return with_headers(HttpResponseRedirect(reverse("portal:survey-stop", args=[token])))
    with _speaking(request, asked):
        context = {
            **portal_context(request, asked.ticket.brand), "token": token, "wants": wants_surveys(asked.contact),
            "preferences": reverse("portal:preferences-link", args=[preferences_token(asked.contact)]),
        }  # fmt: skip
        return with_headers(render(request, "portal/survey_stop.html", context))


def _asked(request: HttpRequest, token: str, *, for_stop: bool = False) -> Asked | None:
    """The row of a token; on one brand's host there is nothing of another."""
    found, here = open_token(token, for_stop=for_stop), brand_of_host(request)
    return found if found is None or here in (None, found.ticket.brand) else None


def _at_its_own_host(request: HttpRequest, asked: Asked) -> str:
    """Where a link of a brand leads that had no host of its own when it was sent."""
    brand = asked.ticket.brand
    is_away = request.method != "POST" and brand.own_host and brand_of_host(request) is None
    return brand_url(brand, request.get_full_path()) if is_away else ""


def _speaking(request: HttpRequest, asked: Asked) -> AbstractContextManager[str]:
    language = asked.contact.language or asked.ticket.language
    return speaking(
        request, asked.ticket.brand, language=language, zone=asked.contact.timezone or asked.ticket.brand.timezone
    )


def _over(request: HttpRequest) -> HttpResponse:
    """The same for a link that never was and for one whose time is over."""
    brand = front_brand(request)
    if brand is None:
        return HttpResponseRedirect(FIRST_RUN)
    with speaking(request, brand, zone=brand.timezone):
        return with_headers(render(request, "portal/survey_over.html", portal_context(request, brand), status=404))
