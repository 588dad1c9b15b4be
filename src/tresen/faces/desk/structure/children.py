"""One cause, many tickets: the children of a ticket, answered or closed at once."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tresen.core.people.permissions import require
from tresen.core.tickets.choices import ACTIVE
from tresen.core.tickets.custom_fields import unfinished
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.relating import act_on_children, children_of
from tresen.core.tickets.services import default_recipients
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.structure.telling import tell_done
from tresen.faces.desk.ticket.reading import find_ticket
from tresen.faces.desk.ticket.writing import clean_text

MAX_TEXT = 200_000
MOST = 1000
MOST_TOLD = 20


@staff_page
@require_http_methods(["GET", "POST"])
def children(request: StaffRequest, number: str) -> HttpResponseBase:
    """`/desk/tickets/<number>/children/`: which of them (`child`), a text for all (`text`), what they become
    (`status`). Nothing leaves before a second look (`sure`), which says to whom."""
    parent = find_ticket(request.principal, number)
    if request.method == "GET":
        require(request.principal, "ticket.see", parent)
    else:
        require(request.principal, "ticket.reply" if request.POST.get("text", "").strip() else "ticket.change", parent)
    listed = list(children_of(parent, request.principal).select_related("status", "requester", "brand")[:MOST])
    if not listed:
        raise Http404
    if request.method == "GET":
        return _page(request, parent, listed, {row.number for row in listed if row.status_category in ACTIVE})
    wanted = set(request.POST.getlist("child"))
    chosen = [row for row in listed if row.number in wanted]
    text = clean_text(request.POST.get("text", ""))
    status = Status.objects.active().filter(slug=request.POST.get("status", "")[:40].replace("\0", "")).first()
    if problem := _problem(chosen, text, status):
        return _page(request, parent, listed, wanted, problem=problem, status=422)
    if not request.POST.get("sure"):
        return _page(request, parent, listed, wanted, look=chosen, then=status)
    return _act(request, parent, chosen, text, status)


def _problem(chosen: list[Ticket], text: str, status: Status | None) -> str:
    if not chosen:
        return _("Choose at least one ticket.")
    if not text and status is None:
        return _("Write an answer, or choose what they become.")
    if len(text) > MAX_TEXT:
        return _("The text is too long; at most %(n)d characters.") % {"n": MAX_TEXT}
    if lacking := unfinished(chosen, status) if status else []:
        told = [
            _("%(number)s: %(field)s") % {"number": row.shown_number, "field": field.name} for row, field in lacking
        ]
        return _("To be filled in first: %(fields)s") % {"fields": "; ".join(told[:MOST_TOLD])}
    return ""


def _act(
    request: StaffRequest, parent: Ticket, chosen: list[Ticket], text: str, status: Status | None
) -> HttpResponseBase:
    agent = request.principal.agent
    if agent is None:
        raise Http404
    done = act_on_children(
        [row.pk for row in chosen], principal=request.principal, by=request.principal.actor, agent=agent, text=text,
        status=status.slug if status else "",
    )  # fmt: skip
    n = len(chosen)
    if text:
        said = ngettext("%(n)s ticket is being answered.", "%(n)s tickets are being answered.", n) % {"n": n}
    else:
        said = ngettext("%(n)s ticket changed.", "%(n)s tickets changed.", n) % {"n": n}
    tell_done(request, said, done)
    return HttpResponseRedirect(reverse("desk:ticket", args=[parent.number]))


def _page(
    request: StaffRequest, parent: Ticket, listed: list[Ticket], wanted: set[str], *, status: int = 200, **more: Any
) -> HttpResponse:
    look = more.pop("look", None)
    context: dict[str, Any] = {
        "ticket": parent, "rows": [(row, row.number in wanted) for row in listed],
        "text": clean_text(request.POST.get("text", "")), "status": request.POST.get("status", ""),
        "statuses": Status.objects.active(),
        "look": [(row, default_recipients(row)) for row in look] if look is not None else None, **more,
    }  # fmt: skip
    return render(request, "desk/structure/children.html", context, status=status)
