"""Kept checklists: steps that are put on tickets again and again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tresen.core.people.principals import Principal
from tresen.core.teamwork.models import ChecklistTemplate
from tresen.core.teamwork.templates import change_template, create_template, template_values
from tresen.faces.setup.checklists.forms import ChecklistForm
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.saving import marked
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile


@settings_page("sorting.manage")
@require_safe
def checklists(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All of them."""
    return render(request, "setup/checklists.html", {"checklists": ChecklistTemplate.objects.visible_to(principal)})


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def new_checklist(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new one."""
    form = ChecklistForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, None, 422 if form.errors else 200)
    wanted = form.wanted()
    create_template(name=wanted["name"], steps=wanted["steps"], by=principal.actor)
    return _back(request)


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def checklist(request: HttpRequest, principal: Principal, checklist_id: int) -> HttpResponseBase:
    """One of them."""
    found: ChecklistTemplate = found_or_404(ChecklistTemplate.objects.visible_to(principal), checklist_id)
    values = template_values(found)
    if request.method != "POST":
        initial = {**marked(values), "steps": "\n".join(found.steps)}
        return _page(request, ChecklistForm(initial=initial), found, 200)
    form = ChecklistForm(request.POST)
    if not form.is_valid():
        return _page(request, form, found, 422)
    try:
        change_template(found, set=form.wanted(), by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as fault:
        form.show_conflict(fault.fields)
        return _page(request, form, found, 409)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:checklists"))


def _page(request: HttpRequest, form: ChecklistForm, found: ChecklistTemplate | None, code: int) -> HttpResponse:
    return render(request, "setup/checklist.html", {"form": form, "checklist": found}, status=code)
