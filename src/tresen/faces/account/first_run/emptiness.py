"""Is this desk still empty? Then its doors lead to the first-run page."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from tresen.core.people.accounts import first_run_is_open
from tresen.core.people.models import Brand

KNOWN = "desk-is-set-up"
KNOWN_SECONDS = 3600
DOORS = ("/desk/", "/settings/", "/sign-in/")


def first_brand() -> Brand:
    """The brand that the first run has just made. Raises Brand.DoesNotExist before."""
    found: Brand = Brand.objects.default()
    return found


def is_empty() -> bool:
    """Neither administrator nor brand. That a desk is set up is remembered: it never becomes empty again."""
    if cache.get(KNOWN):
        return False
    if Brand.objects.exists() or not first_run_is_open():
        cache.set(KNOWN, True, KNOWN_SECONDS)
        return False
    return True


class EmptyDeskMiddleware:
    """Sends whoever comes to the front doors of an empty desk to the first-run page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if request.method == "GET" and (path == "/" or path.startswith(DOORS)) and is_empty():
            return HttpResponseRedirect(reverse("account:first-run"))
        return self.get_response(request)
