"""'Give me the next one': an agent asks, and is brought to the ticket."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tresen.core.people.permissions import require
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.kit import notices
from tresen.service.routing.giving import Busy, Full, NotHere, take_next


@staff_page
@require_POST
def next_ticket(request: StaffRequest) -> HttpResponseBase:
    """`/desk/next/`: the most urgent and oldest one of his teams that nobody has."""
    require(request.principal, "ticket.take")
    agent = request.principal.agent
    try:
        ticket = take_next(agent, principal=request.principal) if agent else None
    except Busy:
        notices.tell(request, _("You have said that you are busy, so no ticket comes to you. Change that first."))
        return HttpResponseRedirect(reverse("setup:own-attendance"))
    except NotHere:
        notices.tell(request, _("You are not at work, by your own word, your hours or an absence. Change that first."))
        return HttpResponseRedirect(reverse("setup:own-attendance"))
    except Full:
        notices.tell(request, _("You have as many open tickets as you can take."))
        return HttpResponseRedirect(reverse("desk:view", args=["mine"]))
    if ticket is None:
        notices.tell(request, _("Nothing waits in your teams that you could take."))
        return HttpResponseRedirect(reverse("desk:view", args=["unassigned"]))
    notices.tell(request, _("This one is yours now."))
    return HttpResponseRedirect(reverse("desk:ticket", args=[ticket.number]))
