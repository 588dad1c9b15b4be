"""The editor of an article in one language: saved as a version, kept while it is typed, previewed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tresen.core.knowledge.models import ArticleDraft, SourceFormat
from tresen.core.knowledge.rendering import Words, WrongWords, file_keys, html_of, text_of
from tresen.core.knowledge.writing import drop_draft, keep_draft, save_text
from tresen.core.people.models import Agent
from tresen.core.people.permissions import require
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.knowledge.finding import Opened, opened_or_404
from tresen.faces.desk.knowledge.forms import WordsForm
from tresen.kit import notices
from tresen.kit.differences import differences
from tresen.kit.fingerprint import ChangedMeanwhile
from tresen.kit.times import exact


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, pk: int, language: str) -> HttpResponseBase:
    """`/desk/knowledge/<id>/<language>/`: the editor. 409 shows what somebody else saved meanwhile beside what was
    typed."""
    opened = opened_or_404(request, pk, language)
    require(request.principal, "article.write")
    if request.method != "POST":
        return _page(
            request, opened, language, WordsForm(initial=_initial(opened, language, _draft(request, pk, language)))
        )
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _page(request, opened, language, form, status=422)
    told = form.cleaned_data
    try:
        save_text(
            opened.article, language, _words(told), by=request.principal.actor, expected=told["newest"],
            note=told["note"], agent=request.principal.agent,
        )  # fmt: skip
    except WrongWords as fault:
        form.add_error(fault.field, _("This cannot be kept: it is too long, or nested too deeply."))
        return _page(request, opened, language, form, status=422)
    except ChangedMeanwhile as fault:
        return _stale(request, pk, language, fault.fields)
    notices.tell(request, _("Saved. Readers see it once it is published."))
    return HttpResponseRedirect(f"{reverse('desk:article', args=[pk])}?in={language}")


def _words(told: dict[str, Any]) -> Words:
    return Words(told["title"], told["summary"], told["source"].replace("\r\n", "\n"), told["format"])


def _draft(request: StaffRequest, pk: int, language: str) -> ArticleDraft | None:
    return ArticleDraft.objects.filter(article=pk, language=language, agent=request.principal.agent).first()


def _initial(opened: Opened, language: str, draft: ArticleDraft | None) -> dict[str, Any]:
    """What was typed and not saved, else the newest words; a new translation begins empty."""
    if draft is not None:
        return {"title": draft.title, "summary": draft.summary, "format": draft.format, "source": draft.source,
                "newest": draft.based_on}  # fmt: skip
    text = opened.texts.get(language)
    now = text.newest if text else None
    if now is None:
        main = opened.main.newest if opened.main else None
        return {"newest": 0, "format": main.format if main else SourceFormat.MARKDOWN}
    return {"title": now.title, "summary": now.summary, "format": now.format, "source": now.source,
            "newest": now.number}  # fmt: skip


def _stale(request: StaffRequest, pk: int, language: str, now: dict[str, Any]) -> HttpResponseBase:
    """Everything typed stays; what it is now stands beside it, word by word. Saving again means it."""
    data = request.POST.copy()
    data["newest"] = str(now["number"])
    opened = opened_or_404(request, pk, language)
    html = html_of(now.get("source", ""), now.get("format", SourceFormat.MARKDOWN))
    theirs = "\n\n".join(part for part in (now.get("title", ""), now.get("summary", ""), text_of(html)) if part)
    mine = "\n\n".join(part for part in (data.get("title", ""), data.get("summary", ""), _typed(data)) if part)
    return _page(
        request, opened, language, WordsForm(data), status=409, pieces=differences(theirs, mine),
        by_name=now.get("by_name", ""),
    )  # fmt: skip


def _typed(data: Any) -> str:
    try:
        return text_of(html_of(data.get("source", "").replace("\r\n", "\n"), data.get("format", "")))
    except WrongWords:
        return str(data.get("source", ""))


def _page(
    request: StaffRequest, opened: Opened, language: str, form: WordsForm, *, status: int = 200, **more: Any
) -> HttpResponseBase:
    tongue = opened.tongue(language)
    draft = _draft(request, opened.article.pk, language) if request.method != "POST" else None
    source = str(form["source"].value() or "")
    try:
        shown = html_of(source.replace("\r\n", "\n"), str(form["format"].value() or ""), file_keys(opened.article))
    except WrongWords:
        shown = ""
    context = {
        "opened": opened, "article": opened.article, "tongue": tongue, "text": tongue.text, "form": form,
        "beside": opened.main if not tongue.is_main else None, "draft": draft, "files": opened.article.files.all(),
        "shown": mark_safe(shown), **more,  # noqa: S308 - cleaned by html_of
    }  # fmt: skip
    return render(request, "desk/knowledge/edit.html", context, status=status)


@staff_page
@require_POST
def preview(request: StaffRequest, pk: int) -> HttpResponseBase:
    """What readers would see of a source (`source`, `format`), as HTML."""
    opened = opened_or_404(request, pk)
    require(request.principal, "article.write")
    source = request.POST.get("source", "").replace("\r\n", "\n")
    try:
        html = html_of(source, request.POST.get("format", ""), file_keys(opened.article))
    except WrongWords:
        return HttpResponse(status=422)
    return HttpResponse(html)


@staff_page
@require_POST
def draft(request: StaffRequest, pk: int, language: str) -> HttpResponseBase:
    """Keeps what is being typed, or throws it away (`discard`)."""
    opened = opened_or_404(request, pk, language)
    require(request.principal, "article.write")
    agent = request.principal.agent
    assert isinstance(agent, Agent)
    if "discard" in request.POST:
        drop_draft(opened.article, language, agent=agent)
        return HttpResponseRedirect(reverse("desk:article-edit", args=[pk, language]))
    told = {name: request.POST.get(name, "").replace("\0", "") for name in ("title", "summary", "source", "format")}
    newest = request.POST.get("newest", "")
    if told["format"] not in SourceFormat.values or not (newest.isascii() and newest.isdigit() and len(newest) < 10):
        return HttpResponse(status=422)
    try:
        row = keep_draft(opened.article, language, _words(told), agent=agent, based_on=int(newest))
    except WrongWords:
        return HttpResponse(status=422)
    return JsonResponse({"said": _("Kept %(time)s, not saved yet") % {"time": exact(row.kept_at)}})
