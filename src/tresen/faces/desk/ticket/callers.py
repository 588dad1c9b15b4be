"""Somebody calls: his PIN says that it is he."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tresen.core.people.permissions import require
from tresen.core.tickets.callers import TooManyPins, WrongPin, prove_caller
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.kit import notices


@staff_page
@require_POST
def caller(request: StaffRequest, number: str) -> HttpResponseBase:
    """`pin`: what the caller said. The timeline keeps whether it was right."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.note", found)
    try:
        contact = prove_caller(found, pin=request.POST.get("pin", ""), by=request.principal.actor)
    except WrongPin:
        notices.tell(request, _("That is the PIN of nobody on this ticket."), "warn")
    except TooManyPins:
        notices.tell(
            request, _("Too many wrong PINs for this ticket. Please make sure in another way, or later."), "bad"
        )
    else:
        notices.tell(request, _("The PIN is right: that is %(name)s.") % {"name": contact.name})
    return HttpResponseRedirect(reverse("desk:ticket", args=[found.number]))
