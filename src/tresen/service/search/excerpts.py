"""The place of a message at which a search line found it, as one line of text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Message, Ticket
from tresen.kit.prepared import prepared
from tresen.service.search.analyser import Term, holds
from tresen.service.search.compiling import wanted_terms
from tresen.service.search.conditions import is_inside
from tresen.service.search.models import SearchDocument
from tresen.service.search.querysets import SearchDocumentQuerySet
from tresen.service.search.tree import Query

LENGTH = 140
_BEFORE = 14
# More of a text than this is not looked through.
_MOST_TEXT = 20_000
# Tickets of hundreds of messages are not read whole for a line of a list.
_MOST_DOCUMENTS = 1000
# Letters with marks to plain ones, letter for letter, so that places stay.
_PLAIN = {
    code: unicodedata.normalize("NFD", chr(code))[0]
    for code in range(0xC0, 0x250)
    if len(unicodedata.normalize("NFD", chr(code))[0]) == 1
} | {ord(letter): plain for letter, plain in zip("łŁßøØđĐ", "lLsoOdD", strict=True)}


def excerpts(tickets: Sequence[Ticket], query: Query, principal: Principal) -> dict[int, str]:
    """Return, by the key of the ticket, where the newest message that was found has one of the words.

    Tickets whose subject alone was found have none. The tickets must be visible to the reader; from outside, so must
    the messages be. Two queries.
    """
    terms = wanted_terms(query)
    if not terms or not tickets:
        return {}
    pattern = _pattern(terms)
    texts = _texts.rows(tuple(_newest_messages(tickets, terms, principal)))
    return {key: cut for key, text in texts if (cut := excerpt(text, pattern))}


@prepared
def _texts(messages: tuple[int, ...]) -> QuerySet[Any, Any]:
    return Message.objects.filter(pk__in=messages).values_list("ticket_id", "text")


@prepared
def _documents(tickets: tuple[int, ...]) -> QuerySet[Any, Any]:
    return _read(SearchDocument.objects.all(), tickets)


def _read(documents: SearchDocumentQuerySet, tickets: tuple[int, ...]) -> QuerySet[Any, Any]:
    found = documents.filter(ticket__in=tickets, message__isnull=False).order_by("-pk")
    return found.values_list("ticket_id", "message_id", "tokens")[:_MOST_DOCUMENTS]


def excerpt(text: str, pattern: re.Pattern[str]) -> str:
    """The words around the first place that fits; empty when none does."""
    whole = text[:_MOST_TEXT]
    plain = whole.translate(_PLAIN).lower()
    match = pattern.search(plain) if len(plain) == len(whole) else None
    if match is None:
        return ""
    start = match.start()
    if start > _BEFORE:
        start = whole.find(" ", start - _BEFORE, start) + 1 or start
    else:
        start = 0
    cut = " ".join(whole[start : start + LENGTH].split())
    return ("… " if start else "") + cut + (" …" if start + LENGTH < len(whole) else "")


def _pattern(terms: Iterable[Term]) -> re.Pattern[str]:
    """Fits what begins like one of the spellings: a stem stands for all forms of its word."""
    sequences = {sequence.tokens for term in terms for sequence in term.alternatives}
    choices = ("[^a-z0-9]+".join(map(re.escape, tokens)) for tokens in sorted(sequences, key=len, reverse=True))
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(choices)})")


def _newest_messages(tickets: Sequence[Ticket], terms: list[Term], principal: Principal) -> list[int]:
    """The newest message of each ticket that has one of the terms. Their index words are read: cheaper than asking the
    index, which would look at every text of the desk."""
    keys = tuple(ticket.pk for ticket in tickets)
    found = _documents.rows(keys) if is_inside(principal) else list(_read(readable_documents(principal), keys))
    newest: dict[int, int] = {}
    for ticket, message, tokens in found:
        if ticket not in newest and any(holds(tokens, term) for term in terms):
            newest[ticket] = message
    return list(newest.values())


def readable_documents(principal: Principal) -> SearchDocumentQuerySet:
    """Documents to be narrowed to visible tickets: from inside all, from outside those that may be read."""
    documents = SearchDocument.objects.all()
    return documents if is_inside(principal) else documents.visible_to(principal)
