"""What came of surveys: figures, charts with their tables, the words, and all of it as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tresen.core.people.permissions import can
from tresen.core.people.principals import principal_of
from tresen.core.tickets.models import Ticket
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.satisfaction import drawing
from tresen.faces.desk.satisfaction.forms import ResultsForm
from tresen.kit.sheets import csv_lines
from tresen.service.surveys.models import Asked
from tresen.service.surveys.results import Line, by_agents, results, rows_for, said

HEAD = ("ticket", "subject", "brand", "team", "category", "level", "agent", "scale", "rating", "words", "asked_at",
        "rated_at")  # fmt: skip


def _may(request: HttpRequest) -> bool:
    return can(principal_of(request), "ratings.see")


AREA: dict[str, Any] = {
    "label": gettext_lazy("Satisfaction"), "url": "desk:satisfaction", "icon": "chart", "shown": _may,
}  # fmt: skip


@staff_page
@require_safe
def satisfaction(request: StaffRequest) -> HttpResponseBase:
    """`/desk/satisfaction/`: the figures of a time."""
    principal = request.principal
    if not can(principal, "ratings.see"):
        raise Http404
    form = ResultsForm(request.GET, principal=principal)
    form.is_valid()
    wanted = form.wanted()
    found = results(principal, wanted)
    spread, course = drawing.spread(found), drawing.course(found)
    words = said(principal, wanted, found.scale)
    seen = set(Ticket.objects.visible_to(principal).filter(pk__in=[row.ticket_id for row in words]).values_list(
        "pk", flat=True))  # fmt: skip
    context = {
        "form": form, "results": found, "whole": drawing.row(found.scale, Line("", found.whole)),
        "main_name": drawing.name_of(found.scale), "spread": spread, "spread_width": drawing.width(spread),
        "course": course, "course_width": drawing.width(course), "height": drawing.HEIGHT, "tall": drawing.HEIGHT + 40,
        "divisions": drawing.divisions(found), "words": words, "seen": seen, "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "desk/satisfaction/page.html", context, status=422 if form.errors else 200)


@staff_page
@require_safe
def download(request: StaffRequest) -> HttpResponseBase:
    """The same people as a file for spreadsheets: a line each, with what was said. Words of tickets that one does not
    see are left out, and so is whose they are where one may not see that."""
    principal = request.principal
    if not can(principal, "ratings.see"):
        raise Http404
    form = ResultsForm(request.GET, principal=principal)
    form.is_valid()
    rows = rows_for(principal, form.wanted())
    seen = Ticket.objects.visible_to(principal).filter(pk__in=rows.values("ticket")).values_list("pk", flat=True)
    named = set(by_agents(rows, principal).values_list("pk", flat=True))
    found = rows.select_related("ticket__brand", "team", "category", "agent__user").order_by("asked_at", "pk")
    lines = csv_lines(HEAD, _lines(found.iterator(chunk_size=500), set(seen), named))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="ratings-{timezone.localdate()}.csv"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _lines(rows: Iterator[Asked], seen: set[int], named: set[int]) -> Iterator[tuple[object, ...]]:
    for row in rows:
        ticket, is_seen = row.ticket, row.ticket_id in seen
        yield (
            ticket.number, ticket.subject if is_seen else "", ticket.brand.name, row.team.name if row.team else "",
            row.category.trail if row.category else "", row.level,
            row.agent.user.name if row.agent and row.pk in named else "", row.scale, row.rating,
            row.words if is_seen else "", _at(row.asked_at), _at(row.rated_at),
        )  # fmt: skip


def _at(at: Any) -> str:
    return at.isoformat(timespec="seconds") if at else ""
