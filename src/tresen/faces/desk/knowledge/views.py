"""The knowledge base in the desk: the list, and an article as it reads, beside its translation."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tresen.core.knowledge.models import ArticleText, ArticleVersion, TextState
from tresen.core.knowledge.reading import best
from tresen.core.knowledge.rendering import text_of
from tresen.core.knowledge.reviewing import reviewers_for, waiting_for
from tresen.core.people.models import LANGUAGES, Language
from tresen.core.people.permissions import can
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.faces.desk.knowledge.finding import Opened, opened_or_404
from tresen.faces.desk.knowledge.forms import PlanForm
from tresen.faces.desk.knowledge.listing import SHOWN, asked_of, narrowed, page_of, shelves
from tresen.kit.differences import Piece, differences


@staff_page
@require_safe
def articles(request: StaffRequest) -> HttpResponseBase:
    """`/desk/knowledge/?show=&q=&collection=&state=&in=&after=`: articles, last changed first."""
    asked, own = asked_of(request.GET), reverse("desk:articles")
    rows, older, newer = page_of(request.principal, asked, request.GET.get("after", ""), own)
    show = asked.get("show", "")
    context = {
        "rows": rows, "older_url": older, "newer_url": newer, "asked": asked, "q": asked.get("q", ""),
        "none_title": SHOWN[show][2],
        "tabs": _tabs(request, asked, own), "shelves": shelves(), "states": TextState.choices,
        "languages": LANGUAGES, "is_narrowed": bool(set(asked) - {"show"}),
        "may_write": can(request.principal, "article.write"),
    }  # fmt: skip
    return render(request, "desk/knowledge/list.html", context)


def _tabs(request: StaffRequest, asked: dict[str, str], own: str) -> list[dict[str, Any]]:
    agent = request.principal.agent
    counts = {"review": waiting_for(agent) if agent else 0, "due": narrowed(request.principal, {"show": "due"}).count()}
    return [
        {"label": label, "icon": icon, "url": f"{own}?show={slug}" if slug else own,
         "active": asked.get("show", "") == slug, "count": counts.get(slug)}
        for slug, (label, icon, _none) in SHOWN.items()
    ]  # fmt: skip


@staff_page
@require_safe
def article(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/desk/knowledge/<id>/?in=`: its newest words; a translation stands beside the main text."""
    opened = opened_or_404(request, pk)
    return article_page(request, opened, request.GET.get("in", ""))


def article_page(
    request: StaffRequest, opened: Opened, language: str, *, status: int = 200, **more: Any
) -> HttpResponseBase:
    """The page of an article in a language it has; else in the reader's, else in the main one."""
    if language not in Language.values:
        text = best(opened.texts.values(), opened.article.language, get_language() or "en")
        language = text.language if text else opened.article.language
    tongue = opened.tongue(language)
    beside = opened.main if tongue.text and not tongue.is_main else None
    context: dict[str, Any] = {
        "opened": opened, "article": opened.article, "tongue": tongue, "text": tongue.text, "beside": beside,
        "since": _since(tongue.text, opened.main) if tongue.is_old else None, **_may(request, tongue.text),
        **_said(request, tongue.text), "plan_form": PlanForm(), "tabs": _languages(opened, language), **more,
    }  # fmt: skip
    return render(request, "desk/knowledge/article.html", context, status=status)


def _languages(opened: Opened, shown: str) -> list[dict[str, Any]]:
    own = reverse("desk:article", args=[opened.article.pk])
    return [{"tongue": one, "url": f"{own}?in={one.code}", "active": one.code == shown} for one in opened.tongues]


def _may(request: StaffRequest, text: ArticleText | None) -> dict[str, bool]:
    principal = request.principal
    is_fresh = bool(text and text.newest_id and text.newest_id != text.published_id)
    return {
        "may_write": can(principal, "article.write"), "may_publish": can(principal, "article.publish"),
        "may_review": bool(text) and can(principal, "article.review", text), "is_fresh": is_fresh,
    }  # fmt: skip


def _said(request: StaffRequest, text: ArticleText | None) -> dict[str, Any]:
    """What colleagues said, and who could be asked."""
    agent = request.principal.agent
    if text is None or agent is None:
        return {"remarks": [], "reviewers": []}
    remarks = text.remarks.select_related("version").defer("version__source", "version__html")
    return {
        "remarks": list(remarks),
        "reviewers": reviewers_for(agent), "files": text.article.files.all(),
    }  # fmt: skip


def _since(text: ArticleText | None, main: ArticleText | None) -> list[Piece] | None:
    """What the main text says otherwise since the translation followed it; None where that is not known."""
    if text is None or main is None or main.published is None or text.follows is None:
        return None
    before = ArticleVersion.objects.filter(text=main, number=text.follows).first()
    return compared(before, main.published) if before else None


def compared(old: ArticleVersion, new: ArticleVersion) -> list[Piece]:
    """What two versions do not have in common, in the words that a reader sees."""
    pieces = differences(readable(old), readable(new))
    # Where words take the place of others, the end of a line that went with them would tear the paragraph apart.
    following = [*(piece.kind for piece in pieces[1:]), ""]
    return [
        Piece("gone", f"{piece.text.rstrip()} ") if (piece.kind, after) == ("gone", "new") else piece
        for piece, after in zip(pieces, following, strict=True)
    ]


def readable(version: ArticleVersion) -> str:
    """Title, summary and text of a version as plain words."""
    return "\n\n".join(part for part in (version.title, version.summary, text_of(version.html)) if part)
