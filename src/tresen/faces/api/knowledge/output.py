"""Articles and collections as the interface shows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from tresen.core.knowledge import models
from tresen.core.knowledge.reading import best, is_out_of_date
from tresen.faces.api.knowledge import schemas
from tresen.faces.api.people.output import agent_ref


def article(row: models.Article) -> schemas.Article:
    """One of a list; its texts are read with it."""
    texts = list(row.texts.all())
    return schemas.Article(**_facts(row, texts), texts=[schemas.TextOf(**_of(text, texts, row)) for text in texts])


def with_words(row: models.Article) -> schemas.ArticleWithWords:
    """One with what it says."""
    texts = list(row.texts.select_related("newest", "published"))
    shown = [schemas.Words(**_of(text, texts, row), **_said(text)) for text in texts]
    return schemas.ArticleWithWords(**_facts(row, texts), texts=shown)


def _facts(row: models.Article, texts: list[models.ArticleText]) -> dict[str, Any]:
    text = best(texts, row.language, get_language() or "en")
    return {
        "id": row.pk, "title": text.newest.title if text and text.newest else "", "collection": row.collection.slug,
        "audience": row.audience, "brands": sorted(one.pk for one in row.brands.all()),
        "organisations": sorted(one.pk for one in row.organisations.all()),
        "category": row.category.slug if row.category else None, "language": row.language,
        "keeper": agent_ref(row.keeper) if row.keeper else None, "look_again_on": row.look_again_on,
        "retired_at": row.retired_at, "created_at": row.created_at, "changed_at": row.changed_at,
        "version": row.version,
    }  # fmt: skip


def _of(text: models.ArticleText, texts: list[models.ArticleText], row: models.Article) -> dict[str, Any]:
    main = next((one for one in texts if one.language == row.language), None)
    now, out = text.newest, text.published
    return {
        "language": text.language, "state": text.state, "title": now.title if now else "",
        "summary": now.summary if now else "", "number": now.number if now else 0,
        "published_number": out.number if out else None, "published_at": text.published_at if out else None,
        "publish_at": text.publish_at, "out_of_date": is_out_of_date(text, main) if main else False, "slug": text.slug,
    }  # fmt: skip


def _said(text: models.ArticleText) -> dict[str, Any]:
    now, out = text.newest, text.published
    return {
        "format": now.format if now else models.SourceFormat.MARKDOWN, "source": now.source if now else "",
        "html": now.html if now else "", "published_html": out.html if out else None,
    }  # fmt: skip


def collection(row: models.Collection) -> schemas.Collection:
    """A collection."""
    return schemas.Collection(
        id=row.pk, slug=row.slug, names=row.names, descriptions=row.descriptions, icon=row.icon, parent=row.parent_id,
        brands=sorted(one.pk for one in row.brands.all()), position=row.position, active=row.is_active,
    )  # fmt: skip
