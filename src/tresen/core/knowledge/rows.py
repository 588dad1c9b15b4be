"""Holding an article while it changes: always the article first, so that two who change it wait for each other."""

from __future__ import annotations

from tresen.core.knowledge.models import Article, ArticleText, ArticleVersion
from tresen.core.knowledge.rendering import Rendered
from tresen.kit import clock
from tresen.kit.fingerprint import ChangedMeanwhile
from tresen.kit.html import slug_of
from tresen.spine.events.actors import Actor

GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue", "ß": "ss"})


def hold(article: Article) -> Article:
    """The article, locked until the transaction ends."""
    return Article.objects.select_for_update(of=("self",)).get(pk=article.pk)


def hold_text(text: ArticleText) -> ArticleText:
    """A text with its article, both locked, and its newest and published words."""
    article = hold(text.article)
    rows = ArticleText.objects.select_for_update(of=("self",)).select_related("newest", "published")
    held = rows.get(pk=text.pk)
    held.article = article
    return held


def touch(article: Article) -> None:
    """Saves the article as changed now, under its next version."""
    article.version += 1
    article.changed_at = clock.now()
    article.save()


def refuse_stale(text: ArticleText, newest: int | None) -> None:
    """Raises ChangedMeanwhile, with the newest words, unless these are the ones of that number."""
    now = text.newest
    if newest is None or newest == (now.number if now else 0):
        return
    said = {"title": now.title, "summary": now.summary, "source": now.source, "format": now.format} if now else {}
    raise ChangedMeanwhile({**said, "number": now.number if now else 0, "by_name": now.by_name if now else ""})


def keep_version(
    text: ArticleText, made: Rendered, *, by: Actor, note: str = "", again: int | None = None
) -> ArticleVersion:
    """The words as the next version, the newest from now on; the caller saves the text."""
    last = text.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = ArticleVersion.objects.create(
        text=text, number=last + 1, title=made.words.title, summary=made.words.summary, format=made.words.format,
        source=made.words.source, html=made.html, made_with=made.made_with, note=note[:200], made_at=clock.now(),
        by_name=by.name[:200], again=again,
    )  # fmt: skip
    text.newest = version
    return version


def address_of(title: str, language: str) -> str:
    """How a title stands in an address: „Drucker prüfen“ is `drucker-pruefen`."""
    return slug_of(title.translate(GERMAN) if language == "de" else title) or "article"
