"""Beginning an article, and what is said about one besides its words."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.knowledge.models import Collection
from tresen.core.knowledge.rendering import Words
from tresen.core.knowledge.services import change_article, create_article, retire, take_up_again
from tresen.core.people.models import LANGUAGES
from tresen.core.people.permissions import can, require
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.knowledge.finding import Opened, opened_or_404
from tresen.faces.desk.knowledge.forms import AboutForm, NewArticleForm
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_article(request: StaffRequest) -> HttpResponseBase:
    """`/desk/knowledge/new/?collection=`: title, place and language; then its editor."""
    require(request.principal, "article.write")
    if request.method != "POST":
        shelf = Collection.objects.filter(slug=request.GET.get("collection", "")[:60]).first()
        wanted = request.GET.get("language", "")
        language = wanted if wanted in dict(LANGUAGES) else (get_language() or "en")[:2]
        begun = {"language": language, "collection": shelf and shelf.pk, "title": request.GET.get("title", "")[:200]}
        form = NewArticleForm(initial=begun)
        return _new_page(request, form)
    form = NewArticleForm(request.POST)
    if not form.is_valid():
        return _new_page(request, form, status=422)
    told = form.cleaned_data
    made = create_article(
        collection=told["collection"], language=told["language"], words=Words(told["title"], told["summary"]),
        keeper=request.principal.agent, by=request.principal.actor,
    )  # fmt: skip
    return HttpResponseRedirect(reverse("desk:article-edit", args=[made.pk, made.language]))


def _new_page(request: StaffRequest, form: NewArticleForm, *, status: int = 200) -> HttpResponseBase:
    context = {
        "form": form, "has_shelves": Collection.objects.filter(is_active=True).exists(),
        "may_arrange": can(request.principal, "collection.manage"),
    }  # fmt: skip
    return render(request, "desk/knowledge/new.html", context, status=status)


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/desk/knowledge/<id>/about/`: collection, readers, brands, keeper; taken out of use and back (`act`)."""
    opened = opened_or_404(request, pk)
    require(request.principal, "article.write")
    if request.method != "POST":
        return _about_page(request, opened, _form(request, opened))
    if request.POST.get("act") in ("retire", "restore"):
        return _use(request, opened)
    form = _form(request, opened, request.POST)
    if not form.is_valid():
        return _about_page(request, opened, form, status=422)
    try:
        change_article(
            opened.article, set=form.wanted(), by=request.principal.actor, expected=form.cleaned_data["version"]
        )
    except ChangedMeanwhile:
        return _stale(request, pk)
    notices.tell(request, _("Saved."))
    return HttpResponseRedirect(reverse("desk:article", args=[pk]))


def _use(request: StaffRequest, opened: Opened) -> HttpResponseBase:
    """Readers lose it, or find it again: who publishes decides."""
    require(request.principal, "article.publish")
    if request.POST.get("act") == "retire":
        retire(opened.article, by=request.principal.actor)
        notices.tell(request, _("Taken out of use. It stands under “Out of use” and can be brought back."))
    else:
        take_up_again(opened.article, by=request.principal.actor)
        notices.tell(request, _("In use again."))
    return HttpResponseRedirect(reverse("desk:article", args=[opened.article.pk]))


def _stale(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Everything chosen stays; saving again means it."""
    opened = opened_or_404(request, pk)
    data = request.POST.copy()
    data["version"] = str(opened.article.version)
    return _about_page(request, opened, _form(request, opened, data), status=409, is_changed=True)


def _form(request: StaffRequest, opened: Opened, data: Any = None) -> AboutForm:
    article = opened.article
    initial = {
        "collection": article.collection_id, "audience": article.audience, "category": article.category_id,
        "keeper": article.keeper_id, "look_again_on": article.look_again_on, "version": article.version,
        "brands": list(article.brands.values_list("pk", flat=True)),
        "organisations": list(article.organisations.values_list("pk", flat=True)),
    }  # fmt: skip
    # Who reads what is published, or will be by itself, is the matter of who publishes.
    is_out = any(text.published_id or text.publish_at for text in opened.texts.values())
    readers_stay = is_out and not can(request.principal, "article.publish")
    return AboutForm(
        data, initial=initial, principal=request.principal, now=article.collection, readers_stay=readers_stay
    )


def _about_page(
    request: StaffRequest, opened: Opened, form: AboutForm, *, status: int = 200, **more: Any
) -> HttpResponseBase:
    may = can(request.principal, "article.publish")
    context = {"opened": opened, "article": opened.article, "form": form, "may_publish": may, **more}
    return render(request, "desk/knowledge/about.html", context, status=status)
