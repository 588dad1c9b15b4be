"""Handing a ticket up with what was tried, found and is needed; back with the answer; telling a lead."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tresen.core.people.permissions import require
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.operations import start
from tresen.core.tickets.staged import number_in
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.levels.offering import Rung, chosen, rungs_of
from tresen.faces.desk.structure.telling import tell_done
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.kit import notices
from tresen.service.levels import handing
from tresen.service.levels.handing import MOST_TEXT, CannotHandOver, Package, leads_of, open_up

WHY_NOT = {
    "finished": gettext_lazy("The ticket is solved or closed. Open it again first."),
    "level": gettext_lazy("There is no such level above this one any more."),
    "team": gettext_lazy("Choose one of the teams of that level."),
    "agent": gettext_lazy("That colleague does not work in the team you have chosen."),
    "empty": gettext_lazy("Write at least one line, so that the next person need not ask again."),
    "nothing": gettext_lazy("It was not handed up, or has been answered meanwhile."),
    "nobody": gettext_lazy("There is nobody else to tell."),
}


@staff_page
@require_http_methods(["GET", "POST"])
def hand_up(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/escalate/`: to which team of which level, to whom, with which package."""
    ticket = find_ticket(request.principal, number)
    require(request.principal, "ticket.assign", ticket)
    rungs, agent = rungs_of(ticket, request.principal), request.principal.agent
    if request.method == "GET" or agent is None:
        return _ladder(request, ticket, rungs)
    rung, place, whom = chosen(request.POST, rungs)
    if rung is None or place is None:
        return _ladder(request, ticket, rungs, problem=str(WHY_NOT["team"]), status=422)
    if whom is None and request.POST.get("who") not in {None, "", "suggested"}:
        return _ladder(request, ticket, rungs, problem=str(WHY_NOT["agent"]), status=422)
    text = {name: _text(request, name) for name in ("tried", "found", "needed")}
    answers = [(question, _text(request, name)) for name, question in rung.questions]
    operation = start("change", agent=agent)
    try:
        handing.escalate(
            ticket, by=request.principal.actor, agent=agent, level=rung.level.number, team=place.team, assignee=whom,
            package=Package(**text, answers=answers), operation=operation,
        )  # fmt: skip
    except CannotHandOver as fault:
        return _ladder(request, ticket, rungs, problem=str(WHY_NOT[fault.why]), status=422)
    said = _("%(number)s is with %(whom)s now. You follow it and hear how it ends.")
    whom_said = whom.user.name if whom else place.team.name if place.team else rung.level.name
    return _done(request, ticket, said % {"number": ticket.shown_number, "whom": whom_said}, operation)


@staff_page
@require_http_methods(["GET", "POST"])
def hand_back(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/return/`: the answer, to whoever handed it up."""
    ticket = find_ticket(request.principal, number)
    require(request.principal, "ticket.assign", ticket)
    agent = request.principal.agent
    if request.method == "GET" or agent is None:
        return _answer_page(request, ticket)
    operation = start("change", agent=agent)
    try:
        row = handing.hand_back(
            ticket, by=request.principal.actor, agent=agent, answer=_text(request, "answer"),
            seen=_key(request, "handover"), operation=operation,
        )  # fmt: skip
    except CannotHandOver as fault:
        return _answer_page(request, ticket, problem=str(WHY_NOT[fault.why]), status=422)
    whom = row.to_agent or row.to_team or ""
    return _done(request, ticket, _("%(number)s is back with %(whom)s.") % {
        "number": ticket.shown_number, "whom": whom}, operation)  # fmt: skip


@staff_page
@require_POST
def ask_lead(request: StaffRequest, number: str) -> HttpResponseBase:
    """Tells the leads of the ticket's team, with a word why; the ticket stays where it is."""
    ticket = find_ticket(request.principal, number)
    require(request.principal, "ticket.note", ticket)
    agent = request.principal.agent
    operation = start("change", agent=agent) if agent else None
    try:
        leads = handing.tell_leads(
            ticket, by=request.principal.actor, agent=agent, reason=_text(request, "reason"), operation=operation
        )
    except CannotHandOver as fault:
        rungs = rungs_of(ticket, request.principal)
        return _ladder(request, ticket, rungs, lead_problem=str(WHY_NOT[fault.why]), status=422)
    names = ", ".join(str(lead) for lead in leads)
    return _done(request, ticket, _("Told: %(names)s.") % {"names": names}, operation)


def _text(request: StaffRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "")[:MOST_TEXT]


def _key(request: StaffRequest, name: str) -> int | None:
    """A row's key from the form; what is no number is no row's. None where the form has none."""
    said = request.POST.get(name)
    return None if said is None else number_in(said) or 0


def _ladder(
    request: StaffRequest, ticket: Ticket, rungs: list[Rung], *, problem: str = "", lead_problem: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    agent, places = request.principal.agent, [place for rung in rungs for place in rung.places]
    typed = {name: _text(request, name) for name in ("tried", "found", "needed", "reason")}
    context: dict[str, Any] = {
        "ticket": ticket, "rungs": rungs, "problem": problem, "lead_problem": lead_problem, "typed": typed,
        "to": request.POST.get("to") or (places[0].value if places else ""),
        "who": request.POST.get("who", "suggested"),
        "answers": {name: _text(request, name) for rung in rungs for name, _question in rung.questions},
        "places": places, "leads": [lead for lead in leads_of(ticket) if agent is None or lead.pk != agent.pk],
    }  # fmt: skip
    return render(request, "desk/levels/escalate.html", context, status=status)


def _answer_page(request: StaffRequest, ticket: Ticket, *, problem: str = "", status: int = 200) -> HttpResponse:
    rows = ticket.handovers.select_related("from_agent__user", "from_team", "note")
    context = {"ticket": ticket, "up": open_up(list(rows), ticket.level), "problem": problem,
               "answer": _text(request, "answer")}  # fmt: skip
    return render(request, "desk/levels/return.html", context, status=status)


def _done(request: StaffRequest, ticket: Ticket, said: str, operation: Operation | None) -> HttpResponse:
    """Back to the ticket, or to the list for whoever no longer sees it; with the way back."""
    is_seen = Ticket.objects.visible_to(request.principal).filter(pk=ticket.pk).exists()
    if operation is not None and operation.pk:
        tell_done(request, said, operation, number=ticket.number if is_seen else "")
    else:
        notices.tell(request, said)
    return HttpResponseRedirect(reverse("desk:ticket", args=[ticket.number]) if is_seen else reverse("desk:start"))
