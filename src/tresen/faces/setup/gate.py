"""Who gets into the settings: whoever may do what a page is for. To everybody else it does not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal, principal_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, Principal, P], HttpResponseBase]


def settings_page(action: str) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Lets those through who may do `action`, and hands the view their principal.

    Nobody → sign-in and back to this page; anybody else who may not → 404.
    """

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        @never_cache
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            principal = principal_of(request)
            if can(principal, action):
                return view(request, principal, *args, **kwargs)
            if request.user.is_authenticated:
                raise Http404
            back = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("setup:overview")
            return HttpResponseRedirect(f"{reverse('account:sign-in')}?{urlencode({'next': back})}")

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def found_or_404(rows: Any, key: int) -> Any:
    """The row of that key among those one may see. Raises Http404."""
    row = rows.filter(pk=key).first()
    if row is None:
        raise Http404
    return row
