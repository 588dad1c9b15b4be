"""The search over articles: what was searched for in vain, and words that mean the same."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.people.models import LANGUAGES, Brand
from tresen.core.people.principals import Principal
from tresen.faces.setup.answers.forms import SynonymForm
from tresen.faces.setup.gate import found_or_404, settings_page
from tresen.kit import notices
from tresen.service.answers.grouping import MOST_WORDS, WrongGroup, delete_group, save_group
from tresen.service.answers.misses import open_misses, settle
from tresen.service.answers.models import SynonymGroup

_A_PAGE = 50


@settings_page("collection.manage")
@require_http_methods(["GET", "POST"])
def misses(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """What readers searched for in vain, most often first; POST `settle` puts one away."""
    rows = open_misses()
    if request.method == "POST":
        key = request.POST.get("settle", "")
        row = rows.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 18 else None
        if row is None:
            return HttpResponseRedirect(reverse("setup:search-misses"))
        settle(row, by=principal.actor)
        notices.tell(request, _("Settled: “%(words)s”.") % {"words": row.words})
        return HttpResponseRedirect(reverse("setup:search-misses"))
    page = Paginator(rows, _A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "several_brands": Brand.objects.visible_to(principal).count() > 1}
    return render(request, "setup/search_misses.html", context)


@settings_page("collection.manage")
@require_http_methods(["GET", "POST"])
def synonyms(request: HttpRequest, principal: Principal) -> HttpResponseBase:
    """The groups of a language (`language`), and the form for a new one (`words` begins it)."""
    wanted = request.GET.get("language", "")
    language = wanted if wanted in dict(LANGUAGES) else (get_language() or "en")[:2]
    form = SynonymForm(
        request.POST if request.method == "POST" else None,
        initial={"language": language, "words": request.GET.get("words", "")[:120]},
    )
    if request.method == "POST" and form.is_valid() and _saved(request, form, None, principal):
        return _back(form.cleaned_data["language"])
    groups = SynonymGroup.objects.filter(language=language)
    context = {"groups": groups, "form": form, "language": language, "languages": LANGUAGES}
    return render(request, "setup/synonyms.html", context, status=422 if form.errors else 200)


@settings_page("collection.manage")
@require_http_methods(["GET", "POST"])
def synonym_group(request: HttpRequest, principal: Principal, group_id: int) -> HttpResponseBase:
    """One group; POST keeps other words, or with `delete` none."""
    group: SynonymGroup = found_or_404(SynonymGroup.objects.all(), group_id)
    if request.method == "POST" and "delete" in request.POST:
        delete_group(group, by=principal.actor)
        notices.tell(request, _("Deleted."))
        return _back(group.language)
    form = SynonymForm(
        request.POST if request.method == "POST" else None, initial={"language": group.language, "words": group.words}
    )
    if request.method == "POST" and form.is_valid() and _saved(request, form, group, principal):
        return _back(form.cleaned_data["language"])
    context = {"group": group, "form": form}
    return render(request, "setup/synonym_group.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, form: SynonymForm, group: SynonymGroup | None, principal: Principal) -> bool:
    try:
        save_group(
            group, language=form.cleaned_data["language"], words=form.cleaned_data["words"].splitlines(),
            by=principal.actor,
        )  # fmt: skip
    except WrongGroup:
        form.add_error("words", _("Write at least two words, and at most %(n)d.") % {"n": MOST_WORDS})
        return False
    notices.tell(request, _("Saved."))
    return True


def _back(language: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('setup:synonyms')}?language={language}")
