"""What became of articles, for those who keep them: read, helpful, sent, asked after; and which need work most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from tresen.core.knowledge.measuring import RECENT_DAYS
from tresen.core.knowledge.models import Article, ArticleDay, ArticleText, ArticleVote, UseKind
from tresen.core.tickets.choices import FINISHED
from tresen.core.tickets.models import Status
from tresen.spine.events.models import Event

BACK = ("message.received", "message.accepted", "ticket.changed")
# Of an article that was sent more often, the last so many tickets are looked at.
MOST_SENT = 500
COUNTED = ("reads", "helpful", "unhelpful", "asked_after")
# So many must have said that it did not help.
FEWEST_UNHELPFUL = 2
MOST_LISTED = 100


@dataclass(frozen=True)
class Figures:
    """Of the last weeks but for `sent`, `reopened` and `carried`, which are of all times and counted in tickets."""

    reads: int = 0
    helpful: int = 0
    unhelpful: int = 0
    asked_after: int = 0
    sent: int = 0
    reopened: int = 0
    linked: int = 0
    carried: int = 0

    @property
    def votes(self) -> int:
        """How many said whether it helped."""
        return self.helpful + self.unhelpful

    @property
    def share(self) -> int | None:
        """Percent of them whom it helped; None while nobody has said anything."""
        return round(100 * self.helpful / self.votes) if self.votes else None


def figures_of(article: Article, *, today: date) -> Figures:
    """All figures of one article."""
    days = _recent(today).filter(article=article).aggregate(**{name: Coalesce(Sum(name), 0) for name in COUNTED})
    uses = dict(article.uses.order_by().values_list("kind").annotate(Count("pk")))
    return Figures(
        **days, sent=uses.get(UseKind.SENT, 0), linked=uses.get(UseKind.LINKED, 0),
        carried=uses.get(UseKind.CARRIED, 0), reopened=_reopened(article) if uses.get(UseKind.SENT) else 0,
    )  # fmt: skip


def by_language(article: Article, *, today: date) -> list[tuple[str, Figures]]:
    """What readers did with it in each language that anybody read."""
    rows = _recent(today).filter(article=article).order_by("language").values("language")
    counted: Any = rows.annotate(**{f"n_{name}": Sum(name) for name in COUNTED})
    return [(row["language"], Figures(**{name: row[f"n_{name}"] for name in COUNTED})) for row in counted]


def _recent(today: date) -> QuerySet[ArticleDay]:
    return ArticleDay.objects.filter(day__gt=today - timedelta(days=RECENT_DAYS))


def _reopened(article: Article) -> int:
    """Tickets that were over once the article had been sent, and were taken up again."""
    uses = article.uses.filter(kind=UseKind.SENT).order_by("-pk").values_list("ticket_id", "at")[:MOST_SENT]
    sent = dict(uses)
    over = set(Status.objects.filter(category__in=FINISHED).values_list("slug", flat=True))
    events = Event.objects.filter(stream_kind="ticket", stream_id__in=sent, kind__in=BACK, changes__has_key="status")
    found = {
        ticket
        for ticket, at, changes in events.values_list("stream_id", "at", "changes")
        if at > sent[ticket] and changes["status"][0] in over and changes["status"][1] not in over
    }
    return len(found)


def needing_work(articles: QuerySet[Article], *, today: date) -> list[Any]:
    """Those that need work most, of these: not helpful, asked after, out of date, or with words nobody has settled.
    Each carries `n_reads`, `n_helpful`, `n_unhelpful`, `n_asked_after`, `n_words`, `is_behind`, `is_due`."""
    days = _recent(today).filter(article=OuterRef("pk")).order_by().values("article")
    counts: dict[str, Any] = {
        f"n_{name}": Coalesce(Subquery(days.annotate(n=Sum(name)).values("n")), 0) for name in COUNTED
    }
    words = ArticleVote.objects.filter(article=OuterRef("pk"), settled_at=None, is_helpful=False).order_by()
    main = ArticleText.objects.filter(article=OuterRef("article"), language=OuterRef("article__language"))
    behind = ArticleText.objects.published().filter(article=OuterRef("pk")).exclude(language=OuterRef("language"))
    behind = behind.annotate(main=Subquery(main.values("published__number"))).exclude(follows=F("main"))
    rows = articles.annotate(
        **counts, n_words=Coalesce(Subquery(words.values("article").annotate(n=Count("pk")).values("n")), 0),
        is_behind=Exists(behind), is_due=Q(look_again_on__lte=today),
    )  # fmt: skip
    weak = Q(n_unhelpful__gt=F("n_helpful"), n_unhelpful__gte=FEWEST_UNHELPFUL)
    found = rows.filter(weak | Q(n_asked_after__gt=0) | Q(n_words__gt=0) | Q(is_behind=True) | Q(is_due=True))
    return sorted(found[: MOST_LISTED * 5], key=_need, reverse=True)[:MOST_LISTED]


def _need(article: Any) -> tuple[int, int]:
    """How much an article needs work: what readers miss counts most, then what the calendar says."""
    missed = 3 * max(0, article.n_unhelpful - article.n_helpful) + 4 * article.n_asked_after + 3 * article.n_words
    return missed + 2 * bool(article.is_behind) + 2 * bool(article.is_due), article.n_reads


def open_words() -> QuerySet[ArticleVote]:
    """Words of readers that nobody has settled, the newest first."""
    return ArticleVote.objects.filter(settled_at=None).exclude(words="").order_by("-pk")
