"""Statuses: the steps of a ticket's life."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tresen.core.people.models import LANGUAGES
from tresen.core.people.principals import Principal
from tresen.core.people.refusals import InUse
from tresen.core.tickets.models import Status
from tresen.core.tickets.statuses import change_status, create_status, status_values, statuses_for
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.saving import marked
from tresen.faces.setup.statuses.forms import NewStatusForm, StatusForm
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile


@settings_page("sorting.manage")
@require_safe
def status_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All statuses in their order."""
    return render(request, "setup/statuses.html", {"statuses": statuses_for(principal)})


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def new_status(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new status."""
    if request.method == "GET":
        place = max((s.position for s in statuses_for(principal)), default=0) + 1
        return _page(request, NewStatusForm(initial={"position": place}), None, 200)
    form = NewStatusForm(request.POST)
    if not form.is_valid():
        return _page(request, form, None, 422)
    data = form.cleaned_data
    create_status(names=form.names(), category=data["category"], position=data["position"], by=principal.actor)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:statuses"))


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def status(request: HttpRequest, principal: Principal, status_id: int) -> HttpResponseBase:
    """One status."""
    found: Status = found_or_404(statuses_for(principal), status_id)
    if request.method == "GET":
        return _page(request, StatusForm(initial={**marked(status_values(found)), **_names(found.names)}), found, 200)
    form = StatusForm(request.POST)
    if not form.is_valid():
        return _page(request, form, found, 422)
    wanted = {field: form.cleaned_data[field] for field in ("position", "is_default", "is_active")}
    wanted["names"] = {**found.names, **_blank(form.names())}
    try:
        change_status(found, set=wanted, by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as fault:
        form.show_conflict({**fault.fields, **_names(fault.fields["names"])})
        cast(QueryDict, form.data)["mark"] = marked(fault.fields)["mark"]
        return _page(request, form, found, 409)
    except InUse:
        told = _("One status of each category must be in use and stand for it. Choose another one first.")
        form.add_error("is_default" if not wanted["is_default"] else "is_active", told)
        return _page(request, form, found, 422)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:statuses"))


def _names(names: dict[str, str]) -> dict[str, str]:
    return {f"name_{code}": names.get(code, "") for code, _label in LANGUAGES}


def _blank(names: dict[str, str]) -> dict[str, str]:
    """All languages; those left empty are shown in English."""
    return {code: names.get(code, "") for code, _label in LANGUAGES}


def _page(request: HttpRequest, form: StatusForm, found: Status | None, code: int) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "status": found}
    return render(request, "setup/status.html", context, status=code)
