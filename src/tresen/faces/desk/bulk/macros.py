"""A macro on many tickets: choose it, see what would happen, and off it goes."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.people.permissions import require
from tresen.core.tickets.staged import lines_of, number_in
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.bulk.selection import Selection, read_selection
from tresen.faces.desk.bulk.telling import back_from, nothing_selected, too_many
from tresen.faces.desk.texts.staging import staged_changes
from tresen.kit import notices
from tresen.service.bulk.services import MOST_BYTES, TooManyBytes, TooManyTickets, begin, preview
from tresen.service.search.query import QueryError
from tresen.service.texts.filling import text_on
from tresen.service.texts.many import MacroWish
from tresen.service.texts.models import Macro


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def macros(request: StaffRequest) -> HttpResponseBase:
    """`/desk/bulk/macro/`: which macro (first), what would happen (`step=preview`), and off it goes (`step=run`).
    `with_text`: its text is sent, or written as a note, on each."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:start"))
    require(request.principal, "bulk.begin")
    selection, step = read_selection(request), request.POST.get("step", "")
    if selection.is_empty:
        return nothing_selected(request, selection)
    if step not in ("preview", "run"):
        return _choose(request, selection)
    key = number_in(request.POST.get("macro", ""))
    macro = Macro.objects.visible_to(request.principal).active().filter(pk=key).first() if key else None
    if macro is None:
        return _choose(request, selection, problem=_("Choose a macro."), status=422)
    wish = MacroWish(macro, request.principal, with_text=bool(macro.texts) and bool(request.POST.get("with_text")))
    if wish.is_empty:
        said = _("Without its text this macro changes nothing.")
        return _choose(request, selection, problem=said, status=422)
    return _look(request, selection, wish, runs=step == "run")


def _look(request: StaffRequest, selection: Selection, wish: MacroWish, *, runs: bool) -> HttpResponseBase:
    try:
        tickets = selection.tickets(request)
        chosen = None if selection.is_all else len(selection.numbers)
        seen = preview(wish, tickets, principal=request.principal, chosen=chosen)
        if runs and request.POST.get("total") == str(seen.total) and seen.changed:
            made = begin(wish, tickets, principal=request.principal)
            return HttpResponseRedirect(reverse("desk:bulk-change", args=[made.pk]))
    except TooManyTickets:
        return _choose(request, selection, problem=too_many(), status=422)
    except TooManyBytes:
        most = {"most": filesizeformat(MOST_BYTES)}
        said = _("The files of this macro would take more than %(most)s on so many tickets. Choose fewer.") % most
        return _choose(request, selection, problem=said, status=422)
    except QueryError as wrong:
        notices.tell(request, str(wrong), "bad")
        return HttpResponseRedirect(back_from(selection))
    first = tickets.filter(merged_into=None).select_related("brand", "requester", "organisation", "team").first()
    text = text_on(wish.macro, first, request.principal.agent)[0] if wish.with_text and first else ""
    context = {
        "selection": selection, "back": back_from(selection), "wish": wish, "preview": seen, "moved": runs,
        "changes": _words(wish.macro, request), "text": text, "first": first,
    }  # fmt: skip
    return render(request, "desk/bulk/macro_preview.html", context, status=409 if runs else 200)


def _words(macro: Macro, request: StaffRequest) -> list[str]:
    return [one.label for one in staged_changes(lines_of(macro.changes), request.principal)]


def _choose(request: StaffRequest, selection: Selection, *, status: int = 200, **more: Any) -> HttpResponseBase:
    rows = Macro.objects.visible_to(request.principal).active().most_used_first()
    chosen = number_in(request.POST.get("macro", ""))
    context = {
        "selection": selection, "back": back_from(selection), "many": len(selection.numbers), "chosen": chosen,
        "macros": [(macro, _words(macro, request)) for macro in rows], "with_text": request.POST.get("with_text"),
        **more,
    }  # fmt: skip
    return render(request, "desk/bulk/macro.html", context, status=status)
