"""Taking and refusing what the model proposes on a ticket."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tresen.core.people.permissions import can, require
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operations import start
from tresen.core.tickets.permissions import HANDING
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.learning.reading import label_of
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer
from tresen.faces.desk.ticket.fields import Refusal
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.service.learning.models import Field
from tresen.service.learning.proposing import refuse, take
from tresen.service.learning.spam import mark_no_spam, mark_spam


@staff_page
@require_POST
def proposals(request: StaffRequest, number: str) -> HttpResponseBase:
    """`take` names a field whose proposal is taken, or is `all`; `refuse` names one that is not right."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.change", found)
    wanted, unwanted = request.POST.get("take", ""), request.POST.get("refuse", "")
    agent, by = request.principal.agent, request.principal.actor
    if agent is None or (wanted or unwanted) not in {"all", *Field.values} - {Field.SPAM}:
        return HttpResponse(status=400)
    operation = start("change", agent=agent)
    try:
        if wanted:
            fields = _mine(request, found, wanted)
            done = take(found, fields=fields, by=by, operation=operation)
            said = _("Taken: %(fields)s") % {"fields": ", ".join(label_of(row.field) for row in done)} if done else ""
        else:
            refuse(found, field=unwanted, by=by, operation=operation)
            said = _("Thank you. It learns from that.")
    except WrongValue as wrong:
        refusal = Refusal(wrong.field, label_of(wrong.field), _("That value is not possible."))
        return answer(request, number, answers.HEAD, refusal=refusal, status=422)
    return answer(request, number, answers.HEAD, answers.TAIL, said=said, operation=operation)


def _mine(request: StaffRequest, ticket: Ticket, wanted: str) -> list[str]:
    """What is wanted, without what is not this agent's to change. Raises PermissionDenied where nothing is left."""
    fields = [field.value for field in Field] if wanted == "all" else [wanted]
    if not can(request.principal, "ticket.assign", ticket):
        fields = [field for field in fields if field not in HANDING]
    if not fields:
        raise PermissionDenied("ticket.assign")
    return fields


@staff_page
@require_POST
def spam(request: StaffRequest, number: str) -> HttpResponseBase:
    """`act`: spam (it is closed) or none (it is open again). Both teach."""
    found = find_ticket(request.principal, number)
    require(request.principal, "ticket.change", found)
    if request.POST.get("act") == "spam":
        mark_spam(found, by=request.principal.actor)
        said = _("Marked as spam and closed. It stays here, and “Not spam” takes it back.")
    else:
        mark_no_spam(found, by=request.principal.actor)
        said = _("Not spam. It learns from that.")
    return answer(request, number, answers.HEAD, answers.TAIL, said=said, is_shown=True)
