"""The place of a message at which a search line found it, as one line of text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_

from django.db.models import Q

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Message, Ticket
from tresen.service.search.analyser import Term
from tresen.service.search.compiling import wanted_terms
from tresen.service.search.index import documents_matching
from tresen.service.search.models import SearchDocument
from tresen.service.search.tree import Query

LENGTH = 140
_BEFORE = 40
# More of a text than this is not looked through.
_MOST_TEXT = 20_000
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
    newest = _newest_documents(tickets, terms, principal)
    texts = Message.objects.filter(pk__in=newest.values()).values_list("pk", "ticket_id", "text")
    return {key: cut for _pk, key, text in texts if (cut := excerpt(text, pattern))}


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


def _newest_documents(tickets: Sequence[Ticket], terms: list[Term], principal: Principal) -> dict[int, int]:
    """The newest message of each ticket that has one of the terms, as ticket → message."""
    asked = reduce(or_, (Q(pk__in=documents_matching(term)) for term in terms))
    documents = SearchDocument.objects.visible_to(principal) if principal.contact else SearchDocument.objects.all()
    found = documents.filter(ticket__in=tickets, message__isnull=False).filter(asked).order_by("pk")
    return dict(found.values_list("ticket_id", "message_id"))
