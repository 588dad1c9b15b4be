"""`/desk/tickets/T204187/clocks/`: how the due times of a ticket come about."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tresen.core.people.permissions import require
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.clocks.explaining import explain, reckoned_anew
from tresen.faces.desk.ticket.reading import find_ticket


@staff_page
@require_safe
def ticket_clocks(request: StaffRequest, number: str) -> HttpResponseBase:
    """Each clock with its pieces, then what had them reckoned anew."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.see", found)
    clocks = explain(found)
    shown = {"ticket": found, "clocks": clocks, "anew": reckoned_anew(found, clocks)}
    return render(request, "desk/clocks/page.html", shown)
