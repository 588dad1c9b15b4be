"""What the public pages cost the server with a large knowledge base, and what a first visit weighs over the wire."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.test import Client

from tresen.core.knowledge.collections import create_collection
from tresen.core.knowledge.measuring import count_recent_reads
from tresen.core.knowledge.models import Article, ArticleDay, ArticleText, ArticleVersion, Collection, TextState
from tresen.core.knowledge.rendering import Rendered, Words, render
from tresen.core.knowledge.rows import address_of
from tresen.faces.cli.bench_screens import Figures
from tresen.kit import clock
from tresen.spine.events.actors import Actor

BY = Actor.system("bench")
ARTICLES = 5000
SHELVES = 24
BODIES = 40
READ_DAYS = 8
NAMED = re.compile(rb'(?:href|src)="(/static/[^"#]+)')
SENTENCES = (
    "Open the window of the network and choose the other entry.",
    "The symbol beside the clock turns from a ring into a full disc.",
    "If it does not, restart the router and wait for half a minute.",
    "The address stays there for the next time.",
    "Whoever has no phone at hand takes one of the codes that were printed.",
    "The printer is known by the number on its front.",
)
Ask = Callable[[Client, list[str], int], Figures]


def load_articles(count: int, *, seed: int = 1) -> None:
    """Adds so many published articles, each second one in two languages, with what readers did these weeks."""
    random = Random(seed)  # noqa: S311 - the same seed must give the same articles
    shelves = [
        create_collection(names={"en": f"Shelf {n}", "de": f"Regal {n}"}, icon="book", by=BY) for n in range(SHELVES)
    ]
    bodies = [render(Words("x", "In one sentence what this is about.", _source(random))) for _ in range(BODIES)]
    now = clock.now()
    articles = Article.objects.bulk_create(
        Article(
            collection=shelves[n % SHELVES], language="en", position=n % 500, created_at=now, changed_at=now,
        )
        for n in range(count)
    )  # fmt: skip
    texts = [_text(article, "en", n) for n, article in enumerate(articles)]
    texts += [_text(article, "de", n) for n, article in enumerate(articles) if n % 2]
    texts = ArticleText.objects.bulk_create(texts)
    versions = ArticleVersion.objects.bulk_create(_version(text, bodies[text.pk % BODIES]) for text in texts)
    for text, version in zip(texts, versions, strict=True):
        text.newest = text.published = version
    ArticleText.objects.bulk_update(texts, ["newest", "published"], batch_size=1000)
    days = (
        ArticleDay(article_id=text.article_id, language=text.language, day=(now - timedelta(days=back)).date(),
                   reads=random.randrange(1, 60))
        for text in texts for back in random.sample(range(28), READ_DAYS)
    )  # fmt: skip
    ArticleDay.objects.bulk_create(days, batch_size=5000)
    count_recent_reads(now.date())


def _source(random: Random) -> str:
    """About 450 words: what a longer guide has."""
    parts = []
    for number in range(5):
        said = " ".join(random.choice(SENTENCES) for _ in range(7))
        steps = "\n".join(f"1. {random.choice(SENTENCES)}" for _ in range(4))
        parts.append(f"## Part {number}\n\n{said}\n\n{steps}\n")
    return "\n".join([*parts, "```\nsecond.lindhafen.example\n```"])


def _text(article: Article, language: str, number: int) -> ArticleText:
    slug = address_of(_title(number), language)
    at = clock.now() - timedelta(minutes=number)
    return ArticleText(article=article, language=language, slug=slug, state=TextState.PUBLISHED, published_at=at)


def _title(number: int) -> str:
    return f"How to find the way back, number {number}"


def _version(text: ArticleText, body: Rendered) -> ArticleVersion:
    return ArticleVersion(
        text=text, number=1, title=text.slug.replace("-", " "), summary=body.words.summary, source=body.words.source,
        html=body.html, made_with=body.made_with, made_at=clock.now(), was_published=True,
    )  # fmt: skip


def measure_public(ask: Ask, *, repeat: int, articles: int = ARTICLES) -> dict[str, Figures]:
    """Figures by name of the page, as a guest of whom nothing is known asks for it; `bytes` are those of a first visit,
    with styles, scripts and icons. What is made for it is undone. Raises
    RuntimeError when a page does not answer 200."""
    with transaction.atomic():
        load_articles(articles)
        found = _measured(ask, repeat)
        transaction.set_rollback(True)
    return found


def _measured(ask: Ask, repeat: int) -> dict[str, Figures]:
    client = Client(headers={"host": urlsplit(settings.BASE_URL).netloc, "accept-language": "en"})
    texts = ArticleText.objects.filter(language="en", article__collection__slug__startswith="shelf").order_by("-pk")
    pages = [f"/help/en/{text.article_id}-{text.slug}/" for text in texts[:repeat]]
    shelves = Collection.objects.filter(slug__startswith="shelf").values_list("slug", flat=True)[:repeat]
    paths = {
        "public article": pages, "public collection": [f"/help/en/{slug}/" for slug in shelves],
        "home of the knowledge base": ["/help/"], "home of the portal": ["/"],
    }  # fmt: skip
    found = {name: ask(client, addresses, repeat) for name, addresses in paths.items()}
    for name, addresses in paths.items():
        found[name]["bytes"] = first_visit(client, addresses[0])
    return found


def first_visit(client: Client, path: str) -> int:
    """Bytes over the wire of a page and all it names, each compressed as it is served."""
    page = client.get(path).content
    named = {found.decode() for found in NAMED.findall(page)}
    return len(gzip.compress(page)) + sum(_wire(address) for address in named)


def _wire(address: str) -> int:
    file = Path(settings.STATIC_ROOT) / address.removeprefix(settings.STATIC_URL)
    packed = file.with_name(f"{file.name}.gz")
    return (packed if packed.exists() else file).stat().st_size
