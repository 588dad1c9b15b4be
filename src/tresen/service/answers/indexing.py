"""Keeping the index of articles: one text at a time as it is published, or all of them anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tresen.core.knowledge.models import ArticleText, ArticleVersion
from tresen.service.answers.models import IndexedText, IndexWord
from tresen.service.answers.vocabulary import count_anew
from tresen.service.answers.words import MADE_WITH, weights_of

CHUNK = 200
# A word lies in a row with all its places, so nothing is locked in another order.
_ORDER = ("language", "word")
# A word that goes while it is looked for is entered again.
_TRIES = 3


@transaction.atomic
def index_text(article: int, language: str) -> None:
    """Make the index say of this text what readers see of it; nothing where they see nothing. May run twice."""
    text = ArticleText.objects.filter(article=article, language=language).select_related("published").first()
    version = text.published if text else None
    # Who is first makes the row, and whoever comes then waits for him.
    IndexedText.objects.bulk_create(
        [IndexedText(article_id=article, language=language, of_version=0, made_with=0)] if version else [],
        ignore_conflicts=True,
    )
    row = IndexedText.objects.select_for_update().filter(article=article, language=language).first()
    if row is None or (version and row.of_version == version.pk and row.made_with == MADE_WITH):
        return
    fresh = _weights(version, language) if version else {}
    _place({language: {article: (row.weights, fresh)}})
    count_anew()
    if version is None:
        row.delete()
        return
    row.weights, row.of_version, row.made_with = fresh, version.pk, MADE_WITH
    row.save(update_fields=["weights", "of_version", "made_with"])


def missing_texts() -> QuerySet[ArticleText]:
    """Published texts that the index does not know as they are."""
    known = IndexedText.objects.filter(
        article=OuterRef("article"), language=OuterRef("language"), of_version=OuterRef("published"),
        made_with=MADE_WITH,
    )  # fmt: skip
    return ArticleText.objects.published().filter(~Exists(known)).order_by("pk")


def rebuild(progress: Callable[[int, int], None] | None = None, *, chunk: int = CHUNK) -> int:
    """Make the index anew from the published texts and return how many there are. The desk goes on meanwhile: what is
    not indexed yet is not found yet."""
    with transaction.atomic():
        IndexWord.objects.all().delete()
        IndexedText.objects.all().delete()
    texts = ArticleText.objects.published()
    total, done, last = texts.count(), 0, 0
    while found := list(texts.filter(pk__gt=last).select_related("published").order_by("pk")[:chunk]):
        with transaction.atomic():
            _index_new(found)
        last, done = found[-1].pk, done + len(found)
        if progress:
            progress(done, max(total, done))
    count_anew()
    return done


def _index_new(texts: Iterable[ArticleText]) -> None:
    """Texts that the index does not know yet; one that somebody has indexed meanwhile is left."""
    rows = [
        IndexedText(
            article_id=text.article_id, language=text.language, of_version=text.published.pk, made_with=MADE_WITH,
            weights=_weights(text.published, text.language),
        )
        for text in texts
        if text.published
    ]  # fmt: skip
    keys = Q()
    for row in rows:
        keys |= Q(article=row.article_id, language=row.language)
    known = set(IndexedText.objects.filter(keys).values_list("article", "language")) if rows else set()
    rows = [row for row in rows if (row.article_id, row.language) not in known]
    IndexedText.objects.bulk_create(rows)
    changes: dict[str, dict[int, tuple[dict[str, int], dict[str, int]]]] = defaultdict(dict)
    for row in rows:
        changes[row.language][row.article_id] = ({}, row.weights)
    _place(changes)


def _weights(version: ArticleVersion, language: str) -> dict[str, int]:
    return weights_of(language, title=version.title, summary=version.summary, html=version.html)


def _place(changes: dict[str, dict[int, tuple[dict[str, int], dict[str, int]]]]) -> None:
    """Enter into the words where they stand from now on: by language and article, the weights before and now."""
    for language in sorted(changes):
        edits: dict[str, dict[str, int]] = defaultdict(dict)
        for article, (before, now) in changes[language].items():
            for word in before.keys() | now.keys():
                if before.get(word) != now.get(word):
                    edits[word][str(article)] = now.get(word, 0)
        _edit_words(language, edits)


def _edit_words(language: str, edits: dict[str, dict[str, int]]) -> None:
    wanted = sorted(edits)
    for _n in range(_TRIES):
        found = _edit_found(language, wanted, edits)
        wanted = [word for word in wanted if word not in found and any(edits[word].values())]
        if not wanted:
            return


def _edit_found(language: str, wanted: list[str], edits: dict[str, dict[str, int]]) -> set[str]:
    """Edits these words, made where there are none. Which there were: another worker may have deleted one in between,
    when it was known and could not be locked any more."""
    found = set[str]()
    IndexWord.objects.bulk_create(
        [IndexWord(language=language, word=word, backwards=word[::-1]) for word in wanted],
        batch_size=1000, ignore_conflicts=True,
    )  # fmt: skip
    for start in range(0, len(wanted), 1000):
        here = IndexWord.objects.filter(language=language, word__in=wanted[start : start + 1000])
        rows = list(here.select_for_update().order_by(*_ORDER))
        found |= {row.word for row in rows}
        for row in rows:
            row.articles.update(edits[row.word])
            row.articles = {article: weight for article, weight in row.articles.items() if weight}
        IndexWord.objects.bulk_update([row for row in rows if row.articles], ["articles"], batch_size=500)
        IndexWord.objects.filter(pk__in=[row.pk for row in rows if not row.articles]).delete()
    return found
