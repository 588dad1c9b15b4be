"""What becomes of an article: read, helpful or not and why, asked after all. Counted by day and language, never who."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from tresen.core.knowledge.models import Article, ArticleDay, ArticleText, ArticleUse, ArticleVote, UseKind
from tresen.core.people.models import Contact
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record

RECENT_DAYS = 28
MOST_WORDS = 2000
# One statement, so that two readers at once are counted one after the other.
ADD = """
INSERT INTO knowledge_articleday (article_id, language, day, reads, helpful, unhelpful, asked_after)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (article_id, language, day) DO UPDATE SET
    reads = knowledge_articleday.reads + excluded.reads,
    helpful = knowledge_articleday.helpful + excluded.helpful,
    unhelpful = knowledge_articleday.unhelpful + excluded.unhelpful,
    asked_after = knowledge_articleday.asked_after + excluded.asked_after
"""


def _add(
    article_id: int, language: str, *, reads: int = 0, helpful: int = 0, unhelpful: int = 0, asked: int = 0
) -> None:
    today = connection.ops.adapt_datefield_value(clock.now().date())
    with connection.cursor() as cursor:
        cursor.execute(ADD, [article_id, language, today, reads, helpful, unhelpful, asked])


def count_read(article: Article, language: str) -> None:
    """Somebody has read it."""
    _add(article.pk, language, reads=1)


def count_vote(article: Article, language: str, *, is_helpful: bool) -> None:
    """A reader said with one click whether it helped."""
    _add(article.pk, language, helpful=int(is_helpful), unhelpful=int(not is_helpful))


@transaction.atomic
def leave_words(
    article: Article, language: str, *, is_helpful: bool, words: str, contact: Contact | None, by: Actor
) -> ArticleVote:
    """He also said why (at most MOST_WORDS letters are kept). Event `article.remarked`."""
    text = article.texts.filter(language=language).first()
    vote = ArticleVote.objects.create(
        article=article, version_id=text.published_id if text else None, language=language, is_helpful=is_helpful,
        words=words.strip()[:MOST_WORDS], contact=contact, at=clock.now(),
    )  # fmt: skip
    record("article.remarked", stream=article, by=by, changes={"vote": vote.pk, "helpful": is_helpful})
    return vote


@transaction.atomic
def settle_vote(vote: ArticleVote, *, by: Actor) -> None:
    """Somebody has seen to what the reader said. Event `article.remark_settled`, none where it is settled already."""
    held = ArticleVote.objects.select_for_update(of=("self",)).select_related("article").get(pk=vote.pk)
    if held.settled_at is None:
        held.settled_at = clock.now()
        held.save(update_fields=["settled_at"])
        record("article.remark_settled", stream=held.article, by=by, changes={"vote": held.pk})


@transaction.atomic
def carry_along(article: Article, ticket: Ticket, *, title: str, by: Actor) -> None:
    """The requester came to his request from the article, which did not help. Event `article.carried` on the ticket;
    `title` as he read it."""
    _row, is_new = ArticleUse.objects.get_or_create(
        article=article, ticket=ticket, kind=UseKind.CARRIED, defaults={"at": clock.now()}
    )
    if is_new:
        record("article.carried", stream=ticket, by=by, changes={"article": article.pk, "title": title})


def count_asked_after(read: Iterable[tuple[int, str]]) -> None:
    """Somebody wrote to us who had read these (article, language) within the hour."""
    for article_id, language in sorted(set(read)):
        _add(article_id, language, asked=1)


def count_recent_reads(today: date) -> int:
    """Writes down for every text how often it was read in the last RECENT_DAYS, for lists of what is read most; how
    many texts have another number than before."""
    days = ArticleDay.objects.filter(
        article=OuterRef("article"), language=OuterRef("language"), day__gt=today - timedelta(days=RECENT_DAYS)
    )
    total = Coalesce(Subquery(days.order_by().values("article").annotate(n=Sum("reads")).values("n")), 0)
    return ArticleText.objects.annotate(counted=total).exclude(recent_reads=F("counted")).update(recent_reads=total)
