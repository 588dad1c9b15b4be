"""How well articles are found: what customers type, and the article that answers it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tresen.core.knowledge.models import Article, ArticleText, ArticleVersion, Collection, SourceFormat, TextState
from tresen.core.people.principals import NOBODY
from tresen.kit import clock
from tresen.service.answers.indexing import rebuild
from tresen.service.answers.services import search_articles

LANGUAGES = ("de", "pl", "en")
_HERE = Path(__file__).parent
_FIRST = 3


@dataclass
class Quality:
    """By language: how many questions there are, and those whose article is not among the first three."""

    asked: dict[str, int] = field(default_factory=dict)
    missed: list[tuple[str, str, str, list[str]]] = field(default_factory=list)
    # Lines that mean nothing and found something.
    answered_nonsense: list[str] = field(default_factory=list)

    def recall(self, language: str = "") -> float:
        """The share of questions whose article is among the first three."""
        asked = sum(count for lang, count in self.asked.items() if language in ("", lang))
        missed = sum(lang == language or not language for lang, *_more in self.missed)
        return 1 - missed / asked


def questions(language: str) -> Iterator[tuple[str, str]]:
    """What is typed, and the key of the article that answers it."""
    for line in (_HERE / f"queries.{language}.txt").read_text("utf-8").splitlines():
        typed, _arrow, key = line.rpartition(" => ")
        yield typed, key


def articles(language: str) -> Iterator[tuple[str, str, str, str]]:
    """Key, title, summary and body."""
    for block in (_HERE / f"articles.{language}.txt").read_text("utf-8").strip().split("\n\n"):
        key, title, summary, body = block.splitlines()
        yield key, title, summary, body


def make_articles() -> dict[str, int]:
    """Publish the articles, each in three languages, and index them; gives the row of each key."""
    now = clock.now()
    shelf = Collection.objects.create(slug="measured", names={"en": "Measured"})
    keys: dict[str, Article] = {}
    for language in LANGUAGES:
        for key, title, summary, body in articles(language):
            if key not in keys:
                keys[key] = Article.objects.create(collection=shelf, language=language, created_at=now, changed_at=now)
            text = ArticleText.objects.create(
                article=keys[key], language=language, slug=key, state=TextState.PUBLISHED, published_at=now
            )
            version = ArticleVersion.objects.create(
                text=text, number=1, title=title, summary=summary, format=SourceFormat.HTML, source="",
                html=f"<p>{body}</p>", made_at=now, was_published=True,
            )  # fmt: skip
            text.newest = text.published = version
            text.save(update_fields=["newest", "published"])
    rebuild()
    return {key: article.pk for key, article in keys.items()}


def measure() -> Quality:
    """Ask everything. The articles are made; there are no others."""
    rows = make_articles()
    names = {row: key for key, row in rows.items()}
    quality = Quality()
    for language in LANGUAGES:
        for typed, key in questions(language):
            quality.asked[language] = quality.asked.get(language, 0) + 1
            found = search_articles(typed, language=language, principal=NOBODY, limit=_FIRST)
            if rows[key] not in [hit.article.pk for hit in found.hits]:
                quality.missed.append((language, typed, key, [names[hit.article.pk] for hit in found.hits]))
    for line in (_HERE / "nonsense.txt").read_text("utf-8").splitlines():
        for language in LANGUAGES:
            if search_articles(line, language=language, principal=NOBODY, limit=_FIRST).hits:
                quality.answered_nonsense.append(f"{language}: {line}")
    return quality
