"""Changing many tickets at once: choose, see what would happen, do it, watch it, take it back."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from tresen.core.people.permissions import can, require
from tresen.core.tickets.field_values import KEY
from tresen.core.tickets.models import Tag, Ticket
from tresen.core.tickets.operations import can_undo
from tresen.faces.desk.access import MERGED, StaffRequest, staff_page
from tresen.faces.desk.bulk.forms import BulkForm
from tresen.faces.desk.bulk.merging import part
from tresen.faces.desk.bulk.selection import Selection, read_selection
from tresen.faces.desk.bulk.telling import back_from, nothing_selected, too_many
from tresen.faces.desk.structure.connect import WHY_NOT
from tresen.faces.desk.ticket.fields import LABELS
from tresen.faces.desk.ticket.refusing import needs
from tresen.kit import notices
from tresen.kit.pages import page_or_fragment
from tresen.service.bulk.merging import can_part
from tresen.service.bulk.models import BulkChange, BulkState
from tresen.service.bulk.services import TooManyTickets, begin, preview, progress_of, refused_of
from tresen.service.search.query import QueryError


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def bulk(request: StaffRequest) -> HttpResponseBase:
    """`/desk/bulk/`: which fields (first), what would happen (`step=preview`), and off it goes (`step=run`).
    Who comes by the address alone has selected nothing."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:start"))
    require(request.principal, "bulk.begin")
    selection, step = read_selection(request), request.POST.get("step", "")
    if selection.is_empty:
        return nothing_selected(request, selection)
    if not step:
        return _page(request, selection, BulkForm(initial=_begun(request), principal=request.principal))
    form = BulkForm(request.POST, principal=request.principal)
    if step == "fields" or not form.is_valid():
        return _page(request, selection, form, status=200 if step == "fields" else 422)
    try:
        tickets, wish = selection.tickets(request), form.wish(make_tags=False)
        chosen = None if selection.is_all else len(selection.numbers)
        seen = preview(wish, tickets, principal=request.principal, chosen=chosen)
        if step == "run" and request.POST.get("total") == str(seen.total) and seen.total:
            made = begin(form.wish(make_tags=True), tickets, principal=request.principal)
            return HttpResponseRedirect(reverse("desk:bulk-change", args=[made.pk]))
    except TooManyTickets:
        form.add_error(None, too_many())
        return _page(request, selection, form, status=422)
    except QueryError as wrong:
        notices.tell(request, str(wrong), "bad")
        return HttpResponseRedirect(back_from(selection))
    moved = step == "run"
    return _page(request, selection, form, preview=seen, moved=moved, told=form.told(), status=409 if moved else 200)


def _begun(request: StaffRequest) -> dict[str, Any]:
    """A quick button of the list chooses the first value for itself."""
    agent = request.principal.agent
    return {"assignee": str(agent.pk)} if request.POST.get("field") == "assignee" and agent else {}


def _page(
    request: StaffRequest, selection: Selection, form: BulkForm, *, status: int = 200, **more: Any
) -> HttpResponseBase:
    context = {
        "selection": selection, "form": form, "back": back_from(selection), "focus": request.POST.get("field", ""),
        "tags": Tag.objects.visible_to(request.principal)[:200], "many": len(selection.numbers), **more,
    }  # fmt: skip
    name = "desk/bulk/preview.html" if "preview" in more else "desk/bulk/choose.html"
    return render(request, name, context, status=status)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/desk/bulk/<id>/`: how far one's change has come, and when it is through, what became of the tickets. POST takes
    merges back (fields go back by their operation)."""
    found = BulkChange.objects.filter(pk=pk, agent=request.principal.agent).select_related("operation").first()
    if found is None:
        raise Http404
    is_merge = found.wanted.get("kind") == "merge"
    if request.method == "POST":
        return part(request, found) if is_merge else HttpResponseRedirect(request.path)
    progress = progress_of(found)
    refused = [] if found.state == BulkState.WORKING else refused_of(found, principal=request.principal)
    if is_merge:
        can_go_back = can_part(found)
    else:
        can_go_back = can_undo(found.operation) and can(request.principal, "operation.undo", found.operation)
    context = {
        "change": found, "progress": progress, "is_working": found.state == BulkState.WORKING, "is_merge": is_merge,
        "can_undo": can_go_back and bool(progress.changed), "is_undone": found.operation.state != "done",
        "refused": [(target.ticket, _why(target.reason)) for target in refused], "into": _into(request, found),
        "more_refused": progress.refused - len(refused), "said": _said(found, progress.changed),
    }  # fmt: skip
    return page_or_fragment(request, "desk/bulk/page.html", "desk/bulk/progress.html", context)


def _into(request: StaffRequest, found: BulkChange) -> Ticket | None:
    """The ticket that a merge leaves, as far as it can be seen."""
    return Ticket.objects.visible_to(request.principal).filter(pk=found.wanted.get("into")).first()


def _said(found: BulkChange, n: int) -> str:
    if found.wanted.get("kind") == "merge":
        return ngettext("%(n)s ticket merged", "%(n)s tickets merged", n) % {"n": n}
    return ngettext("%(n)s ticket changed", "%(n)s tickets changed", n) % {"n": n}


def _why(reason: str) -> str:
    if reason == "rights":
        return _("You may no longer change it.")
    if reason == "merged":
        return str(MERGED)
    if reason == "gone":
        return _("What was to be set is no longer there.")
    if reason == "files":
        return _("A file of the macro is no longer there.")
    if reason == "merge-people-read":
        return _("Somebody joined meanwhile who would read what he could not before.")
    if reason.startswith(KEY):
        return needs(reason)
    if reason.startswith("merge-"):
        return str(WHY_NOT[reason.removeprefix("merge-")])
    return _("“%(field)s” cannot have this value here.") % {"field": LABELS.get(reason, reason)}
