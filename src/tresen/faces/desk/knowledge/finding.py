"""One article of the desk, with what its pages ask for again and again."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from tresen.core.knowledge.models import Article, ArticleText
from tresen.core.knowledge.reading import is_out_of_date
from tresen.core.people.models import Language
from tresen.faces.desk.access import StaffRequest


@dataclass(frozen=True)
class Tongue:
    """A language of an article: its text, if it has one, and whether that is out of date."""

    code: str
    text: ArticleText | None
    is_main: bool = False
    is_old: bool = False

    @property
    def label(self) -> str:
        """The language in itself."""
        return str(Language(self.code).label)


@dataclass(frozen=True)
class Opened:
    """An article with its texts by language."""

    article: Article
    texts: dict[str, ArticleText]

    @property
    def main(self) -> ArticleText | None:
        """The text in the main language."""
        return self.texts.get(self.article.language)

    @property
    def title(self) -> str:
        """In the reader's desk language where there is one, else in the main one."""
        text = self.main or next(iter(self.texts.values()), None)
        return text.newest.title if text and text.newest else ""

    @property
    def tongues(self) -> list[Tongue]:
        """Every language, the main one first."""
        codes = sorted(Language.values, key=lambda code: code != self.article.language)
        return [self.tongue(code) for code in codes]

    def tongue(self, code: str) -> Tongue:
        """One language."""
        text = self.texts.get(code)
        old = text is not None and is_out_of_date(text, self.main)
        return Tongue(code, text, code == self.article.language, old)


def opened_or_404(request: StaffRequest, pk: int, language: str = "") -> Opened:
    """The article that the agent sees; a language that is none is not there either. Raises Http404."""
    rows = Article.objects.visible_to(request.principal).select_related("collection", "keeper__user", "category")
    article = rows.filter(pk=pk).first()
    if article is None or (language and language not in Language.values):
        raise Http404
    texts = article.texts.select_related("newest", "published", "reviewer__user")
    found = {text.language: text for text in texts}
    for text in found.values():
        text.article = article
    return Opened(article, found)


def text_or_404(opened: Opened, language: str) -> ArticleText:
    """The text in that language. Raises Http404."""
    text = opened.texts.get(language)
    if text is None:
        raise Http404
    return text
