"""Searching the knowledge base in one's own words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tresen.core.people.models import Brand
from tresen.core.people.principals import principal_of
from tresen.faces.portal.knowledge.addresses import article_url
from tresen.faces.portal.knowledge.keeping import in_language
from tresen.faces.portal.knowledge.shelf import often_read, reader_of
from tresen.faces.portal.limits import count_search
from tresen.faces.portal.surroundings import portal_context
from tresen.kit.requests import place_of
from tresen.service.answers.misses import note_search
from tresen.service.answers.searching import Found, search_articles

MOST_LETTERS = 200
MOST_HITS = 15


@require_safe
@in_language
def search(request: HttpRequest, brand: Brand, *, language: str) -> HttpResponse:
    """What answers the words (`q`); what is read most where there are none. 429 after too many within a minute."""
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:MOST_LETTERS]
    reader = reader_of(request, brand, language)
    context: dict[str, Any] = {**portal_context(request, brand, active="help"), "words": words}
    if words and not count_search(place_of(request)):
        response = render(request, "portal/knowledge/search.html", {**context, "too_many": True}, status=429)
        response.headers["Retry-After"] = "60"
        return response
    found = Found()
    if words:
        found = search_articles(words, language=language, principal=reader.principal, brand=brand, limit=MOST_HITS)
        if not principal_of(request).is_staff and "prefetch" not in request.headers.get("Sec-Purpose", ""):
            note_search(words, brand=brand, language=language, is_empty=not found.hits)
    hits = [(hit, article_url(language, hit.article.pk, hit.text.slug)) for hit in found.hits]
    often = [] if hits else often_read(reader)
    return render(request, "portal/knowledge/search.html", {**context, "found": found, "hits": hits, "often": often})
