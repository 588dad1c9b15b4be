"""Which articles are offered on a ticket."""

from __future__ import annotations

from typing import Any

from django.http import Http404

from tresen.core.knowledge.models import Article, ArticleText
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.service.answers.services import search_articles
from tresen.service.answers.uses import Offer, offers_for, offers_of
from tresen.service.texts.searching import fold

MOST_FOUND = 8


def offered(find: str, ticket: Ticket, principal: Principal) -> list[Offer]:
    """What these words find; without words what may answer the ticket."""
    if not find:
        return offers_for(ticket, principal)
    language = ticket.language or ticket.brand.language
    found = search_articles(
        find, language=language, principal=principal, brand=ticket.brand, limit=MOST_FOUND, typing=True
    )
    return offers_of([hit.text for hit in found.hits], ticket)


def offer_of(key: str, ticket: Ticket, principal: Principal) -> Offer:
    """The article as it is offered on this ticket, in its language where there is such a text. Raises Http404."""
    language = ticket.language or ticket.brand.language
    readable = Article.objects.readable_by(principal).for_brand(ticket.brand)
    number = int(key) if key.isdecimal() and len(key) < 18 else 0
    rows = ArticleText.objects.published().filter(article__in=readable, article=number)
    texts = sorted(
        rows.select_related("published", "article"), key=lambda text: (text.language != language,
                                                                       text.language != text.article.language),
    )  # fmt: skip
    if not texts:
        raise Http404
    return offers_of(texts[:1], ticket)[0]


def article_choices(ticket: Ticket, principal: Principal, language: str, find: str) -> list[dict[str, Any]]:
    """What <text-picker> offers beside saved replies: what was searched for, else what may answer the ticket."""
    offers = offered(find, ticket, principal)
    return [
        {"key": one.article.pk, "title": one.title, "summary": one.summary, "language": one.text.language,
         "words": fold(f"{one.title} {one.summary} {find}")}
        for one in offers if one.is_for_requester
    ]  # fmt: skip
