"""Saved views: made, changed, copied, deleted and brought back; the order of the column; the look of built-in views."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tresen.core.people.permissions import can, require
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.lists.column import column_of
from tresen.faces.desk.lists.pane import Source, views_context
from tresen.faces.desk.lists.table import FIRST, View
from tresen.faces.desk.saved_views.forms import LookForm, ViewForm, initial_of, look_of, own_choices
from tresen.kit import notices
from tresen.service.views.choices import DEFAULT_COLUMNS, ICON_NAMES, Audience, Sort, own_slug
from tresen.service.views.models import PREFIX, SavedView
from tresen.service.views.services import (
    StaleView,
    WrongView,
    choose_look,
    choose_places,
    create_view,
    delete_view,
    restore_view,
    update_view,
)

DELETED = "deleted_view"


@staff_page
@require_safe
def all_views(request: StaffRequest) -> HttpResponseBase:
    """`/desk/views/`: every view of the column, to be put in order, changed, deleted."""
    column, principal = column_of(request), request.principal
    deleted = SavedView.objects.visible_to(principal).deleted().filter(pk=request.session.pop(DELETED, 0)).first()
    context = {
        "built_in": column.built_in, "team_views": column.teams,
        "saved": [(view, can(principal, "view.change", view.saved)) for view in column.saved], "deleted": deleted,
    }  # fmt: skip
    return render(request, "desk/saved_views/all.html", {**views_context(request, None), **context})


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponseBase:
    """`/desk/views/new/?q=`: a new view, perhaps out of a search."""
    require(request.principal, "view.create")
    if request.method != "POST":
        line = request.GET.get("q", "").replace("\0", "").strip()[:500]
        initial = {"query": line, "audience": Audience.PRIVATE.value, "icon": ICON_NAMES[0],
                   "sort": Sort.DUE.value, "columns": DEFAULT_COLUMNS}  # fmt: skip
        return _form_page(request, _form(request, initial=initial))
    form = _form(request, request.POST)
    if form.is_valid():
        try:
            made = create_view(by=request.principal.actor, principal=request.principal, set=form.wanted())
        except WrongView as wrong:
            form.add_error(wrong.field, wrong.detail or _("This value is not possible here."))
        else:
            notices.tell(request, _("Saved."))
            return HttpResponseRedirect(reverse("desk:view", args=[made.slug]))
    return _form_page(request, form, status=422)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, slug: str) -> HttpResponseBase:
    """`/desk/views/<slug>/edit/`: a saved view; of a built-in one or a team's only how it looks for oneself."""
    if not slug.startswith(PREFIX):
        return _look(request, slug)
    found = _saved(request, slug)
    require(request.principal, "view.change", found)
    if request.method != "POST":
        initial = initial_of(found) | _asked_sort(request)
        return _form_page(request, _form(request, initial=initial, saved=found), found)
    form = _form(request, request.POST, saved=found)
    if not form.is_valid():
        return _form_page(request, form, found, status=422)
    try:
        version = form.cleaned_data["version"]
        update_view(found, by=request.principal.actor, principal=request.principal, set=form.wanted(),
                    expected_version=version)  # fmt: skip
    except WrongView as wrong:
        form.add_error(wrong.field, wrong.detail or _("This value is not possible here."))
        return _form_page(request, form, found, status=422)
    except StaleView as stale:
        data = request.POST.copy()
        data["version"] = str(stale.view.version)
        form = _form(request, data, saved=found)
        return _form_page(request, form, found, status=409, theirs=stale.view)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("desk:view", args=[slug]))


def _form(
    request: StaffRequest, data: QueryDict | None = None, *, saved: SavedView | None = None, **more: Any
) -> ViewForm:
    columns, sort = (saved.columns, saved.sort) if saved else ([], "")
    own = own_choices(request.principal, columns, sort)
    return ViewForm(data, principal=request.principal, own=own, **more)


def _asked_sort(request: StaffRequest) -> dict[str, str]:
    """The order in which the list was shown stands in the form; it is kept when that is sent."""
    asked = request.GET.get("sort", "")
    return {"sort": asked} if asked in Sort.values or own_slug(asked) else {}


