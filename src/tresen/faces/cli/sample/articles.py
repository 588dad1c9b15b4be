"""The knowledge base of the sample desk, from `content/articles.toml`, as it looks after some weeks of readers."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from typing import Any

from tresen.core.knowledge.collections import create_collection
from tresen.core.knowledge.measuring import count_recent_reads
from tresen.core.knowledge.models import Article, ArticleDay, ArticleText, ArticleVote, Audience, Collection
from tresen.core.knowledge.publishing import publish
from tresen.core.knowledge.rendering import Words
from tresen.core.knowledge.reviewing import ask_for_review
from tresen.core.knowledge.services import create_article
from tresen.core.knowledge.writing import save_text
from tresen.core.people.models import LANGUAGES
from tresen.faces.cli.sample.house import BY, House
from tresen.faces.cli.sample.stories import CONTENT
from tresen.service.answers.indexing import rebuild
from tresen.service.answers.jobs import index_article_text
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.models import Job

DAYS = 21


def add_articles(house: House, *, now: datetime) -> None:
    """Makes collections and articles, and counts what readers did with them."""
    with open(CONTENT / "articles.toml", "rb") as file:
        tables = tomllib.load(file)
    shelves = {
        table["key"]: create_collection(
            names=table["names"], descriptions=table["descriptions"], icon=table["icon"], by=BY
        )
        for table in tables["collection"]
    }
    articles = [_add_article(table, shelves, house, now) for table in tables["article"]]
    days = [
        day for table, article in zip(tables["article"], articles, strict=True) for day in _days(table, article, now)
    ]
    ArticleDay.objects.bulk_create(days)
    count_recent_reads(now.date())
    ArticleVote.objects.bulk_create(
        ArticleVote(
            article=articles[table["article"]], language=table["language"], words=table["words"],
            is_helpful=table.get("is_helpful", False), at=now - timedelta(hours=30 * (place + 1)),
        )
        for place, table in enumerate(tables["vote"])
    )  # fmt: skip
    # All at once is cheaper than a job each, and nothing is left waiting.
    rebuild()
    Job.objects.filter(name=index_article_text.name).delete()


def _add_article(table: dict[str, Any], shelves: dict[str, Collection], house: House, now: datetime) -> Article:
    main, *others = [code for code in table if code in dict(LANGUAGES)]
    keeper, old = house.agents.get(table.get("keeper", "")), table.get("old", "")
    by = Actor.agent(keeper) if keeper else BY
    article = create_article(
        collection=shelves[table["collection"]], language=main, words=_words(table[main], "before" if old else ""),
        audience=table.get("audience", Audience.EVERYBODY), category=house.categories.get(table.get("category", "")),
        keeper=keeper, look_again_on=now.date() + timedelta(days=table.get("look_again", 180)), by=by,
    )  # fmt: skip
    text = ArticleText.objects.select_related("article").get(article=article)
    if "reviewer" in table and keeper:
        ask_for_review(text, reviewer=house.agents[table["reviewer"]], words=table["ask"], agent=keeper, by=by)
    if table.get("is_draft"):
        return article
    publish(text, by=by)
    if old:
        publish(save_text(article, old, _words(table[old]), by=by), by=by)
        publish(save_text(article, main, _words(table[main]), by=by), by=by)
    for code in others:
        if code != old:
            publish(save_text(article, code, _words(table[code]), by=by), by=by)
    return article


def _words(table: dict[str, str], source: str = "") -> Words:
    return Words(table["title"], table["summary"], table[source or "source"].strip() + "\n")


def _days(table: dict[str, Any], article: Article, now: datetime) -> list[ArticleDay]:
    """A row a language and day; on a Sunday nobody reads."""
    found = []
    for back in range(DAYS):
        day = (now - timedelta(days=back)).date()
        reads = table.get("reads", 0)
        for language in (code for code in table if code in dict(LANGUAGES)) if day.weekday() < 6 and reads else ():
            counted = reads // (1 if language == article.language else 3) + back % 3
            voted = {
                "helpful": -(-counted * table.get("helpful", 0) // 100),
                "unhelpful": -(-counted * table.get("unhelpful", 0) // 100),
            }
            asked = int(back % 9 == 0) * table.get("asked_after", 0)
            found.append(
                ArticleDay(article=article, language=language, day=day, reads=counted, asked_after=asked, **voted)
            )
    return found
