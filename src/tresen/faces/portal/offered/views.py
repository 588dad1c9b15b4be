"""Articles that may answer a request, offered while its subject is typed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tresen.core.people.models import Brand
from tresen.core.people.principals import principal_of
from tresen.faces.portal.entrance import at_the_desk
from tresen.faces.portal.limits import count_offer
from tresen.kit.requests import place_of
from tresen.service.answers.addresses import path_of
from tresen.service.answers.services import suggest_articles

MOST_LETTERS = 200


@never_cache
@require_safe
@at_the_desk
def answers_offered(request: HttpRequest, brand: Brand) -> HttpResponse:
    """`/requests/new/answers/?subject=…`: a part of the page, empty where nothing is near enough. 429 after too
    many within a minute."""
    if not count_offer(place_of(request)):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    subject = request.GET.get("subject", "").replace("\0", "")[:MOST_LETTERS]
    hits = suggest_articles(
        subject, language=(get_language() or brand.language)[:2], principal=principal_of(request), brand=brand
    )
    offers = [(hit, path_of(hit.text)) for hit in hits]
    return render(request, "portal/parts/answers_found.html", {"offers": offers})
