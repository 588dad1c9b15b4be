"""Messages of a ticket become one of their own."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tresen.core.people.permissions import require
from tresen.core.tickets import splitting
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.numbers import take_number
from tresen.core.tickets.splitting import CannotSplit
from tresen.faces.desk.access import MERGED, StaffRequest, staff_page
from tresen.faces.desk.structure.telling import tell_done
from tresen.faces.desk.ticket.reading import find_ticket

MOST = 200
WHY_NOT = {
    "none": gettext_lazy("Choose at least one message. What is no longer here cannot be split off."),
    "all": gettext_lazy("At least one message stays. Leave one out, or change the subject instead."),
    "side": gettext_lazy("A message of a side thread stays with its thread."),
    "gone": MERGED,
}


@staff_page
@require_http_methods(["GET", "POST"])
def split(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/split/`: which messages; `from`: that one and all after it are chosen at first."""
    ticket = find_ticket(request.principal, number)
    require(request.principal, "ticket.merge", ticket)
    agent = request.principal.agent
    if request.method == "GET" or agent is None:
        first = _key(request.GET.get("from", ""))
        return _page(request, ticket, chosen=lambda key: bool(first) and key >= first)
    keys = [key for raw in request.POST.getlist("message")[:MOST] if (key := _key(raw))]
    seen = Message.objects.visible_to(request.principal).filter(ticket=ticket, pk__in=keys)
    if not keys or seen.count() != len(set(keys)):
        return _page(request, ticket, chosen=keys.__contains__, problem=str(WHY_NOT["none"]), status=422)
    try:
        new, done = splitting.split(
            ticket, messages=keys, by=request.principal.actor, agent=agent, number=take_number(ticket.brand),
            subject=request.POST.get("subject", "").replace("\0", "")[:300],
        )  # fmt: skip
    except CannotSplit as fault:
        return _page(request, ticket, chosen=keys.__contains__, problem=str(WHY_NOT[fault.why]), status=422)
    text = _("Split off from %(number)s.") % {"number": ticket.shown_number}
    tell_done(request, text, done, number=new.number)
    return HttpResponseRedirect(reverse("desk:ticket", args=[new.number]))


def _key(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 18 else 0


def _page(request: StaffRequest, ticket: Ticket, *, chosen: Any, status: int = 200, problem: str = "") -> HttpResponse:
    rows = Message.objects.visible_to(request.principal).filter(ticket=ticket, is_automatic=False, is_side=False)
    newest = list(rows.select_related("agent__user", "contact").order_by("-pk")[:MOST])[::-1]
    if not newest:
        raise Http404
    context = {
        "ticket": ticket, "messages": [(row, chosen(row.pk)) for row in newest], "problem": problem,
        "subject": request.POST.get("subject", "")[:300],
    }  # fmt: skip
    return render(request, "desk/structure/split.html", context, status=status)