def _look(request: StaffRequest, slug: str) -> HttpResponseBase:
    view, agent = _find(request, slug), request.principal.agent
    assert agent is not None
    initial, own = look_of(view) | _asked_sort(request), own_choices(request.principal, view.columns, view.sort)
    form = LookForm(request.POST if request.method == "POST" else None, initial=initial, own=own)
    if request.method != "POST":
        return _form_page(request, form, view=view)
    if not form.is_valid():
        return _form_page(request, form, view=view, status=422)
    data = form.cleaned_data
    if "reset" in request.POST:
        data = {"sort": "", "grouping": "", "columns": DEFAULT_COLUMNS}
    choose_look(agent, view.slug, sort=data["sort"], grouping=data["grouping"], columns=data["columns"])
    return HttpResponseRedirect(Source(view).url)


@staff_page
@require_POST
def copy(request: StaffRequest, slug: str) -> HttpResponseBase:
    """`/desk/views/<slug>/copy/`: the same for oneself, to be changed."""
    found = _saved(request, slug)
    require(request.principal, "view.create")
    wanted: dict[str, Any] = {name: getattr(found, name) for name in ("query", "sort", "grouping", "columns", "icon")}
    name = _("%(name)s (copy)") % {"name": found.name[:45]}
    try:
        made = create_view(by=request.principal.actor, principal=request.principal, set={**wanted, "name": name})
    except WrongView as wrong:
        notices.tell(request, wrong.detail or _("This view cannot be copied."), "bad")
        return HttpResponseRedirect(reverse("desk:views"))
    return HttpResponseRedirect(reverse("desk:view-edit", args=[made.slug]))


@staff_page
@require_POST
def delete(request: StaffRequest, slug: str) -> HttpResponseBase:
    """`/desk/views/<slug>/delete/`: gone at once; the page that follows offers to bring it back."""
    found = _saved(request, slug)
    require(request.principal, "view.change", found)
    delete_view(found, by=request.principal.actor)
    request.session[DELETED] = found.pk
    return HttpResponseRedirect(reverse("desk:views"))


@staff_page
@require_POST
def restore(request: StaffRequest, slug: str) -> HttpResponseBase:
    """`/desk/views/<slug>/restore/`: a deleted view is there again."""
    found = SavedView.objects.visible_to(request.principal).deleted().filter(pk=_key(slug)).first()
    if found is None or not can(request.principal, "view.change", found):
        raise Http404
    restore_view(found, by=request.principal.actor)
    notices.tell(request, _("“%(name)s” is there again.") % {"name": found.name})
    return HttpResponseRedirect(reverse("desk:views"))


@staff_page
@require_POST
def order(request: StaffRequest) -> HttpResponseBase:
    """`/desk/views/order/`: one view goes `up` or `down` within its part of the column, or all stand as `slug` says."""
    column, agent = column_of(request), request.principal.agent
    assert agent is not None
    parts = [[view.slug for view in views] for views in (column.built_in, column.saved)]
    whole = request.POST.getlist("slug")
    for part in parts:
        if whole:
            part.sort(key=lambda slug: whole.index(slug) if slug in whole else len(whole))
        for way, step in (("up", -1), ("down", 1)):
            moved = request.POST.get(way)
            if moved in part and 0 <= part.index(moved) + step < len(part):
                at = part.index(moved)
                part.insert(at + step, part.pop(at))
    choose_places(agent, [slug for part in parts for slug in part])
    return HttpResponseRedirect(reverse("desk:views"))


def _key(slug: str) -> int:
    key = slug.removeprefix(PREFIX)
    if not slug.startswith(PREFIX) or not key.isascii() or not key.isdigit() or len(key) > 15:
        raise Http404
    return int(key)


def _saved(request: StaffRequest, slug: str) -> SavedView:
    views = SavedView.objects.visible_to(request.principal).kept().select_related("team")
    found = views.filter(pk=_key(slug)).first()
    if found is None:
        raise Http404
    return found


def _find(request: StaffRequest, slug: str) -> View:
    found = column_of(request).find(slug)
    if found is None:
        raise Http404
    return found


def _form_page(
    request: StaffRequest, form: LookForm, saved: SavedView | None = None, *, view: View | None = None,
    status: int = 200, **more: Any,
) -> HttpResponseBase:  # fmt: skip
    back = Source(view).url if view else reverse("desk:view", args=[saved.slug]) if saved else reverse("desk:views")
    context = {"form": form, "saved": saved, "view": view, "back": back, "first": Source(FIRST).url, **more}
    return render(request, "desk/saved_views/edit.html", context, status=status)
