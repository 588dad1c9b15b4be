"""Page or fragment: the one place that decides. A fragment exists once, and the page includes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_fragment(request: HttpRequest) -> bool:
    """True when htmx asks for a part of the page it already shows."""
    htmx = getattr(request, "htmx", None)
    return htmx is not None and bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page_or_fragment(
    request: HttpRequest, template: str, fragment: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Renders `fragment` for htmx and the whole `template` for everybody else."""
    response = render(request, fragment if wants_fragment(request) else template, dict(context), status=status)
    patch_vary_headers(response, ("HX-Request",))
    return response
