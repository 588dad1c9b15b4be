"""A guide: a question at a time, until it has helped or a request is sent."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.people.models import Brand
from tresen.core.people.principals import principal_of
from tresen.faces.portal.entrance import at_the_desk
from tresen.faces.portal.form_keys import new_form_key, read_form_key
from tresen.faces.portal.guide.place import Place, TooOld, beginning, guides_for, place_in
from tresen.faces.portal.limits import count_help
from tresen.faces.portal.surroundings import portal_context
from tresen.kit import notices
from tresen.kit.linking import linked
from tresen.kit.requests import place_of
from tresen.service.procedures.guiding import note_help
from tresen.service.procedures.steps import SOLVED
from tresen.spine.events.actors import Actor

PORTAL = Actor.system("portal")


@require_http_methods(["GET", "POST"])
@at_the_desk
def guide(request: HttpRequest, brand: Brand, guide_id: int) -> HttpResponse:
    """The step at which somebody stands (`at`, a mark; without, the first one, and said so where the mark was too old).
    Sent from the end: it has helped."""
    found = guides_for(request, brand).filter(pk=guide_id).first()
    if found is None:
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    try:
        place, is_over = place_in(request, brand, given.get("at", "")) or beginning(found), False
    except TooOld:
        place, is_over = beginning(found), True
    if place.guide.pk != found.pk:
        raise Http404
    if request.method == "POST" and place.walk.end == SOLVED:
        return _helped(request, place)
    return _page(request, brand, place, is_over=is_over)


def _helped(request: HttpRequest, place: Place) -> HttpResponse:
    # The desk's own people try guides out; only what helped a customer is counted.
    key = read_form_key(request.POST.get("key"))
    if not principal_of(request).is_staff and count_help(key, place_of(request)):
        note_help(place.version, place.walk, by=PORTAL)
    notices.tell(request, _("Good to hear. Thank you for telling us."), tone="ok")
    return HttpResponseRedirect(reverse("portal:home"))


def _page(request: HttpRequest, brand: Brand, place: Place, *, is_over: bool) -> HttpResponse:
    context: dict[str, Any] = {
        **portal_context(request, brand), "place": place, "hint": linked(place.asked["hint"]) if place.asked else "",
        "key": new_form_key(), "is_over": is_over,
    }  # fmt: skip
    return render(request, "portal/guide.html", context)
