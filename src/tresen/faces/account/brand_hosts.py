"""On a brand's host there is what customers need, and nobody is an agent: desk, settings and interface answer at the
address of the desk alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from tresen.core.people.hosts import base_of, brand_of_host

FACES = frozenset({"desk", "setup", "api", "hooks"})
PAGES = frozenset({"account:invite", "account:first-run", "account:passkey"})


class BrandHostMiddleware:
    """Answers 404 to what is not for customers; tells the guard of forms which origin is ours here, and
    the pages of the account under which name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if brand := brand_of_host(request):
            request.own_origin = base_of(brand.host)  # type: ignore[attr-defined]
            request.shown_as, request.languages = brand.name, brand.spoken  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _named: Any) -> None:
        """Raises Http404 here, where the page about it can be drawn."""
        match = request.resolver_match
        if match and brand_of_host(request) and (FACES & set(match.app_names) or match.view_name in PAGES):
            raise Http404
