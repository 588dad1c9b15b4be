"""The way in: which brand a page speaks for, and what there is to see while the desk is not set up."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from tresen.core.people.accounts import first_run_is_open
from tresen.core.people.hosts import brand_of_host
from tresen.core.people.models import Brand
from tresen.faces.portal.speaking import speaking

FIRST_RUN = "/first-run/"
View = Callable[..., HttpResponse]


def at_the_desk(view: View) -> View:
    """Gives the view the brand as its second argument, in the brand's time zone; a desk that is not set up sends
    everybody to its first-run page."""

    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        brand = front_brand(request)
        if brand is None:
            return HttpResponseRedirect(FIRST_RUN)
        with speaking(request, brand, zone=brand.timezone) as spoken:
            response = view(request, brand, *args, **named)
        response.headers.setdefault("Content-Language", spoken)
        return response

    return enter


def front_brand(request: HttpRequest) -> Brand | None:
    """The brand at whose counter a visitor stands: that of the host, else the default one; None while the desk waits
    for its first administrator."""
    if here := brand_of_host(request):
        return here
    if first_run_is_open():
        return None
    found: Brand = Brand.objects.default()
    return found
