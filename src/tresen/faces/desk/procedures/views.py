"""Going through a procedure on a ticket."""

from __future__ import annotations

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tresen.core.people.permissions import require
from tresen.core.tickets.staged import number_in
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer
from tresen.faces.desk.ticket.fields import Refusal
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.service.procedures.following import OutOfStep, answer_step, begin, step_back, stop
from tresen.service.procedures.models import Procedure


@staff_page
@require_POST
def procedure(request: StaffRequest, number: str) -> HttpResponseBase:
    """`act`: begin, back or stop; or an answer: `step` that is asked, and `way`, its number."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.change", found)
    agent, by, act = request.principal.agent, request.principal.actor, request.POST.get("act", "")
    if agent is None:
        raise Http404
    try:
        if act == "begin":
            offered = Procedure.objects.visible_to(request.principal).for_category(found.category)
            if offered is None:
                raise Http404
            begin(found, procedure=offered, agent=agent, by=by)
        elif act == "back":
            step_back(found, by=by)
        elif act == "stop":
            stop(found, by=by)
        else:
            step, way = (number_in(request.POST.get(name, "")) for name in ("step", "way"))
            answer_step(found, step=-1 if step is None else step, way=-1 if way is None else way, agent=agent, by=by)
    except OutOfStep:
        refusal = Refusal("procedure", _("Procedure"), _("Somebody has gone on meanwhile. Look at what is asked now."))
        return answer(request, number, answers.HEAD, answers.CONTEXT, refusal=refusal, status=409)
    return answer(request, number, answers.CONTEXT, answers.TAIL, anchor="procedure")
