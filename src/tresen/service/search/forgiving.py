"""Typing mistakes forgiven: a word that nothing has is taken for the nearest one that something has.

Only texts that the reader may see are asked, so nothing is told by what is offered. The nearest are looked for in the
index itself: first everything one letter away, then, for longer words, what begins the same and is two letters away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.service.search.analyser import Sequence, Term, words_of
from tresen.service.search.compiling import compile_query
from tresen.service.search.conditions import Written
from tresen.service.search.excerpts import readable_documents
from tresen.service.search.spelling import distance, one_away
from tresen.service.search.tree import And, Node, Not, Or, Query, Word, wanted_leaves

SHORTEST = 4
LONGEST = 24
MOST_WORDS = 3
# So many of the newest tickets with a likely word are read for it.
_TICKETS, _TICKETS_OF_PREFIX = 20, 60
_SAME_BEGINNING, _TWO_MISTAKES = 4, 7


def forgiven(query: Query, principal: Principal) -> tuple[Query, dict[str, str]] | None:
    """Return the line with its misspelt words replaced, and what was replaced by what; None where nothing is nearer.

    For a line that found nothing. Costs a few questions for each word without a hit of its own, at most three words.
    """
    found: dict[str, str] = {}
    for word in list(_plain_words(query))[:MOST_WORDS]:
        if not _has_hits(word, principal) and (meant := _nearest(words_of(word.text)[0], principal)):
            found[word.text] = meant
    return (Query(tuple(_replaced(part, found) for part in query.parts)), found) if found else None


def _plain_words(query: Query) -> Iterable[Word]:
    for leaf in wanted_leaves(query.parts):
        if isinstance(leaf, Word):
            words = words_of(leaf.text)
            if len(words) == 1 and SHORTEST <= len(words[0]) <= LONGEST and words[0].isalpha():
                yield leaf


def _has_hits(word: Word, principal: Principal) -> bool:
    asked = compile_query(Query((word,)), principal).q()
    return Ticket.objects.visible_to(principal).filter(asked).exists()


def _nearest(word: str, principal: Principal) -> str:
    """The word that visible texts have most often among the nearest; empty when none is near."""
    nearest = one_away(word)
    term = Term(tuple(Sequence((other,)) for other in sorted(nearest)))
    counted = _words_in(term, principal, _TICKETS)
    likely = {other: count for other, count in counted.items() if other in nearest}
    if not likely and len(word) >= _TWO_MISTAKES:
        begins = Term((Sequence((word[:_SAME_BEGINNING],), prefix=True),))
        counted = _words_in(begins, principal, _TICKETS_OF_PREFIX)
        likely = {
            other: count
            for other, count in counted.items()
            if other.startswith(word[:_SAME_BEGINNING]) and len(other) >= SHORTEST and distance(word, other) <= 2
        }
    return max(likely, key=lambda other: (likely[other], other), default="")


def _words_in(term: Term, principal: Principal, most: int) -> Counter[str]:
    """How many texts of the newest tickets with that term have each word."""
    tickets = Ticket.objects.visible_to(principal).filter(Written(term, principal).q()).order_by("-pk")
    keys = list(tickets.values_list("pk", flat=True)[:most])
    documents = readable_documents(principal).filter(ticket__in=keys)
    return Counter(word for tokens in documents.values_list("tokens", flat=True) for word in set(tokens.split()))


def _replaced(node: Node, words: Mapping[str, str]) -> Node:
    match node:
        case Word(text=text):
            return Word(words[text]) if text in words else node
        case And(parts=parts):
            return And(tuple(_replaced(part, words) for part in parts))
        case Or(parts=parts):
            return Or(tuple(_replaced(part, words) for part in parts))
        case Not():
            return node
    return node
