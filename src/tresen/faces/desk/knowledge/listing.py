"""The list of articles: what it can be narrowed to, and a row of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tresen.core.knowledge.models import Article, ArticleText, Collection, TextState
from tresen.core.knowledge.querysets import ArticleQuerySet
from tresen.core.knowledge.reading import best, is_out_of_date
from tresen.core.people.models import Language
from tresen.core.people.principals import Principal
from tresen.kit import clock

PAGE = 50
_SALT = "desk.articles"
# What stands above the list, each with what an empty list of it says.
SHOWN: dict[str, Any] = {
    "": (_("All"), "book", _("No article fits")),
    "mine": (_("Mine"), "user", _("You keep no article")),
    "review": (_("To review"), "eye", _("Nothing waits for your review")),
    "outdated": (_("Translations out of date"), "globe", _("No translation is out of date")),
    "due": (_("To look at again"), "clock", _("No article is due for another look")),
    "retired": (_("Out of use"), "box", _("No article is out of use")),
}
FILTERS = ("q", "collection", "state", "in")


@dataclass(frozen=True)
class Row:
    """An article in the list."""

    article: Article
    texts: dict[str, ArticleText]

    @property
    def title(self) -> str:
        """In the reader's language, else the main one."""
        text = best(self.texts.values(), self.article.language, get_language() or "en")
        return text.newest.title if text and text.newest else "–"

    @property
    def tongues(self) -> list[tuple[str, str, ArticleText, bool]]:
        """Code, name, text, whether out of date; the main one first."""
        main = self.texts.get(self.article.language)
        codes = sorted(self.texts, key=lambda code: (code != self.article.language, code))
        return [
            (code, str(Language(code).label), self.texts[code], is_out_of_date(self.texts[code], main))
            for code in codes
        ]

    @property
    def is_due(self) -> bool:
        """Whether it is to be looked at again by now."""
        day = self.article.look_again_on
        return day is not None and day <= clock.now().date()


def asked_of(query: Mapping[str, str]) -> dict[str, str]:
    """What the address says, as far as it means something."""
    asked = {name: query.get(name, "").replace("\0", "").strip()[:100] for name in (*FILTERS, "show")}
    if asked["show"] not in SHOWN:
        asked["show"] = ""
    if asked["state"] not in (*TextState.values, ""):
        asked["state"] = ""
    if asked["in"] not in (*Language.values, ""):
        asked["in"] = ""
    return {name: value for name, value in asked.items() if value}


def narrowed(principal: Principal, asked: Mapping[str, str]) -> ArticleQuerySet:
    """The articles that fit."""
    day = clock.now().date()
    rows = Article.objects.visible_to(principal).shown_as(asked.get("show", ""), principal.agent, day)
    texts = ArticleText.objects.filter(article=OuterRef("pk"))
    if shelf := asked.get("collection"):
        rows = rows.filter(Q(collection__slug=shelf) | Q(collection__parent__slug=shelf))
    if asked.get("state") or asked.get("in") or asked.get("q"):
        rows = rows.filter(Exists(_saying(texts, asked)))
    return rows


def _saying(texts: Any, asked: Mapping[str, str]) -> Any:
    if state := asked.get("state"):
        texts = texts.filter(state=state)
    if language := asked.get("in"):
        texts = texts.filter(language=language)
    for word in asked.get("q", "").split()[:8]:
        texts = texts.filter(Q(newest__title__icontains=word) | Q(newest__summary__icontains=word))
    return texts


def page_of(principal: Principal, asked: Mapping[str, str], cursor: str, own: str) -> tuple[list[Row], str, str]:
    """A page of rows, last changed first; the addresses of what is older, and of the beginning."""
    light = ArticleText.objects.select_related("newest", "published").defer(
        "newest__source", "newest__html", "published__source", "published__html"
    )
    rows = narrowed(principal, asked).select_related("collection", "keeper__user")
    rows = rows.prefetch_related(Prefetch("texts", light)).order_by("-changed_at", "-pk")
    found = list(_after(rows, cursor)[: PAGE + 1])
    older = ""
    if len(found) > PAGE:
        last = found[PAGE - 1]
        mark = signing.dumps([last.changed_at.isoformat(), last.pk], salt=_SALT)
        older = f"{own}?{urlencode({**asked, 'after': mark})}"
    newer = (f"{own}?{urlencode(asked)}" if asked else own) if cursor else ""
    return [Row(row, {text.language: text for text in row.texts.all()}) for row in found[:PAGE]], older, newer


def _after(rows: ArticleQuerySet, cursor: str) -> ArticleQuerySet:
    try:
        at, pk = signing.loads(cursor, salt=_SALT)
        then = datetime.fromisoformat(at)
    except (signing.BadSignature, ValueError, TypeError):
        return rows
    return rows.filter(Q(changed_at__lt=then) | Q(changed_at=then, pk__lt=pk))


def shelves() -> list[tuple[Collection, int]]:
    """All collections as they stand, with how deep."""
    rows = list(Collection.objects.all())
    tops = [row for row in rows if row.parent_id is None]
    return [pair for top in tops for pair in ((top, 0), *((row, 1) for row in rows if row.parent_id == top.pk))]
