"""What readers did with articles, what they said, and which articles need work most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tresen.core.knowledge.figures import by_language, figures_of, open_words
from tresen.core.knowledge.figures import needing_work as articles_needing_work
from tresen.core.knowledge.measuring import RECENT_DAYS, settle_vote
from tresen.core.knowledge.models import Article, ArticleVote
from tresen.core.knowledge.reading import with_texts
from tresen.core.people.models import Language
from tresen.core.people.permissions import can, require
from tresen.faces.desk.access import StaffRequest, staff_page
from tresen.kit import notices
from tresen.kit.own_path import own_path

MOST_WORDS = 50


@dataclass(frozen=True)
class Said:
    """Words of a reader in a list."""

    vote: ArticleVote
    title: str

    @property
    def language_name(self) -> str:
        """In which language he read it."""
        return str(Language(self.vote.language).label)


@staff_page
@require_safe
def needing_work(request: StaffRequest) -> HttpResponseBase:
    """`/desk/knowledge/figures/`: the articles that need work most, and what readers said that nobody has settled."""
    articles = Article.objects.visible_to(request.principal).in_use()
    found = articles_needing_work(articles, today=timezone.localdate())
    words = open_words().filter(article__in=articles).select_related("article")[:MOST_WORDS]
    titles = _titles([*found, *(vote.article for vote in words)])
    context = {
        "rows": [(article, titles[article.pk]) for article in found if article.pk in titles], "days": RECENT_DAYS,
        "words": [Said(vote, titles.get(vote.article_id, "–")) for vote in words],
        "may_settle": can(request.principal, "article.write"), "here": request.path,
    }  # fmt: skip
    return render(request, "desk/knowledge/figures/needs.html", context)


@staff_page
@require_safe
def figures(request: StaffRequest, pk: int) -> HttpResponseBase:
    """`/desk/knowledge/<id>/figures/`: what became of one article."""
    article = get_object_or_404(Article.objects.visible_to(request.principal), pk=pk)
    today = timezone.localdate()
    words = article.votes.exclude(words="").order_by("settled_at", "-pk")[:MOST_WORDS]
    title = _titles([article]).get(pk) or _newest_title(article)
    context = {
        "article": article, "title": title, "figures": figures_of(article, today=today), "days": RECENT_DAYS,
        "languages": [(str(Language(code).label), found) for code, found in by_language(article, today=today)],
        "words": [Said(vote, "") for vote in _open_first(words)],
        "may_settle": can(request.principal, "article.write"), "here": request.path,
    }  # fmt: skip
    return render(request, "desk/knowledge/figures/article.html", context)


@staff_page
@require_POST
def settle(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Somebody has seen to what a reader said; back to the page it was said from."""
    articles = Article.objects.visible_to(request.principal)
    vote = get_object_or_404(ArticleVote.objects.filter(article__in=articles), pk=pk)
    require(request.principal, "article.write")
    settle_vote(vote, by=request.principal.actor)
    notices.tell(request, _("Settled."), tone="ok")
    return HttpResponseRedirect(own_path(request.POST.get("next"), default=reverse("desk:article-needs")))


def _open_first(words: QuerySet[ArticleVote]) -> list[ArticleVote]:
    return sorted(words, key=lambda vote: (vote.settled_at is not None, -vote.pk))


def _titles(articles: list[Any]) -> dict[int, str]:
    return {read.article.pk: read.title for read in with_texts(articles, get_language() or "en")}


def _newest_title(article: Article) -> str:
    text = article.texts.select_related("newest").filter(language=article.language).first()
    return text.newest.title if text and text.newest else "–"
