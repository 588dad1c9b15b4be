"""Tags: words on tickets."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tresen.core.people.principals import Principal
from tresen.core.people.refusals import NameTaken
from tresen.core.tickets.tagging import create_tag, delete_tag, merge_tags, rename_tag, tags_for
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.faces.setup.tags.forms import MergeForm, TagForm
from tresen.kit import notices


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def tag_list(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """All tags; POST makes a new one."""
    form = TagForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            create_tag(name=form.cleaned_data["name"], by=principal.actor)
        except NameTaken:
            form.add_error("name", _("There is already a tag with this name."))
        else:
            return _back(request, _("Saved."))
    status = 422 if form.errors else 200
    return render(request, "setup/tags.html", {"tags": tags_for(principal), "form": form}, status=status)


@settings_page("sorting.manage")
@require_http_methods(["GET", "POST"])
def tag(request: HttpRequest, principal: Principal, tag_id: int) -> HttpResponseBase:
    """One tag; POST renames it."""
    found = found_or_404(tags_for(principal), tag_id)
    if request.method == "GET":
        return _page(request, found, TagForm(initial={"name": found.name}), MergeForm(tag=found), 200)
    form = TagForm(request.POST)
    if form.is_valid():
        try:
            rename_tag(found, name=form.cleaned_data["name"], by=principal.actor)
        except NameTaken:
            form.add_error("name", _("There is already a tag with this name. Merge the two instead."))
        else:
            return _back(request, _("Saved."))
    return _page(request, found, form, MergeForm(tag=found), 422)


@settings_page("sorting.manage")
@require_POST
def merge(request: HttpRequest, principal: Principal, tag_id: int) -> HttpResponseBase:
    """Two words for one thing become one."""
    found = found_or_404(tags_for(principal), tag_id)
    form = MergeForm(request.POST, tag=found)
    if not form.is_valid():
        return _page(request, found, TagForm(initial={"name": found.name}), form, 422)
    into = form.cleaned_data["into"]
    count = merge_tags(found, into=into, by=principal.actor)
    told = ngettext("Merged: %(n)d ticket now carries “%(tag)s”.", "Merged: %(n)d tickets now carry “%(tag)s”.", count)
    return _back(request, told % {"n": count, "tag": into.name})


@settings_page("sorting.manage")
@require_POST
def delete(request: HttpRequest, principal: Principal, tag_id: int) -> HttpResponseBase:
    """The word goes; the tickets stay."""
    found = found_or_404(tags_for(principal), tag_id)
    count = delete_tag(found, by=principal.actor)
    told = ngettext("Deleted, and taken from %(n)d ticket.", "Deleted, and taken from %(n)d tickets.", count)
    return _back(request, told % {"n": count})


def _back(request: HttpRequest, told: str) -> HttpResponse:
    notices.tell(request, told)
    return HttpResponseRedirect(reverse("setup:tags"))


def _page(request: HttpRequest, found: Any, form: TagForm, merge_form: MergeForm, status: int) -> HttpResponse:
    context = {"tag": found, "form": form, "merge_form": merge_form}
    return render(request, "setup/tag.html", context, status=status)
