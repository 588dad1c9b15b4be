"""Who is at work: oneself, and for leads the people of their teams."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.core.attendance.models import Absence, Attendance
from tresen.core.attendance.services import (
    WrongAbsence,
    WrongShift,
    add_absence,
    add_shift,
    remove_absence,
    remove_shift,
    set_hours,
    set_state,
)
from tresen.core.attendance.shifts import shifts_in
from tresen.core.attendance.standing import standings
from tresen.core.people.models import Agent
from tresen.core.people.permissions import can
from tresen.core.people.principals import Principal
from tresen.faces.setup.attendance.forms import TURNS, AbsenceForm, ShiftForm, StateForm, WeekForm, days_in_words
from tresen.faces.setup.gate import settings_page
from tresen.kit import clock, notices
from tresen.service.routing.absences import moved_lately

COMING = 20


@settings_page("attendance.see")
@require_safe
def attendance_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """Where everybody of the teams one leads stands, and the absences to come; who keeps the people sees all."""
    agents = Agent.objects.visible_to(principal).active().select_related("role").order_by("user__name")
    agents = agents.prefetch_related("teams", "memberships__role")
    if not principal.may("set_people"):
        agents = agents.filter(teams__in=principal.teams_with("lead")).distinct()
    found = list(agents)
    now = standings(found)
    coming = Absence.objects.filter(agent__in=[a.pk for a in found], ends_on__gte=clock.now().date())
    context = {
        "moved": moved_lately(principal),
        "rows": [(agent, now[agent.pk]) for agent in found],
        "may": {a.pk for a in found if not principal.may("set_people") or can(principal, "attendance.change", a)},
        "coming": coming.select_related("agent__user", "substitute__user").order_by("starts_on", "pk")[:COMING],
    }
    return render(request, "setup/attendance_list.html", context)


@settings_page("attendance.own")
@require_safe
def own_attendance(request: HttpRequest, principal: Principal) -> HttpResponse:
    """The way to one's own page."""
    return HttpResponseRedirect(reverse("setup:attendance-of", args=[principal.agent and principal.agent.pk]))


@settings_page("attendance.own")
@require_http_methods(["GET", "POST"])
def attendance_of(request: HttpRequest, principal: Principal, agent_id: int) -> HttpResponseBase:
    """One agent's page; POST (`what`: state, hours, shift or absence) saves one of its forms; `shift-remove` with
    `key` takes a shift away."""
    agent = _agent(principal, agent_id)
    what = request.POST.get("what", "") if request.method == "POST" else ""
    if what == "shift-remove":
        remove_shift(agent, key=request.POST.get("key", ""), by=principal.actor)
        notices.tell(request, _("Taken away."))
        return HttpResponseRedirect(reverse("setup:attendance-of", args=[agent.pk]))
    forms = _forms(request, principal, agent, what)
    form = forms.get(what)
    if form is None:
        return _page(request, principal, agent, forms, 200 if request.method == "GET" else 422)
    if not form.is_valid() or not _save(principal, agent, what, form):
        return _page(request, principal, agent, forms, 422)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:attendance-of", args=[agent.pk]))


@settings_page("attendance.own")
@require_POST
def absence_remove(request: HttpRequest, principal: Principal, absence_id: int) -> HttpResponseBase:
    """He is there after all."""
    found = Absence.objects.select_related("agent__user").filter(pk=absence_id).first()
    if found is None or not can(principal, "attendance.change", found.agent):
        raise Http404
    remove_absence(found, by=principal.actor)
    notices.tell(request, _("Taken away."))
    return HttpResponseRedirect(reverse("setup:attendance-of", args=[found.agent_id]))


def _agent(principal: Principal, key: int) -> Agent:
    found = Agent.objects.visible_to(principal).active().filter(pk=key).first()
    if found is None or not can(principal, "attendance.change", found):
        raise Http404
    return found


def _forms(request: HttpRequest, principal: Principal, agent: Agent, what: str) -> dict[str, Any]:
    row = Attendance.objects.filter(agent=agent).first() or Attendance(agent=agent)
    sent = {name: request.POST if name == what else None for name in ("state", "hours", "shift", "absence")}
    week = {**WeekForm.typed(row.weekly), "calendar": row.calendar_id}
    return {
        "state": StateForm(sent["state"], zone=agent.user.timezone, initial={"state": row.state}),
        "hours": WeekForm(sent["hours"], principal=principal, initial=week),
        "shift": ShiftForm(sent["shift"], prefix="shift"),
        "absence": AbsenceForm(sent["absence"], agent=agent, principal=principal),
    }


def _save(principal: Principal, agent: Agent, what: str, form: Any) -> bool:
    data, by = form.cleaned_data, principal.actor
    if what == "state":
        set_state(agent, state=data["state"], until=data["until"], by=by)
    elif what == "hours":
        set_hours(agent, weekly=form.weekly(), calendar=data["calendar"], by=by)
    elif what == "shift":
        try:
            wanted = {name: data[name] for name in ("starts_on", "ends_on", "every")}
            add_shift(agent, **wanted, weekly=form.weekly(), by=by)
        except WrongShift as fault:
            form.add_error(fault.field, _why_no_shift(fault))
            return False
    else:
        try:
            add_absence(agent, **data, by=by)
        except WrongAbsence as fault:
            form.add_error(fault.field, _why(fault))
            return False
    return True


def _why_no_shift(fault: WrongShift) -> str:
    return {
        "ends_on": _("The last day comes before the first."),
        "starts_on": _("There are as many shifts as there can be. Remove one that is no longer needed."),
    }.get(fault.field, _("This value is not possible here."))


def _why(fault: WrongAbsence) -> str:
    return {
        "ends_on": _("The last day comes before the first, or more than a year after it."),
        "starts_on": _("There is another absence on some of these days."),
        "substitute": _("Somebody else, please, who is there on these days."),
    }.get(fault.field, _("This value is not possible here."))


def _page(
    request: HttpRequest, principal: Principal, agent: Agent, forms: dict[str, Any], code: int
) -> HttpResponse:  # fmt: skip
    coming = agent.absences.filter(ends_on__gte=clock.now().date()).select_related("substitute__user")
    row = Attendance.objects.filter(agent=agent).first()
    turns = dict(TURNS)
    shifts = [(one, turns[one.every], days_in_words(one.weekly)) for one in shifts_in(row.shifts if row else [])]
    context = {
        "shifts": shifts, "agent": agent, "is_own": agent == principal.agent, "standing": standings([agent])[agent.pk],
        "absences": coming.order_by("starts_on"), "forms": forms,
    }  # fmt: skip
    return render(request, "setup/attendance.html", context, status=code)
