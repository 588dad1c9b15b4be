"""The status page: what is now, what is planned, what was; each announcement has a page of its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tresen.core.people.models import Brand
from tresen.faces.portal.knowledge.addresses import absolute
from tresen.faces.portal.knowledge.keeping import changed_at, public_page
from tresen.faces.portal.status.reading import in_month, month_after, month_before, readable, status_of
from tresen.faces.portal.surroundings import portal_context


@require_safe
@public_page
def status(request: HttpRequest, brand: Brand, *, language: str) -> HttpResponse:
    """`/status/`."""
    rows = readable(request, brand)
    page = status_of(rows)
    last = page.months[-1].first if page.months else None
    context = {**around(request, brand), "page": page, "older": month_before(rows, last) if last else None}
    return render(request, "portal/status/page.html", context)


@require_safe
@public_page
def month(request: HttpRequest, brand: Brand, year: int, month: int, *, language: str) -> HttpResponse:
    """`/status/2026-11/`: what began in that month."""
    if not (2000 <= year <= 2100 and 1 <= month <= 12):
        raise Http404
    rows, first = readable(request, brand), date(year, month, 1)
    context = {
        **around(request, brand), "month": in_month(rows, first), "older": month_before(rows, first),
        "newer": month_after(rows, first),
    }  # fmt: skip
    return render(request, "portal/status/month.html", context)


@require_safe
@public_page
def one(request: HttpRequest, brand: Brand, announcement_id: int, *, language: str) -> HttpResponse:
    """`/status/<id>/`: one announcement with all that was said since."""
    row = readable(request, brand).filter(pk=announcement_id).first()
    if row is None:
        raise Http404
    context = {**around(request, brand), "row": row, "canonical": absolute(brand, request.path)}
    return changed_at(render(request, "portal/status/one.html", context), row.changed_at)


def around(request: HttpRequest, brand: Brand) -> dict[str, Any]:
    """What stands around these pages; the line above a page would say the same twice."""
    return {**portal_context(request, brand, active="status"), "is_public": True, "announced": []}
