"""Answers when something is wrong, in the person's language: never a trace, a version or a source (S61)."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.exceptions import TemplateDoesNotExist
from django.utils.translation import gettext as _


def _answer(request: HttpRequest, status: int, template: str) -> HttpResponse:
    try:
        return render(request, template, status=status)
    except TemplateDoesNotExist:
        return HttpResponse(f"{status}", status=status, content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; a body beyond the limits is 413."""
    if type(exception).__name__ in {"RequestDataTooBig", "TooManyFilesSent", "TooManyFieldsSent"}:
        return too_large(request)
    return _answer(request, 400, "400.html")


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _answer(request, 403, "403.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what is not there and what one may not see."""
    return _answer(request, 404, "404.html")


def too_large(request: HttpRequest) -> HttpResponse:
    """413."""
    return _answer(request, 413, "413.html")


def server_error(request: HttpRequest) -> HttpResponse:
    """500."""
    return _answer(request, 500, "500.html")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from our page or is too old."""
    response = _answer(request, 403, "403_csrf.html")
    # For a part of a page that is fetched: whoever signed in anew in another tab must load this page again.
    response["X-Notice"] = quote(_("You have signed in anew. Load this page again; what you typed is kept here."))
    return response
