"""The first page of the settings."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tresen.channels.mail.mailboxes import outgoing_is_set_up
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal, principal_of
from tresen.faces.setup.gate import settings_page
from tresen.faces.setup.navigation import first_page
from tresen.faces.setup.overview.state import concerns, steps
from tresen.faces.setup.waiting import waiting_of


def overview(request: HttpRequest) -> HttpResponseBase:
    """What is set up and what waits; colleagues who do not keep the desk running find the first page that is theirs
    instead, or their own account."""
    principal = principal_of(request)
    if principal.is_staff and not can(principal, "desk.operate"):
        return HttpResponseRedirect(reverse(first_page(principal) or "account:me"))
    return _overview(request)


@settings_page("desk.operate")
@require_safe
def _overview(request: HttpRequest, principal: Principal) -> HttpResponse:
    leaves = outgoing_is_set_up()
    found, wanting = steps(principal, leaves=leaves), concerns(principal, waiting_of(request), leaves=leaves)
    context = {"steps": found, "concerns": wanting, "left": sum(not step.is_done for step in found)}
    return render(request, "setup/overview.html", context)
