"""Priorities: what follows from impact and urgency, brand by brand, and who is a VIP."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.core.people.models import Brand, Organisation
from tresen.core.people.organisations import update_organisation
from tresen.core.people.principals import Principal
from tresen.core.tickets.choices import Impact, Urgency
from tresen.core.tickets.priorities import PriorityTable, VipRule
from tresen.core.tickets.priority_settings import change_table, table_mark, vip_organisations
from tresen.core.tickets.staged import number_in
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.priorities.forms import TableForm, VipForm, in_form
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile, fingerprint

SUGGESTED = 200


@settings_page("sorting.manage")
@require_safe
def priority_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """The tables of all brands in use, and the organisations whose people are VIPs."""
    return _list_page(request, principal, VipForm(principal=principal), 200)


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def priority_table(request: HttpRequest, principal: Principal, brand_id: int) -> HttpResponseBase:
    """The table of one brand."""
    found: Brand = found_or_404(Brand.objects.visible_to(principal), brand_id)
    if request.method == "GET":
        start = {**in_form(PriorityTable.read(found.priorities)), "mark": table_mark(found)}
        return _table_page(request, TableForm(initial=start), found, 200)
    form = TableForm(request.POST)
    if not form.is_valid():
        return _table_page(request, form, found, 422)
    try:
        change_table(found, table=form.table(), by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as fault:
        form.show_conflict(in_form(PriorityTable.read(fault.fields)))
        cast(QueryDict, form.data)["mark"] = fingerprint(fault.fields)
        return _table_page(request, form, found, 409)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:priorities"))


@settings_page("sorting.manage")
@require_POST
def vip_organisation(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """Makes the people of an organisation VIPs, or (`remove`: its key) no longer."""
    if key := request.POST.get("remove", ""):
        found: Organisation = found_or_404(Organisation.objects.visible_to(principal), number_in(key) or 0)
        update_organisation(found, set={"is_vip": False}, by=principal.actor)
        return _back(request)
    form = VipForm(request.POST, principal=principal)
    if not form.is_valid():
        return _list_page(request, principal, form, 422)
    update_organisation(form.cleaned_data["organisation"], set={"is_vip": True}, by=principal.actor)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:priorities"))


def _list_page(request: HttpRequest, principal: Principal, form: VipForm, code: int) -> HttpResponse:
    brands = Brand.objects.visible_to(principal).filter(is_active=True).order_by("-is_default", "name")
    tables = [(brand, PriorityTable.read(brand.priorities)) for brand in brands]
    shown = [
        {"brand": brand, "vip": VipRule(table.vip).label,
         "rows": [(i.label, [(table.of(i, u), u.label) for u in Urgency]) for i in Impact]}
        for brand, table in tables
    ]  # fmt: skip
    names = Organisation.objects.visible_to(principal).order_by("name").values_list("name", flat=True)
    context = {
        "tables": shown, "urgencies": [u.label for u in Urgency], "vips": vip_organisations(), "form": form,
        "organisations": names[:SUGGESTED],
    }  # fmt: skip
    return render(request, "setup/priorities.html", context, status=code)


def _table_page(request: HttpRequest, form: TableForm, found: Brand, code: int) -> HttpResponse:
    context = {"form": form, "brand": found, "urgencies": [u.label for u in Urgency]}
    return render(request, "setup/priority_table.html", context, status=code)
