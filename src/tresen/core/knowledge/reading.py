"""What a reader gets of an article: its published words in his language, else in the main one, else in any."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from tresen.core.knowledge.models import Article, ArticleText

HEAVY = ("published__source", "published__html")


@dataclass(frozen=True)
class Read:
    """An article with the text that is shown of it; `text.published` holds the words."""

    article: Article
    text: ArticleText

    @property
    def title(self) -> str:
        """Of the published words."""
        assert self.text.published is not None
        return self.text.published.title

    @property
    def summary(self) -> str:
        """Of the published words."""
        assert self.text.published is not None
        return self.text.published.summary


def text_for(article: Article, language: str) -> ArticleText | None:
    """The published text for a reader of that language; None where nothing is published. `text.published` is read with
    it."""
    texts = ArticleText.objects.filter(article=article).published().select_related("published")
    return best(texts, article.language, language)


def with_texts(articles: Iterable[Article], language: str, *, with_html: bool = False) -> list[Read]:
    """Each article that has something published, in the order given, with the text for a reader of that language: one
    query for all. Source and HTML are left out unless `with_html`."""
    rows = list(articles)
    texts: QuerySet[ArticleText] = (
        ArticleText.objects.filter(article__in=[row.pk for row in rows]).published().select_related("published")
    )
    if not with_html:
        texts = texts.defer(*HEAVY)
    found: dict[int, list[ArticleText]] = {}
    for text in texts:
        found.setdefault(text.article_id, []).append(text)
    reads = []
    for article in rows:
        shown = best(found.get(article.pk, []), article.language, language)
        if shown is not None:
            shown.article = article
            reads.append(Read(article, shown))
    return reads


def best(texts: Iterable[ArticleText], main: str, wanted: str) -> ArticleText | None:
    """Of several languages the wanted one, else the main one, else the first there is."""
    by_language = {text.language: text for text in texts}
    first = next(iter(by_language.values()), None)
    return by_language.get(wanted[:2]) or by_language.get(main) or first


def is_out_of_date(text: ArticleText, main: ArticleText | None) -> bool:
    """Whether a published translation says what the main text said before it was published anew."""
    if main is None or text.language == main.language or text.published_id is None or main.published is None:
        return False
    return text.follows != main.published.number
