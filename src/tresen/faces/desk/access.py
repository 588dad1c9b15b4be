"""Who gets onto a page of the desk: agents. Everybody else is sent to sign in, or told that there is no such page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy

from tresen.core.people.principals import Principal, principal_of
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import StaleTicket
from tresen.kit import notices
from tresen.kit.pages import wants_fragment

P = ParamSpec("P")
MERGED = gettext_lazy("The ticket was merged or deleted meanwhile.")


class StaffRequest(HttpRequest):
    """A request whose principal is an agent; only for the type checker."""

    principal: Principal
    htmx: Any


def staff_page(
    view: Callable[Concatenate[StaffRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Lets agents through. Nobody → sign-in and back to this page; an account that is no agent's → 404.

    A part of a page asks with 401, so that what was typed stays where it is. Whoever does something on a ticket that
    was merged meanwhile is led to where it went, as far as he sees that, and told so.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        principal = principal_of(request)
        if principal.is_staff:
            try:
                return view(request, *args, **kwargs)  # type: ignore[arg-type]
            except StaleTicket as stale:
                return _led_on(request, stale.ticket, principal)
        if principal.kind != "nobody" or request.user.is_authenticated:
            raise Http404
        if wants_fragment(request):
            return HttpResponse(status=401)
        back = request.get_full_path() if request.method in {"GET", "HEAD"} else "/desk/"
        return HttpResponseRedirect(f"{reverse('account:sign-in')}?{urlencode({'next': back})}")

    return guarded


def _led_on(request: HttpRequest, ticket: Ticket, principal: Principal) -> HttpResponseBase:
    is_seen = Ticket.objects.visible_to(principal).filter(pk=ticket.pk).exists()
    there = reverse("desk:ticket", args=[ticket.number]) if is_seen else "/desk/"
    notices.tell(request, str(MERGED), tone="info")
    if wants_fragment(request):
        return HttpResponse(status=204, headers={"HX-Redirect": there})
    return HttpResponseRedirect(there)
