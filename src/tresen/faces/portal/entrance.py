"""The way in: which brand a page speaks for, and what there is to see while the desk is not set up."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from tresen.core.people.accounts import first_run_is_open
from tresen.core.people.models import Brand
from tresen.faces.portal.speaking import speaking

FIRST_RUN = "/first-run/"
View = Callable[..., HttpResponse]


def at_the_desk(view: View) -> View:
    """Gives the view the brand as its second argument, in the brand's time zone; a desk that is not set up sends
    everybody to its first-run page."""

    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        brand = front_brand()
        if brand is None:
            return HttpResponseRedirect(FIRST_RUN)
        with speaking(request, zone=brand.timezone):
            return view(request, brand, *args, **named)

    return enter


def front_brand() -> Brand | None:
    """The brand at whose counter a visitor stands; None while the desk waits for its first administrator."""
    if first_run_is_open():
        return None
    found: Brand = Brand.objects.default()
    return found
