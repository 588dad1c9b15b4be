"""Articles for tests, made as the desk makes them."""

from __future__ import annotations

from typing import Any

from tests.cast import TEST
from tresen.core.knowledge.collections import create_collection
from tresen.core.knowledge.models import Article, ArticleText, Audience, Collection, SourceFormat
from tresen.core.knowledge.publishing import publish
from tresen.core.knowledge.rendering import Words
from tresen.core.knowledge.services import create_article
from tresen.core.knowledge.writing import save_text


def make_collection(slug: str = "network", **names: str) -> Collection:
    """A shelf; `en="Network"` names it."""
    found = Collection.objects.filter(slug=slug).first()
    if found is None:
        found = create_collection(names=names or {"en": slug.capitalize()}, by=TEST)
        if found.slug != slug:
            found.slug = slug
            found.save(update_fields=["slug"])
    return found


def make_article(
    title: str = "A second way into the network", *, html: str = "<p>Choose the other entry.</p>", summary: str = "",
    language: str = "en", audience: str = Audience.EVERYBODY, collection: Collection | None = None,
    is_published: bool = True, organisations: Any = (), brands: Any = (), **more: Any,
) -> Article:  # fmt: skip
    """An article with one text, published unless told otherwise; `more` are fields of its row."""
    words = Words(title, summary, html, SourceFormat.HTML)
    article = create_article(
        collection=collection or make_collection(), language=language, words=words, by=TEST, brands=brands,
    )  # fmt: skip
    Article.objects.filter(pk=article.pk).update(audience=audience, **more)
    article.organisations.set(organisations)
    if is_published:
        publish(article.texts.get(), by=TEST)
    article.refresh_from_db()
    return article


def add_text(
    article: Article, title: str, *, html: str, language: str, summary: str = "", is_published: bool = True
) -> ArticleText:
    """What the article says in one more language."""
    text = save_text(article, language, Words(title, summary, html, SourceFormat.HTML), by=TEST, expected=0)
    return publish(text, by=TEST) if is_published else text
