"""Deleting a ticket, and the bin from which it comes back for 30 days."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.core.people.permissions import can, require
from tresen.core.tickets.binning import KEPT_DAYS, delete_ticket, restore_ticket
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.rows import StaleTicket
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.structure.telling import tell_done
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.kit import notices

SHOWN = 200


@staff_page
@require_http_methods(["GET", "POST"])
def delete(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/delete/`: asks once, then it is in the bin."""
    ticket = find_ticket(request.principal, number)
    require(request.principal, "ticket.delete", ticket)
    agent = request.principal.agent
    if request.method == "GET" or agent is None:
        return render(request, "desk/structure/delete.html", {"ticket": ticket, "days": KEPT_DAYS})
    try:
        done = delete_ticket(ticket, by=request.principal.actor, agent=agent)
    except StaleTicket:
        notices.tell(request, _("It was merged meanwhile and stays as a signpost."), "warn")
        return HttpResponseRedirect(reverse("desk:ticket", args=[ticket.number]))
    tell_done(request, _("%(number)s is in the bin.") % {"number": ticket.shown_number}, done)
    return HttpResponseRedirect(reverse("desk:start"))


@staff_page
@require_safe
def show(request: StaffRequest) -> HttpResponseBase:
    """`/desk/bin/`: what is in it, newest first, and until when."""
    if not can(request.principal, "bin.open"):
        raise PermissionDenied
    found = Ticket.objects.in_bin(request.principal).select_related("requester", "team").order_by("-deleted_at", "-id")
    rows = [(row, row.deleted_at + timedelta(days=KEPT_DAYS)) for row in found[:SHOWN] if row.deleted_at]
    return render(request, "desk/structure/bin.html", {"rows": rows})


@staff_page
@require_POST
def restore(request: StaffRequest, number: str) -> HttpResponseBase:
    """Out of the bin again."""
    found = Ticket.objects.in_bin(request.principal).filter(number=number).first()
    if found is None:
        raise Http404
    require(request.principal, "ticket.restore", found)
    restore_ticket(found, by=request.principal.actor)
    notices.tell(request, _("%(number)s is back.") % {"number": found.shown_number})
    return HttpResponseRedirect(reverse("desk:ticket", args=[found.number]))
