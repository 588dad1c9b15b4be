"""Categories: the tree of what tickets are about."""

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
from tresen.core.tickets.categories import (
    WrongPlace,
    categories_for,
    category_values,
    change_category,
    create_category,
    in_tree_order,
)
from tresen.core.tickets.category_models import Category
from tresen.faces.setup.categories.forms import CategoryForm, NewCategoryForm
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.saving import marked
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile


@settings_page("sorting.manage")
@require_safe
def category_list(request: HttpRequest, principal: Principal) -> HttpResponse:
    """The whole tree."""
    return render(request, "setup/categories.html", {"placed": in_tree_order(categories_for(principal))})


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def new_category(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """A new category; `below` names the one above it."""
    if request.method == "GET":
        rows = list(categories_for(principal))
        below = request.GET.get("below", "")
        parent = next((row for row in rows if str(row.pk) == below), None)
        place = max((row.position for row in rows if row.parent_id == (parent and parent.pk)), default=0) + 1
        start = {"parent": parent, "brand": parent.brand if parent else None, "position": min(place, 999)}
        return _page(request, NewCategoryForm(initial=start), None, 200)
    form = NewCategoryForm(request.POST)
    if not form.is_valid():
        return _page(request, form, None, 422)
    data = form.cleaned_data
    try:
        create_category(
            names=form.names(), parent=data["parent"], brand=data["brand"], position=data["position"],
            effort=data["effort"] or 1, team=data["team"], by=principal.actor,
        )  # fmt: skip
    except WrongPlace as fault:
        form.add_error(fault.field, _why(fault))
        return _page(request, form, None, 422)
    return _saved(request)


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def category(request: HttpRequest, principal: Principal, category_id: int) -> HttpResponseBase:
    """One category."""
    found: Category = found_or_404(categories_for(principal), category_id)
    if request.method == "GET":
        initial = {**marked(category_values(found)), **_names(found.names)}
        return _page(request, CategoryForm(initial=initial, but=found), found, 200)
    form = CategoryForm(request.POST, but=found)
    if not form.is_valid():
        return _page(request, form, found, 422)
    wanted = {field: form.cleaned_data[field] for field in ("position", "parent", "brand", "team", "is_active")}
    wanted["effort"] = form.cleaned_data["effort"] or 1
    wanted["names"] = {**found.names, **form.names()}
    try:
        change_category(found, set=wanted, by=principal.actor, expected=form.expected)
    except ChangedMeanwhile as fault:
        form.show_conflict({**fault.fields, **_names(fault.fields["names"])})
        cast(QueryDict, form.data)["mark"] = marked(fault.fields)["mark"]
        return _page(request, form, found, 409)
    except WrongPlace as fault:
        form.add_error(fault.field, _why(fault))
        return _page(request, form, found, 422)
    except InUse:
        form.add_error("is_active", _("What stands above it is not in use. Put that to use first."))
        return _page(request, form, found, 422)
    return _saved(request)


def _why(fault: WrongPlace) -> str:
    if fault.field == "brand":
        return _("The brand is that of the whole tree. Set it at its top.")
    return _("It cannot stand there: a tree has at most four levels, and nothing stands below itself.")


def _names(names: dict[str, str]) -> dict[str, str]:
    return {f"name_{code}": names.get(code, "") for code, _label in LANGUAGES}


def _saved(request: HttpRequest) -> HttpResponse:
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("setup:categories"))


def _page(request: HttpRequest, form: CategoryForm, found: Category | None, code: int) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "category": found}
    return render(request, "setup/category.html", context, status=code)
