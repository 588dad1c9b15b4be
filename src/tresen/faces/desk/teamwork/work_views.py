"""What is to be done on a ticket, and the time spent on it."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tresen.core.people.permissions import require
from tresen.core.teamwork import checklist, times
from tresen.core.teamwork.models import MOST_MINUTES, ChecklistItem, ChecklistTemplate, TimeEntry
from tresen.core.teamwork.templates import use_template
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.staged import number_in
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.ticket import answers
from tresen.faces.desk.ticket.answers import answer
from tresen.faces.desk.ticket.fields import Refusal
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.kit.pages import page_or_fragment

SHOWN = (answers.CONTEXT, answers.TAIL)


@staff_page
@require_http_methods(["GET", "POST"])
def checklist_add(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/checklist/`: the kept checklists to choose from, as a part or a page; POST adds steps:
    those of `template`, or each line of `items`."""
    found = find_ticket(request.principal, number)
    kept = ChecklistTemplate.objects.visible_to(request.principal).active()
    if request.method == "GET":
        context = {"ticket": found, "templates": kept}
        return page_or_fragment(request, "desk/teamwork/templates_page.html", "desk/teamwork/templates.html", context)
    require(request.principal, "ticket.change", found)
    typed = request.POST.get("items", "")[:20_000]
    key = number_in(request.POST.get("template", ""))
    chosen = kept.filter(pk=key).first() if key else None
    try:
        if chosen:
            use_template(chosen, found, by=request.principal.actor)
        else:
            checklist.add_items(found, typed.splitlines(), by=request.principal.actor)
    except checklist.TooManyItems:
        text = _("A checklist has at most 50 steps.")
        refusal = Refusal("checklist", _("Checklist"), text, typed)
        return answer(request, number, answers.HEAD, *SHOWN, refusal=refusal, status=422)
    return answer(request, number, *SHOWN, anchor="checklist")


@staff_page
@require_POST
def checklist_item(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Does something with a step: `what` is done, opened, up, down, remove or change (to `text`)."""
    visible = Ticket.objects.visible_to(request.principal)
    item = ChecklistItem.objects.select_related("ticket").filter(pk=pk, ticket__in=visible).first()
    if item is None or request.principal.agent is None:
        raise Http404
    require(request.principal, "checklist.change", item)
    what, by = request.POST.get("what", ""), request.principal.actor
    if what in ("done", "opened"):
        checklist.tick_item(item, done=what == "done", agent=request.principal.agent, by=by)
    elif what in (checklist.UP, checklist.DOWN):
        checklist.move_item(item, way=what, by=by)
    elif what == "remove":
        checklist.remove_item(item, by=by)
    else:
        checklist.change_item(item, text=request.POST.get("text", ""), by=by)
    return answer(request, item.ticket.number, *SHOWN, anchor="checklist")


@staff_page
@require_http_methods(["GET", "POST"])
def time_spent(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/time/`: the entries, as a part of the page or a page; POST writes down `minutes`."""
    found = find_ticket(request.principal, number)
    if request.method == "GET":
        return _entries(request, found)
    require(request.principal, "ticket.note", found)
    agent, minutes = request.principal.agent, _minutes(request)
    if minutes is None or agent is None:
        refusal = Refusal("time", _("Time spent"), _refused(), request.POST.get("note", "")[:200])
        return answer(request, number, answers.HEAD, *SHOWN, refusal=refusal, status=422)
    note = request.POST.get("note", "")
    times.add_time(found, agent=agent, minutes=minutes, note=note, by=request.principal.actor)
    return answer(request, number, *SHOWN, said=_("The time is written down."), anchor="time-spent")


@staff_page
@require_POST
def time_entry(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Mends or removes (`what=remove`) an own entry."""
    visible = Ticket.objects.visible_to(request.principal)
    entry = TimeEntry.objects.select_related("ticket").filter(pk=pk, ticket__in=visible).first()
    if entry is None:
        raise Http404
    require(request.principal, "time.change", entry)
    number, by = entry.ticket.number, request.principal.actor
    if request.POST.get("what") == "remove":
        times.remove_time(entry, by=by)
        return answer(request, number, *SHOWN, said=_("The entry is gone."), anchor="time-spent")
    minutes = _minutes(request)
    if minutes is None:
        refusal = Refusal("time", _("Time spent"), _refused(), request.POST.get("note", "")[:200])
        return answer(request, number, answers.HEAD, *SHOWN, refusal=refusal, status=422)
    times.change_time(entry, minutes=minutes, note=request.POST.get("note", ""), by=by)
    return answer(request, number, *SHOWN, said=_("The entry is changed."), anchor="time-spent")


def _refused() -> str:
    return _("Write 1 to 1440 minutes.")


def _minutes(request: StaffRequest) -> int | None:
    raw = request.POST.get("minutes", "").strip()
    minutes = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 5 else 0
    return minutes if 1 <= minutes <= MOST_MINUTES else None


def _entries(request: StaffRequest, found: Ticket) -> HttpResponseBase:
    rows = TimeEntry.objects.select_related("agent__user").filter(ticket=found)
    people = rows.order_by().values("agent__user__name").annotate(sum=Sum("minutes")).order_by("-sum")
    context: dict[str, Any] = {
        "ticket": found, "entries": list(rows[:200]), "people": list(people), "me": request.principal.agent,
    }  # fmt: skip
    return page_or_fragment(request, "desk/teamwork/time_page.html", "desk/teamwork/time_entries.html", context)
