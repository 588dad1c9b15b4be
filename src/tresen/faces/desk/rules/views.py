"""`/desk/tickets/T204187/rules/`: rules that looked, matched, changed."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tresen.core.people.permissions import require
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.rules.reading import MOST, looks_at
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.kit import clock
from tresen.kit.pages import wants_fragment
from tresen.service.rules.jobs import LOOKS_KEPT, RUNS_KEPT


@staff_page
@require_safe
def ticket_rules(request: StaffRequest, number: str) -> HttpResponseBase:
    """The fold-out of the ticket's column, or a page."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.see", found)
    template = "desk/rules/looked.html" if wants_fragment(request) else "desk/rules/page.html"
    looks = looks_at(found)
    shown = {"ticket": found, "looks": looks, "is_full": len(looks) == MOST}
    kept = {"looks_days": LOOKS_KEPT.days, "runs_days": RUNS_KEPT.days}
    return render(request, template, {**shown, **kept, "is_older": found.created_at < clock.now() - LOOKS_KEPT})
