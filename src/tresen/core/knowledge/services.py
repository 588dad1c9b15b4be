"""Articles: begun, given to readers and keepers, taken out of use, brought back. What they say: writing.py, what
readers see of it: publishing.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction

from tresen.core.knowledge.models import Article, ArticleText, Audience, Collection
from tresen.core.knowledge.rendering import Words, render
from tresen.core.knowledge.rows import address_of, hold, keep_version, touch
from tresen.core.people.models import LANGUAGES, Agent, Brand, Organisation
from tresen.core.tickets.models import Category, Ticket
from tresen.kit import clock
from tresen.kit.fingerprint import ChangedMeanwhile
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

FIELDS = ("collection", "audience", "category", "keeper", "look_again_on", "position")
MANY = ("brands", "organisations")


class WrongArticle(ValueError):
    """A value that an article cannot have; `field` says of which."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def create_article(
    *, collection: Collection, language: str, words: Words, audience: str = Audience.EVERYBODY,
    brands: Iterable[Brand] = (), organisations: Iterable[Organisation] = (), category: Category | None = None,
    keeper: Agent | None = None, look_again_on: date | None = None, from_ticket: Ticket | None = None, by: Actor,
) -> Article:  # fmt: skip
    """A new article with its first words, a draft. Event `article.created`. Raises WrongWords, WrongArticle."""
    made, now = render(words), clock.now()
    readers = list(organisations)
    article = Article(
        collection=collection, language=language, audience=audience, category=category, keeper=keeper,
        look_again_on=look_again_on, from_ticket=from_ticket, created_at=now, changed_at=now,
    )  # fmt: skip
    _check(article, readers)
    with transaction.atomic():
        article.save()
        article.brands.set(brands)
        article.organisations.set(readers)
        text = ArticleText.objects.create(
            article=article, language=language, slug=address_of(made.words.title, language)
        )
        version = keep_version(text, made, by=by)
        text.save()
        told = {"language": language, "version": version.pk, "collection": collection.slug}
        record("article.created", stream=article, by=by, changes=told)
    return article


def change_article(article: Article, *, set: dict[str, Any], by: Actor, expected: int | None = None) -> Article:
    """Changes FIELDS, `brands` and `organisations` (lists). Event `article.changed`, none when nothing changes.

    `expected`: the article's version that the change was decided on. Raises WrongArticle, ChangedMeanwhile, KeyError.
    """
    if unknown := [field for field in set if field not in (*FIELDS, *MANY)]:
        raise KeyError(unknown[0])
    with transaction.atomic():
        locked = hold(article)
        before = article_values(locked)
        if expected is not None and expected != locked.version:
            raise ChangedMeanwhile(before)
        for field in FIELDS:
            if field in set:
                setattr(locked, field, set[field])
        organisations = set["organisations"] if "organisations" in set else list(locked.organisations.all())
        _check(locked, organisations)
        for field in MANY:
            if field in set:
                getattr(locked, field).set(set[field])
        after = article_values(locked)
        changes = {field: [before[field], after[field]] for field in after if after[field] != before[field]}
        if changes:
            touch(locked)
            record("article.changed", stream=locked, by=by, changes=_plain(changes))
    return locked


def article_values(article: Article) -> dict[str, Any]:
    """What a form shows of an article besides its words, for its mark; rows by their keys."""
    values = {
        "collection": article.collection_id, "audience": article.audience, "category": article.category_id,
        "keeper": article.keeper_id, "look_again_on": article.look_again_on, "position": article.position,
    }  # fmt: skip
    many = {field: sorted(getattr(article, field).values_list("pk", flat=True)) for field in MANY}
    return {**values, **many}


def _plain(changes: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """As an event keeps it: days as text."""
    return {
        field: [value.isoformat() if isinstance(value, date) else value for value in pair]
        for field, pair in changes.items()
    }


def _check(article: Article, organisations: Iterable[Organisation]) -> None:
    if article.language not in dict(LANGUAGES):
        raise WrongArticle("language")
    if article.audience not in Audience.values:
        raise WrongArticle("audience")
    if article.audience == Audience.ORGANISATIONS and not list(organisations):
        raise WrongArticle("organisations")


@transaction.atomic
def retire(article: Article, *, by: Actor) -> Article:
    """Out of use: readers find it no more, the desk keeps it. Event `article.retired`, none for one that is already."""
    locked = hold(article)
    if locked.retired_at is None:
        locked.retired_at = clock.now()
        touch(locked)
        record("article.retired", stream=locked, by=by)
    return locked


@transaction.atomic
def take_up_again(article: Article, *, by: Actor) -> Article:
    """In use again, as it was. Event `article.restored`, none for one that is in use."""
    locked = hold(article)
    if locked.retired_at is not None:
        locked.retired_at = None
        touch(locked)
        record("article.restored", stream=locked, by=by)
    return locked
