"""A call that waits for somebody: looked at and acknowledged, from the mail, the bell or the ticket."""

from __future__ import annotations

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tresen.core.people.permissions import require
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.kit import notices
from tresen.service.oncall.calling import HasLeft, acknowledge, others_waiting
from tresen.service.oncall.models import Alert, AlertState

MOST_OTHERS = 50


@staff_page
@require_http_methods(["GET", "POST"])
def alert(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/desk/alerts/<pk>/`: who was called; POST says that one has it."""
    rows = Alert.objects.visible_to(request.principal).select_related("ticket", "rota", "acknowledged_by__user")
    found, agent = rows.filter(pk=pk).first(), request.principal.agent
    if found is None:
        raise Http404
    if found.state != AlertState.OPEN:  # the link of an old mail
        found = rows.instead_of(found).first() or found
    if request.method == "GET" or agent is None:
        calls = found.calls.select_related("agent__user")
        may = request.principal.here(found.ticket.team_id)
        waiting = others_waiting(found).visible_to(request.principal)
        others = waiting.select_related("ticket")[:MOST_OTHERS]
        said = {"alert": found, "calls": calls, "may": may, "others": others, "count": waiting.count()}
        return render(request, "desk/levels/alert.html", said)
    require(request.principal, "ticket.change", found.ticket)
    try:
        has_it = acknowledge(found, agent=agent, by=request.principal.actor)
    except HasLeft:
        text = _("It has left the level or is finished: nobody is called, and it was not given to you.")
    else:
        number = {"number": found.ticket.shown_number}
        text = (
            _("You have it. Nobody else is called for %(number)s.") % number if has_it
            else _("Somebody was faster: it is acknowledged already.")
        )  # fmt: skip
    if n := others_waiting(found).visible_to(request.principal).count():
        more = ngettext(
            "%(n)s more ticket of this rota waits for your word.",
            "%(n)s more tickets of this rota wait for your word.",
            n,
        )
        text += " " + more % {"n": n}
    notices.tell(request, text)
    return HttpResponseRedirect(reverse("desk:ticket", args=[found.ticket.number]))
