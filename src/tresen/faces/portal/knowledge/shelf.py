"""What a reader finds on the shelves: collections and articles he may read at this brand's counter, in his language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from tresen.core.knowledge.models import Article, ArticleText, ArticleVersion, Collection
from tresen.core.knowledge.querysets import ArticleQuerySet
from tresen.core.knowledge.reading import HEAVY, with_texts
from tresen.core.people.models import Brand
from tresen.core.people.principals import Principal, principal_of
from tresen.faces.portal.knowledge.addresses import article_url, collection_url

A_PAGE = 30
OFTEN = 6
ICON = "book"


@dataclass(frozen=True)
class Reader:
    """Who reads, at which counter, in which language."""

    principal: Principal
    brand: Brand
    language: str

    def articles(self) -> ArticleQuerySet:
        """Every article he may read here."""
        return Article.objects.readable_by(self.principal).for_brand(self.brand)


def reader_of(request: HttpRequest, brand: Brand, language: str) -> Reader:
    """The reader behind a request."""
    return Reader(principal_of(request), brand, language)


@dataclass(frozen=True)
class Entry:
    """An article in a list. `lang` where it is not in the reader's language."""

    pk: int
    title: str
    summary: str
    url: str
    lang: str = ""


@dataclass
class Shelf:
    """A collection, and those in it."""

    row: Collection
    url: str
    is_filled: bool
    inside: list[Shelf] = field(default_factory=list)

    @property
    def icon(self) -> str:
        """The picture of the collection in the sprite."""
        return self.row.icon or ICON

    @property
    def is_shown(self) -> bool:
        """Whether there is anything to read in it."""
        return self.is_filled or any(shelf.is_shown for shelf in self.inside)


@dataclass(frozen=True)
class Shelves:
    """All collections in which this reader finds something."""

    top: list[Shelf]
    by_slug: dict[str, Shelf]

    def parent_of(self, shelf: Shelf) -> Shelf | None:
        """The collection it stands in, if that is on this counter."""
        return next((one for one in self.top if shelf in one.inside), None)


def shelves_of(reader: Reader) -> Shelves:
    """The collections in their order. One query; an empty one is not there, as if it did not exist."""
    readable = reader.articles().filter(collection=OuterRef("pk"))
    rows = Collection.objects.visible_to(reader.principal).for_brand(reader.brand).filter(is_active=True)
    found = {
        row.pk: Shelf(row, collection_url(reader.language, row.slug), row.is_filled)
        for row in rows.annotate(is_filled=Exists(readable))
    }
    top: list[Shelf] = []
    for shelf in found.values():
        above = found.get(shelf.row.parent_id or 0)
        (above.inside if above else top).append(shelf)
    for shelf in found.values():
        shelf.inside = [one for one in shelf.inside if one.is_shown]
    shown = [shelf for shelf in found.values() if shelf.is_shown]
    return Shelves([shelf for shelf in top if shelf.is_shown], {shelf.row.slug: shelf for shelf in shown})


def page_of(reader: Reader, collection: Collection, *, after: str) -> tuple[list[Entry], int | None]:
    """Articles of a collection behind the article `after` (its number as typed), and the number from which the next
    page goes on, if there is one."""
    rows = reader.articles().filter(collection=collection).order_by("position", "pk")
    start = Article.objects.filter(pk=int(after), collection=collection).first() if _is_number(after) else None
    if start is not None:
        rows = rows.filter(behind(start))
    found = list(rows[: A_PAGE + 1])
    return entries(reader, found[:A_PAGE]), found[A_PAGE - 1].pk if len(found) > A_PAGE else None


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 19


def behind(article: Article) -> Q:
    """What stands behind an article in its collection."""
    return Q(position__gt=article.position) | Q(position=article.position, pk__gt=article.pk)


def before(article: Article) -> Q:
    """What stands before an article in its collection."""
    return Q(position__lt=article.position) | Q(position=article.position, pk__lt=article.pk)


def often_read(reader: Reader, *, most: int = OFTEN, **only: object) -> list[Entry]:
    """What is read most these weeks in the reader's language, the most first. `only`: further conditions on the
    article."""
    readable = reader.articles().filter(pk=OuterRef("article_id"), **only)
    rows = ArticleText.objects.published().filter(Exists(readable), language=reader.language, recent_reads__gt=0)
    rows = rows.select_related("published").defer(*HEAVY).order_by("-recent_reads", "pk")
    return [_entry(reader, text) for text in rows[:most]]


def entries(reader: Reader, articles: Iterable[Article]) -> list[Entry]:
    """These articles (which he may read) in this order, each in his language, else in its main one."""
    return [_entry(reader, read.text) for read in with_texts(articles, reader.language)]


def _entry(reader: Reader, text: ArticleText) -> Entry:
    words = cast(ArticleVersion, text.published)
    url = article_url(reader.language, text.article_id, text.slug)
    return Entry(
        text.article_id, words.title, words.summary, url, "" if text.language == reader.language else text.language
    )
