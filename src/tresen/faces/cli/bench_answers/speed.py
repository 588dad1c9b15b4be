"""How fast articles are found among five thousand, each in three languages."""

from __future__ import annotations

import random
import time
from statistics import median

from django.db import transaction

from tresen.core.knowledge.models import Article, ArticleText, ArticleVersion, Collection, SourceFormat, TextState
from tresen.core.people.principals import NOBODY
from tresen.faces.cli.bench_answers.measuring import LANGUAGES, articles, measure, questions
from tresen.kit import clock
from tresen.service.answers.indexing import rebuild
from tresen.service.answers.services import search_articles

ARTICLES = 5000
_SENTENCES = 12


def measure_articles(count: int = ARTICLES) -> dict[str, float]:
    """How many lines of customers find their article, and how long a search takes; what is made for it is undone."""
    with transaction.atomic():
        Article.objects.update(retired_at=clock.now())
        quality = measure()
        figures = {
            f"lines whose article is not among the first three, {language}": round(1 - quality.recall(language), 3)
            for language in LANGUAGES
        }
        figures["lines asked"] = float(sum(quality.asked.values()))
        figures["lines of nonsense that find something"] = float(len(quality.answered_nonsense))
        figures |= _times(count)
        transaction.set_rollback(True)
    return figures


def _times(count: int) -> dict[str, float]:
    _write(count)
    began = time.perf_counter()
    texts = rebuild()
    seconds = time.perf_counter() - began
    taken = []
    for language in LANGUAGES:
        for typed, _key in questions(language):
            start = time.process_time()
            search_articles(typed, language=language, principal=NOBODY)
            taken.append(1000 * (time.process_time() - start))
    taken.sort()
    return {
        "articles": float(count), "texts indexed a second": round(texts / seconds, 1),
        "finding articles, ms at the median": round(median(taken), 1),
        "finding articles, ms at 95 %": round(taken[int(0.95 * len(taken))], 1),
    }  # fmt: skip


def _write(count: int) -> None:
    """Articles whose sentences are those of the measured ones, mixed, so that every word stands in hundreds."""
    dice, now = random.Random(6), clock.now()  # noqa: S311 - nothing is kept secret by it
    shelf = Collection.objects.create(slug="many", names={"en": "Many"})
    rows = Article.objects.bulk_create(
        [Article(collection=shelf, language="de", created_at=now, changed_at=now) for _number in range(count)]
    )
    for language in LANGUAGES:
        known = list(articles(language))
        sentences = [sentence for _key, _title, summary, body in known for sentence in [summary, *body.split(". ")]]
        texts = ArticleText.objects.bulk_create(
            [
                ArticleText(article=row, language=language, slug=f"a-{row.pk}", state=TextState.PUBLISHED)
                for row in rows
            ],
            batch_size=1000,
        )
        versions = [
            ArticleVersion(
                text=text, number=1, title=f"{dice.choice(known)[1]} {number}", summary=dice.choice(sentences),
                format=SourceFormat.HTML, source="", html=f"<p>{'. '.join(dice.choices(sentences, k=_SENTENCES))}.</p>",
                made_at=now, was_published=True,
            )
            for number, text in enumerate(texts)
        ]  # fmt: skip
        for text, version in zip(texts, ArticleVersion.objects.bulk_create(versions, batch_size=1000), strict=True):
            text.newest = text.published = version
        ArticleText.objects.bulk_update(texts, ["newest", "published"], batch_size=1000)
