"""Articles for tests."""

from __future__ import annotations

from typing import Any

from tresen.core.knowledge.models import (
    Article,
    ArticleText,
    ArticleVersion,
    Audience,
    Collection,
    SourceFormat,
    TextState,
)
from tresen.kit import clock


def make_collection(slug: str = "network", **names: str) -> Collection:
    """A shelf; `en="Network"` names it."""
    found, _new = Collection.objects.get_or_create(slug=slug, defaults={"names": names or {"en": slug.capitalize()}})
    return found


def make_article(
    title: str = "A second way into the network", *, html: str = "<p>Choose the other entry.</p>", summary: str = "",
    language: str = "en", audience: str = Audience.EVERYBODY, collection: Collection | None = None,
    is_published: bool = True, **more: Any,
) -> Article:  # fmt: skip
    """An article with one text, published unless told otherwise."""
    now = clock.now()
    article = Article.objects.create(
        collection=collection or make_collection(), audience=audience, language=language, created_at=now,
        changed_at=now, **more,
    )  # fmt: skip
    add_text(article, title, html=html, summary=summary, language=language, is_published=is_published)
    return article


def add_text(
    article: Article, title: str, *, html: str, language: str, summary: str = "", is_published: bool = True
) -> ArticleText:
    """What the article says in one more language."""
    now = clock.now()
    slug = "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in title.lower()).strip("-")[:120]
    state = TextState.PUBLISHED if is_published else TextState.DRAFT
    text = ArticleText.objects.create(article=article, language=language, slug=slug or "article", state=state)
    version = ArticleVersion.objects.create(
        text=text, number=1, title=title, summary=summary, format=SourceFormat.HTML, source=html, html=html,
        made_at=now, was_published=is_published,
    )  # fmt: skip
    text.newest, text.published = version, version if is_published else None
    text.published_at = now if is_published else None
    text.save()
    return text
