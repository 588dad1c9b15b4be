"""Custom fields: what the desk wants to know of its tickets."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tresen.core.people.models import Brand, Team
from tresen.core.people.principals import Principal
from tresen.core.tickets.choices import TicketType
from tresen.core.tickets.custom_fields import (
    FieldRefused,
    change_field,
    create_field,
    field_values_for_mark,
    fields_for,
)
from tresen.core.tickets.field_models import CustomField
from tresen.faces.setup.custom_fields.forms import FieldForm, NewFieldForm, shown
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.saving import marked
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile


@settings_page("sorting.manage")
@require_safe
def field_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """All fields in their order."""
    teams = dict(Team.objects.visible_to(principal).values_list("pk", "name"))
    brands = dict(Brand.objects.visible_to(principal).values_list("pk", "name"))
    rows = []
    for field in fields_for(principal):
        types = [str(TicketType(one).label) for one in field.types if one in TicketType.values]
        named = [
            *types,
            *(teams[k] for k in field.teams if k in teams),
            *(brands[k] for k in field.brands if k in brands),
        ]
        rows.append((field, ", ".join(named)))
    return render(request, "setup/custom_fields.html", {"rows": rows})


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def new_field(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new field."""
    if request.method == "GET":
        place = max((field.position for field in fields_for(principal)), default=0) + 1
        return _page(request, NewFieldForm(initial={"position": min(place, 999)}), None, 200)
    form = NewFieldForm(request.POST)
    if not form.is_valid():
        return _page(request, form, None, 422)
    try:
        create_field(kind=form.cleaned_data["kind"], by=principal.actor, **form.wanted())
    except FieldRefused as fault:
        _refuse(form, fault)
        return _page(request, form, None, 422)
    return _saved(request)


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, principal: Principal, field_id: int) -> HttpResponseBase:
    """One field."""
    found: CustomField = found_or_404(fields_for(principal), field_id)
    if request.method == "GET":
        values = field_values_for_mark(found)
        return _page(request, FieldForm(initial={**marked(values), **shown(values, found)}, field=found), found, 200)
    form = FieldForm(request.POST, field=found)
    if not form.is_valid():
        return _page(request, form, found, 422)
    try:
        change_field(found, set=form.wanted(), by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as fault:
        form.show_conflict(shown(fault.fields, found))
        cast(QueryDict, form.data)["mark"] = marked(fault.fields)["mark"]
        return _page(request, form, found, 409)
    except FieldRefused as fault:
        _refuse(form, fault)
        return _page(request, form, found, 422)
    return _saved(request)


def _refuse(form: FieldForm, fault: FieldRefused) -> None:
    if fault.field == "default":
        form.add_error("default", _("That value is not possible."))
    elif fault.field == "choices":
        form.add_error(None, _("Name at least one choice, and none twice; a field has at most a hundred."))
    else:
        form.add_error("name_en", _("A field needs a name, and a desk has at most a hundred fields."))


def _saved(request: HttpRequest) -> HttpResponse:
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:custom-fields"))


def _page(request: HttpRequest, form: FieldForm, found: CustomField | None, code: int) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "field": found}
    return render(request, "setup/custom_field.html", context, status=code)
