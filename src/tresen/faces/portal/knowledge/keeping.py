"""What caches may keep: pages that are the same for every guest of a brand and language."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date

from tresen.core.people.models import Brand
from tresen.core.people.principals import principal_of
from tresen.faces.portal.entrance import at_the_desk

View = Callable[..., HttpResponse]
# Fresh for a minute; for ten more an old page may be shown while the new one is fetched (RFC 5861).
SHARED = "public, max-age=60, stale-while-revalidate=600"
OWN = "private, no-cache"


def kept(view: View) -> View:
    """Gives the answer an ETag made of what it shows (RFC 9110, 8.8.3), says who may keep it, and answers 304 where the
    reader has it already."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        response = view(request, *args, **named)
        if response.status_code in {301, 302}:
            response.headers.setdefault("Cache-Control", SHARED if is_shared(request) else OWN)
        if response.status_code != 200 or "Cache-Control" in response.headers:
            return response
        response.headers["Cache-Control"] = SHARED if is_shared(request) else OWN
        etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
        response.headers["ETag"] = etag
        # By its time alone a page is not said to be unchanged: something may be gone from it.
        found = get_conditional_response(request, etag=etag, response=response)
        return found if isinstance(found, HttpResponse) else response

    return answer


def is_shared(request: HttpRequest) -> bool:
    """Whether the page is what every guest sees: nobody is signed in, and nothing is remembered of this browser."""
    known = settings.SESSION_COOKIE_NAME in request.COOKIES
    return principal_of(request).kind == "nobody" and not known


def changed_at(response: HttpResponse, at: datetime | None) -> HttpResponse:
    """Says when what the page is about was last changed."""
    if at is not None:
        response.headers["Last-Modified"] = http_date(at.timestamp())
    return response


def in_language(view: View) -> View:
    """A page whose address carries the language (`language`), or is in the reader's own where it does not. The view
    gets the brand as its second argument."""

    @at_the_desk
    @wraps(view)
    def enter(request: HttpRequest, brand: Brand, *args: Any, language: str = "", **named: Any) -> HttpResponse:
        if language and language not in brand.spoken:
            raise Http404
        wanted = request.GET.get("lang", "")
        if language and wanted in brand.spoken and wanted != language:
            return HttpResponseRedirect(request.path.replace(f"/{language}/", f"/{wanted}/", 1))
        spoken = language or (translation.get_language() or "en")[:2]
        with translation.override(spoken):
            response = view(request, brand, *args, language=spoken, **named)
        response.headers["Content-Language"] = spoken
        if not language:
            patch_vary_headers(response, ["Accept-Language"])
        return response

    return enter


def public_page(view: View) -> View:
    """The same for a page that caches may keep."""
    return kept(in_language(view))
