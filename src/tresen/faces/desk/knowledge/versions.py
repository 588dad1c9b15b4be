"""The versions of a text: what one says, what it does not have in common with another, and its return."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tresen.core.knowledge.models import ArticleText, ArticleVersion
from tresen.core.knowledge.writing import bring_back_version
from tresen.core.people.permissions import can, require
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.knowledge.finding import Opened, opened_or_404, text_or_404
from tresen.faces.desk.knowledge.views import compared
from tresen.kit import notices
from tresen.kit.fingerprint import ChangedMeanwhile

MOST_LISTED = 200


@staff_page
@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: StaffRequest, pk: int, language: str) -> HttpResponseBase:
    """`/desk/knowledge/<id>/<language>/versions/?version=&with=`: all of them, one compared with another; a POST brings
    `version` back."""
    opened = opened_or_404(request, pk, language)
    text = text_or_404(opened, language)
    if request.method != "POST":
        return _page(request, opened, text)
    require(request.principal, "article.write")
    number, newest = _number(request.POST.get("version", "")), _number(request.POST.get("newest", ""))
    try:
        bring_back_version(text, number, by=request.principal.actor, expected=newest or None)
    except ArticleVersion.DoesNotExist as fault:
        raise Http404 from fault
    except ChangedMeanwhile:
        opened = opened_or_404(request, pk, language)
        return _page(request, opened, text_or_404(opened, language), status=409, is_changed=True)
    notices.tell(request, _("The words of version %(n)s are the newest again.") % {"n": number})
    return HttpResponseRedirect(f"{reverse('desk:article', args=[pk])}?in={language}")


def _page(
    request: StaffRequest, opened: Opened, text: ArticleText, *, status: int = 200, **more: Any
) -> HttpResponseBase:
    rows = list(text.versions.defer("source", "html")[:MOST_LISTED])
    asked = request.POST if request.method == "POST" else request.GET
    shown = _of(text, _number(asked.get("version", ""))) or text.newest
    other = _of(text, _number(request.GET.get("with", ""))) or _before(text, shown)
    context = {
        "opened": opened, "article": opened.article, "text": text, "versions": rows, "shown": shown, "other": other,
        "pieces": compared(other, shown) if shown and other else None,
        "may_write": can(request.principal, "article.write"), **more,
    }  # fmt: skip
    return render(request, "desk/knowledge/versions.html", context, status=status)


def _of(text: ArticleText, number: int) -> ArticleVersion | None:
    return text.versions.filter(number=number).first() if number else None


def _before(text: ArticleText, shown: ArticleVersion | None) -> ArticleVersion | None:
    return text.versions.filter(number__lt=shown.number).first() if shown else None


def _number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0
