"""Who gets onto a page of the desk: agents. Everybody else is sent to sign in, or told that there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse

from tresen.core.people.principals import Principal, principal_of
from tresen.kit.pages import wants_fragment

P = ParamSpec("P")


class StaffRequest(HttpRequest):
    """A request whose principal is an agent; only for the type checker."""

    principal: Principal
    htmx: Any


def staff_page(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Lets agents through. Nobody → sign-in and back to this page; an account that is no agent's → 404.

    A part of a page asks with 401, so that what was typed stays where it is.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        principal = principal_of(request)
        if principal.is_staff:
            return view(request, *args, **kwargs)  # type: ignore[arg-type]
        if principal.kind != "nobody" or request.user.is_authenticated:
            raise Http404
        if wants_fragment(request):
            return HttpResponse(status=401)
        back = request.get_full_path() if request.method in {"GET", "HEAD"} else "/desk/"
        return HttpResponseRedirect(f"{reverse('account:sign-in')}?{urlencode({'next': back})}")

    return guarded
