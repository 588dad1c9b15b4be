"""Many tickets become one: which remains, who could then read what, and off it goes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tresen.core.people.permissions import require
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.staged import numbers_in
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.bulk.selection import Selection, read_selection
from tresen.faces.desk.bulk.telling import back_from, nothing_selected
from tresen.faces.desk.operations.reading import left_words
from tresen.faces.desk.operations.views import WHY_NOT as WHY_NO_UNDO
from tresen.kit import notices
from tresen.service.bulk.merging import MOST_MERGED, MergePlan, MergeWish, part_all, plan_merge
from tresen.service.bulk.models import BulkChange
from tresen.service.bulk.services import begin
from tresen.service.search.query import QueryError


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: StaffRequest) -> HttpResponseBase:
    """`/desk/bulk/merge/`: which of the selected remains (`into`), what would happen, and off it goes (`step=run`). Who
    would read what they could not is confirmed by their keys in `sure`."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:start"))
    require(request.principal, "bulk.begin")
    selection = read_selection(request)
    if selection.is_empty:
        return nothing_selected(request, selection)
    try:
        plan = plan_merge(selection.tickets(request), principal=request.principal)
    except QueryError as wrong:
        notices.tell(request, str(wrong), "bad")
        return HttpResponseRedirect(back_from(selection))
    if len(plan.tickets) < 2:
        return _cannot(request, selection, plan)
    if request.POST.get("step") != "run":
        return _page(request, selection, plan)
    target = next((one for one in plan.tickets if one.number == request.POST.get("into")), None)
    sure = numbers_in(request.POST.get("sure", ""))
    if target is None or not set(plan.exposed_keys) <= sure:
        return _page(request, selection, plan, asks=target is not None, status=409)
    wish = MergeWish(target, tuple(plan.exposed_keys))
    keys = [one.pk for one in plan.tickets if one.pk != target.pk]
    made = begin(wish, Ticket.objects.visible_to(request.principal).filter(pk__in=keys), principal=request.principal)
    return HttpResponseRedirect(reverse("desk:bulk-change", args=[made.pk]))


def _cannot(request: StaffRequest, selection: Selection, plan: MergePlan) -> HttpResponseBase:
    said = _("Select at least two tickets that you may change.")
    if plan.too_many:
        said = _("At most %(n)s tickets can be merged at once.") % {"n": MOST_MERGED}
    notices.tell(request, said, "warn")
    return HttpResponseRedirect(back_from(selection))


def _page(
    request: StaffRequest, selection: Selection, plan: MergePlan, *, status: int = 200, **more: Any
) -> HttpResponseBase:
    into = request.POST.get("into") or plan.tickets[0].number
    context = {"selection": selection, "back": back_from(selection), "plan": plan, "into": into, **more}
    return render(request, "desk/bulk/merge.html", context, status=status)


def part(request: StaffRequest, change: BulkChange) -> HttpResponseBase:
    """Takes all merges of the change back, as far as it goes, and says what had to stay."""
    done = part_all(change, principal=request.principal)
    said = ngettext("%(n)s ticket was parted again.", "%(n)s tickets were parted again.", done.parted) % {
        "n": done.parted
    }
    why = [str(WHY_NO_UNDO[reason]) for reason in dict.fromkeys(done.refused)]
    going_on = [_("It is being taken back, ticket by ticket.")] if done.more else []
    tone = "warn" if done.left or why else "ok"
    notices.tell(request, " ".join([said, *going_on, *left_words(done.left), *why]), tone)
    return HttpResponseRedirect(reverse("desk:bulk-change", args=[change.pk]))
