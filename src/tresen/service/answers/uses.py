"""Articles on tickets: which may answer one, which an agent has linked, which left in an answer."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from tresen.core.knowledge.models import Article, ArticleText, ArticleUse, UseKind
from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Message, Ticket
from tresen.kit import clock
from tresen.service.answers.addresses import articles_in, url_of
from tresen.service.answers.searching import search_articles
from tresen.service.answers.words import body_text
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.events.services import record

MOST_OFFERED = 3
# An article that is meant for the category of the ticket counts so much more.
_SAME_CATEGORY = 1.3
_FIRST_WORDS = 120


@dataclass(frozen=True)
class Offer:
    """An article for a ticket: what goes into an answer, and whether its requester may read it."""

    article: Article
    text: ArticleText
    title: str
    summary: str
    url: str
    is_for_requester: bool

    @property
    def link(self) -> str:
        """As it goes into an answer."""
        return f"{self.title}\n{self.url}"


def offers_for(ticket: Ticket, principal: Principal, *, limit: int = MOST_OFFERED) -> list[Offer]:
    """Articles that may answer the ticket, by its subject, else by how its first message begins."""
    language = ticket.language or ticket.brand.language
    for words in (ticket.subject, _first_words(ticket)):
        found = search_articles(words, language=language, principal=principal, brand=ticket.brand, limit=2 * limit)
        if found.hits:
            ranked = sorted(found.hits, key=lambda hit: -hit.score * _factor(hit.article, ticket))[:limit]
            return offers_of([hit.text for hit in ranked], ticket)
    return []


def offers_of(texts: list[ArticleText], ticket: Ticket) -> list[Offer]:
    """These texts as they go into an answer on the ticket. One query."""
    reader = Principal.of_contact(ticket.requester)
    readable = Article.objects.filter(pk__in=[text.article_id for text in texts]).readable_by(reader)
    allowed = set(readable.for_brand(ticket.brand).values_list("pk", flat=True))
    return [
        Offer(
            text.article, text, text.published.title, text.published.summary, url_of(text, ticket.brand),
            text.article_id in allowed,
        )
        for text in texts
        if text.published
    ]  # fmt: skip


def words_for_answer(offer: Offer) -> str:
    """The whole article as text of an answer."""
    version = offer.text.published
    return f"{offer.title}\n\n{body_text(version.html)}" if version else ""


def _factor(article: Article, ticket: Ticket) -> float:
    return _SAME_CATEGORY if article.category_id and article.category_id == ticket.category_id else 1.0


def _first_words(ticket: Ticket) -> str:
    first = ticket.messages.order_by("pk").values_list("text", flat=True).first() or ""
    return " ".join(first[: 4 * _FIRST_WORDS].split())[:_FIRST_WORDS]


def uses_on(ticket: Ticket) -> QuerySet[ArticleUse]:
    """What was linked, sent or read before asking, the oldest first."""
    rows = ArticleUse.objects.filter(ticket=ticket).select_related("article", "agent__user")
    return rows.prefetch_related("article__texts__published")


@transaction.atomic
def link_article(ticket: Ticket, article: Article, *, agent: Agent | None, by: Actor) -> None:
    """It is about this. Event `article.linked`, none where it is linked already."""
    row, is_new = ArticleUse.objects.get_or_create(
        article=article, ticket=ticket, kind=UseKind.LINKED, defaults={"agent": agent, "at": clock.now()}
    )
    if is_new:
        record("article.linked", stream=article, by=by, changes={"ticket": ticket.pk, "use": row.pk})


@transaction.atomic
def unlink_article(ticket: Ticket, article: Article, *, by: Actor) -> None:
    """It is not about this after all. Event `article.unlinked`."""
    if ArticleUse.objects.filter(article=article, ticket=ticket, kind=UseKind.LINKED).delete()[0]:
        record("article.unlinked", stream=article, by=by, changes={"ticket": ticket.pk})


def note_sent(event: Event) -> None:
    """Reaction to `reply.added`: articles whose addresses stand in the reply were sent. May run twice."""
    message = Message.objects.select_related("ticket__brand", "agent").filter(pk=event.changes.get("message")).first()
    if message is None or "/help/" not in message.text:
        return
    keys = articles_in(message.text, message.ticket.brand)
    rows = [
        ArticleUse(
            article=article, ticket=message.ticket, kind=UseKind.SENT, message=message, agent=message.agent,
            at=clock.now(),
        )
        for article in Article.objects.filter(pk__in=keys)
    ]  # fmt: skip
    ArticleUse.objects.bulk_create(rows, ignore_conflicts=True)
