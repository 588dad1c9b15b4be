"""What the outside sees of a brand: its accent as a style sheet, its logo. Open to everybody."""

from __future__ import annotations

import hashlib

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from tresen.core.people.brands import brand_for_outside
from tresen.core.people.hosts import brand_of_host
from tresen.core.people.models import Brand
from tresen.kit import files

KEEP = "public, max-age=300"


@require_safe
def brand_css(request: HttpRequest, brand_id: int) -> HttpResponseBase:
    """The brand's accent, as the two numbers that tokens.css builds everything else from."""
    brand = _brand(request, brand_id)
    css = f":root{{--brand-h:{brand.accent_hue:d};--brand-c:{brand.accent_chroma:.3f}}}\n"
    return _answer(request, css.encode(), "text/css; charset=utf-8")


@require_safe
def brand_logo(request: HttpRequest, brand_id: int) -> HttpResponseBase:
    """The brand's logo, always as the type that we found in its bytes."""
    brand = _brand(request, brand_id)
    if not brand.logo_key:
        raise Http404
    try:
        data = files.read(brand.logo_key)
    except (FileNotFoundError, ValueError) as fault:
        raise Http404 from fault
    response = _answer(request, data, brand.logo_type)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def _brand(request: HttpRequest, brand_id: int) -> Brand:
    here = brand_of_host(request)
    found = brand_for_outside(brand_id) if here is None or here.pk == brand_id else None
    if found is None:
        raise Http404
    return found


def _answer(request: HttpRequest, body: bytes, content_type: str) -> HttpResponseBase:
    mark = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    same = request.headers.get("If-None-Match") == mark
    response = HttpResponseNotModified() if same else HttpResponse(body, content_type=content_type)
    response.headers["ETag"] = mark
    response.headers["Cache-Control"] = KEEP
    return response
