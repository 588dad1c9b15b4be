"""One article as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.utils.translation import get_language_info

from tresen.core.knowledge.models import Article, ArticleFile, ArticleText, ArticleVersion
from tresen.core.knowledge.reading import best, is_out_of_date
from tresen.faces.portal.knowledge.addresses import CODES, absolute, article_url
from tresen.faces.portal.knowledge.outline import Outline, outline_of
from tresen.faces.portal.knowledge.shelf import Entry, Reader, before, behind, entries, often_read

NAMES = dict(settings.LANGUAGES)
RELATED = 4


@dataclass(frozen=True)
class Other:
    """The article in another language."""

    language: str
    url: str

    @property
    def name(self) -> str:
        """The language in its own words."""
        return str(get_language_info(self.language)["name_local"]).capitalize()


@dataclass(frozen=True)
class Page:
    """An article for this reader: `text` is what he is shown, `version` its words, `texts` those in languages of the
    brand."""

    reader: Reader
    article: Article
    text: ArticleText
    texts: list[ArticleText]

    @property
    def version(self) -> ArticleVersion:
        """The words that are shown."""
        return cast(ArticleVersion, self.text.published)

    @property
    def url(self) -> str:
        """Where it stands in the reader's language."""
        return article_url(self.reader.language, self.article.pk, self.text.slug)

    @property
    def outline(self) -> Outline:
        """Its parts and its HTML."""
        return outline_of(self.version.html)

    @property
    def is_foreign(self) -> bool:
        """Whether it is not there in the reader's language."""
        return self.text.language != self.reader.language

    @property
    def language_name(self) -> str:
        """The language that is shown, in the reader's words."""
        return str(NAMES[self.text.language])

    @property
    def others(self) -> list[Other]:
        """The other languages it is there in."""
        rows = [text for text in self.texts if text.language not in {self.text.language, self.reader.language}]
        return [Other(text.language, article_url(text.language, self.article.pk, text.slug)) for text in rows]

    @property
    def newer(self) -> Other | None:
        """The main text, where this translation follows an older state of it."""
        main = next((text for text in self.texts if text.language == self.article.language), None)
        if main is None or not is_out_of_date(self.text, main):
            return None
        return Other(main.language, article_url(main.language, self.article.pk, main.slug))

    @property
    def canonical(self) -> str:
        """The one address of these words, for search engines."""
        spoken = self.text.language in self.reader.brand.spoken
        language = self.text.language if spoken else self.reader.language
        return absolute(self.reader.brand, article_url(language, self.article.pk, self.text.slug))

    @property
    def alternates(self) -> list[Other]:
        """Its address in each language, for search engines."""
        return [
            Other(text.language, absolute(self.reader.brand, article_url(text.language, self.article.pk, text.slug)))
            for text in self.texts
        ]

    def beside(self) -> dict[str, Any]:
        """What stands before and behind it in its collection, and what else is read of the same matter."""
        rows = self.reader.articles().filter(collection=self.article.collection_id)
        last = rows.filter(before(self.article)).order_by("-position", "-pk").first()
        following = rows.filter(behind(self.article)).order_by("position", "pk").first()
        near = entries(self.reader, [row for row in (last, following) if row is not None])
        by_key = {entry.pk: entry for entry in near}
        return {
            "earlier": by_key.get(last.pk) if last else None,
            "later": by_key.get(following.pk) if following else None,
            "related": self._related({self.article.pk, *by_key}),
        }

    def _related(self, shown: set[int]) -> list[Entry]:
        if self.article.category_id is None:
            return []
        found = often_read(self.reader, most=RELATED + len(shown), category=self.article.category_id)
        return [entry for entry in found if entry.pk not in shown][:RELATED]

    def files(self) -> list[ArticleFile]:
        """Files that were there when the text was published and are not shown in it already."""
        at, rows = self.text.published_at, self.article.files.order_by("created_at")
        return [file for file in rows if at and file.created_at <= at and str(file.pk) not in self.version.html]


def page_for(reader: Reader, article_id: int) -> Page | None:
    """The article in the reader's language, else in its main one; None where he finds none here."""
    article = reader.articles().select_related("collection").filter(pk=article_id).first()
    if article is None:
        return None
    rows = ArticleText.objects.published().filter(article=article).select_related("published")
    texts = sorted(rows.defer("published__source"), key=lambda text: CODES.index(text.language))
    text = best(texts, article.language, reader.language)
    if text is None:
        return None
    spoken = [one for one in texts if one.language in reader.brand.spoken]
    return Page(reader, article, text, spoken)
