"""Procedures: guided diagnoses, a category each, and how they do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tresen.core.people.principals import Principal
from tresen.core.people.refusals import NameTaken
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.procedures.forms import ProcedureForm, StepRows
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile, fingerprint
from tresen.service.procedures.figures import figures_of
from tresen.service.procedures.models import Procedure
from tresen.service.procedures.services import (
    change_procedure,
    create_procedure,
    newest_version,
    procedure_values,
    success_of,
    with_success,
)
from tresen.service.procedures.steps import WrongSteps


@settings_page("sorting.manage")
@require_safe
def procedure_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All of them, with how often they were begun, finished, and led to a solution."""
    rows = with_success(Procedure.objects.visible_to(principal)).select_related("category").order_by("name")
    return render(request, "setup/procedures.html", {"procedures": rows})


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def new_procedure(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new one."""
    if request.method == "GET":
        return _page(request, ProcedureForm(principal=principal), StepRows.of([]), None, 200)
    return _save(request, principal, None)


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def procedure(request: HttpRequest, principal: Principal, procedure_id: int) -> HttpResponseBase:
    """One of them."""
    found: Procedure = found_or_404(Procedure.objects.visible_to(principal), procedure_id)
    if request.method == "POST":
        return _save(request, principal, found)
    values = procedure_values(found)
    names = {f"name_{code}": name for code, name in found.names.items()}
    initial = {**values, **names, "category": str(found.category_id), "mark": fingerprint(values)}
    form = ProcedureForm(initial=initial, principal=principal, now=found)
    return _page(request, form, StepRows.of(values["steps"]), found, 200)


def _save(request: HttpRequest, principal: Principal, found: Procedure | None) -> HttpResponseBase:
    form, rows = ProcedureForm(request.POST, principal=principal, now=found), StepRows.typed(request.POST)
    if "more" in request.POST:
        return _page(request, form, rows, found, 200)
    if not form.is_valid():
        return _page(request, form, rows, found, 422)
    wanted: dict[str, Any] = {**form.wanted(), "steps": rows.steps()}
    try:
        if found is None:
            create_procedure(**wanted, by=principal.actor)
        else:
            change_procedure(found, set=wanted, by=principal.actor, expected=form.expected)
    except WrongSteps as fault:
        rows.show(fault)
        return _page(request, form, rows, found, 422)
    except NameTaken:
        form.add_error(None, _("The name is taken, or the category has a procedure already."))
        return _page(request, form, rows, found, 422)
    except ChangedMeanwhile as fault:
        form.show_conflict(fault.fields)
        return _page(request, form, rows, found, 409)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:procedures"))


def _page(
    request: HttpRequest, form: ProcedureForm, rows: StepRows, found: Procedure | None, code: int
) -> HttpResponse:
    version = newest_version(found) if found else None
    context: dict[str, Any] = {"form": form, "steps": rows, "procedure": found, "version": version}
    if found:
        context |= {"measured": success_of(found), "figures": figures_of(found)}
    return render(request, "setup/procedure.html", context, status=code)
