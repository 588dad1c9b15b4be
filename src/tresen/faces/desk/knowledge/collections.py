"""The shelves of the knowledge base: listed, ordered, made, changed."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.knowledge.collections import (
    WrongCollection,
    change_collection,
    collection_values,
    create_collection,
    order_collections,
)
from tresen.core.knowledge.models import Collection
from tresen.core.people.models import LANGUAGES
from tresen.core.people.permissions import can, require
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.knowledge.forms import CollectionForm
from tresen.faces.desk.knowledge.listing import shelves
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile, fingerprint


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def collection_list(request: StaffRequest) -> HttpResponseBase:
    """`/desk/knowledge/collections/`: all of them; a POST puts them into the order of `slug`, or moves `row` one step
    `up` or `down`."""
    if request.method == "POST":
        require(request.principal, "collection.manage")
        order_collections(_wanted_order(request), by=request.principal.actor)
        return HttpResponseRedirect(reverse("desk:collections"))
    counted = Collection.objects.annotate(n=Count("articles", filter=Q(articles__retired_at=None)))
    counts = dict(counted.values_list("pk", "n"))
    brands = {row.pk: list(row.brands.all()) for row in Collection.objects.prefetch_related("brands")}
    rows = [
        {"collection": row, "depth": depth, "n": counts.get(row.pk, 0), "brands": brands.get(row.pk, [])}
        for row, depth in shelves()
    ]
    context = {"rows": rows, "may_arrange": can(request.principal, "collection.manage")}
    return render(request, "desk/knowledge/collections.html", context)


def _wanted_order(request: StaffRequest) -> list[int]:
    rows = [row for row, _depth in shelves()]
    if named := request.POST.getlist("slug"):
        keys = {row.slug: row.pk for row in rows}
        return [keys[slug] for slug in named if slug in keys]
    step = -1 if "up" in request.POST else 1
    slug = request.POST.get("up") or request.POST.get("down") or ""
    moved = next((row for row in rows if row.slug == slug), None)
    if moved is None:
        return [row.pk for row in rows]
    brothers = [row for row in rows if row.parent_id == moved.parent_id]
    at = brothers.index(moved)
    to = min(max(at + step, 0), len(brothers) - 1)
    brothers.insert(to, brothers.pop(at))
    others = [row for row in rows if row.parent_id != moved.parent_id]
    return [row.pk for row in (*brothers, *others)]


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_collection(request: StaffRequest) -> HttpResponseBase:
    """One more."""
    require(request.principal, "collection.manage")
    if request.method != "POST":
        return _page(request, CollectionForm(), None)
    return _save(request, CollectionForm(request.POST), None)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def collection(request: StaffRequest, pk: int) -> HttpResponseBase:
    """One of them."""
    require(request.principal, "collection.manage")
    found = Collection.objects.visible_to(request.principal).filter(pk=pk).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        return _save(request, CollectionForm(request.POST, but=found), found)
    return _page(request, CollectionForm(initial=_initial(found), but=found), found)


def _initial(found: Collection) -> dict[str, Any]:
    values = collection_values(found)
    names = {f"name_{code}": found.names.get(code, "") for code, _name in LANGUAGES}
    said = {f"description_{code}": found.descriptions.get(code, "") for code, _name in LANGUAGES}
    return {**values, **names, **said, "mark": fingerprint(values)}


def _save(request: StaffRequest, form: CollectionForm, found: Collection | None) -> HttpResponseBase:
    if not form.is_valid():
        return _page(request, form, found, status=422)
    wanted = form.wanted()
    try:
        if found is None:
            wanted.pop("is_active")
            create_collection(**wanted, by=request.principal.actor)
        else:
            change_collection(found, set=wanted, by=request.principal.actor, expected=form.cleaned_data["mark"])
    except WrongCollection as fault:
        field = fault.field if fault.field in form.fields else None
        form.add_error(field, _("It cannot stand there: collections are at most two deep."))
        return _page(request, form, found, status=422)
    except ChangedMeanwhile as fault:
        data = request.POST.copy()
        data["mark"] = fingerprint(fault.fields)
        again = CollectionForm(data, but=found)
        again.add_error(None, _("Somebody else has changed this collection meanwhile. Save again to let yours count."))
        return _page(request, again, found, status=409)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("desk:collections"))


def _page(
    request: StaffRequest, form: CollectionForm, found: Collection | None, *, status: int = 200
) -> HttpResponseBase:
    names = [(name, form[f"name_{code}"], form[f"description_{code}"]) for code, name in LANGUAGES]
    context = {"form": form, "collection": found, "names": names}
    return render(request, "desk/knowledge/collection.html", context, status=status)
