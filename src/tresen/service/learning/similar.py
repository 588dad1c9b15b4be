"""Tickets that speak of the same, open and solved, found by the search index when a new one comes.

The rare words of the new ticket are looked up one by one, each among a bounded number of tickets; what shares enough of
them, weighed by how rare they are, is similar. It costs the same on a large desk as on a small one.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Max, Q, QuerySet

from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.structure_models import Relation
from tresen.kit.language import guess_language, is_stop_word
from tresen.service.learning.history import first_texts
from tresen.service.learning.models import Similar, SpamMark
from tresen.service.search.analyser import Sequence, Term, roots_of
from tresen.service.search.index import some_tickets

# So many words are looked up, each in so many texts: one that stands in more says nothing.
MOST_WORDS = 14
MOST_OF_WORD = 600
MOST_CHARACTERS = 1500
KEPT = 6
SHOWN = 5
# Of those that came later and are similar, so many are looked through for some that one may see.
MOST_READ = 50
# Two words at least, and this share of what the new one says.
FEWEST_WORDS = 2
LEAST_SHARE = 0.42


def find_similar(ticket: Ticket) -> list[Similar]:
    """Finds and keeps what is similar to the ticket among those that were there before; the most similar first."""
    told = _told(ticket)
    sums: dict[int, float] = defaultdict(float)
    words: dict[int, list[str]] = defaultdict(list)
    whole, count = 0.0, max(Ticket.objects.aggregate(last=Max("pk"))["last"] or 0, 10)
    for word, term in told:
        keys = [key for key in some_tickets(term, most=MOST_OF_WORD) if key != ticket.pk]
        if not keys or len(keys) >= MOST_OF_WORD - 1:
            continue
        weight = math.log(1 + count / len(keys))
        whole += weight
        for key in keys:
            sums[key] += weight
            words[key].append(word)
    best = sorted(((total / whole, key) for key, total in sums.items() if len(words[key]) >= FEWEST_WORDS),
                  reverse=True)[: 4 * KEPT]  # fmt: skip
    there = _still_there(key for share, key in best if share >= LEAST_SHARE)
    found = [Similar(ticket=ticket, other_id=key, score=share, words=words[key][:4]) for share, key in best
             if key in there and key < ticket.pk][:KEPT]  # fmt: skip
    return Similar.objects.bulk_create(found, ignore_conflicts=True)


def _told(ticket: Ticket) -> list[tuple[str, Term]]:
    """The words of a ticket that may tell something, those of the subject first, with what to look for."""
    text = f"{ticket.subject}\n{first_texts([ticket.pk]).get(ticket.pk, '')[:MOST_CHARACTERS]}"
    found: list[tuple[str, Term]] = []
    known: set[str] = set()
    for written, base, stems in roots_of(text, guess_language(text)):
        if len(base) < 3 or base.isdigit() or is_stop_word(written) or known & {base, *stems}:
            continue
        spelt = [base, *sorted(stems)]
        known |= {base, *stems}
        found.append((written, Term(tuple(Sequence((one,)) for one in spelt if one))))
    return found[:MOST_WORDS]


def _still_there(keys: Iterable[int]) -> set[int]:
    """Those that are neither in the bin nor merged nor spam."""
    rows = Ticket.objects.filter(pk__in=list(keys), deleted_at=None, merged_into=None)
    spam = SpamMark.objects.filter(is_spam=True).values("ticket")
    return set(rows.exclude(pk__in=spam).values_list("pk", flat=True))


def pairs_of(ticket_id: int) -> QuerySet[Similar]:
    """Both ways: what it was found similar to, and of what came later and is similar to it the most similar. Read by an
    index, however many there are."""
    later = Similar.objects.filter(other=ticket_id).order_by("-score", "-pk").values("pk")[:MOST_READ]
    return Similar.objects.filter(Q(ticket=ticket_id) | Q(pk__in=later))


def similar_to(ticket: Ticket, principal: Principal) -> list[tuple[Ticket, list[str]]]:
    """The similar tickets that this person may see, and that are not linked with it, the most similar first, each with
    the words on both."""
    pairs = {(pair.other_id if pair.ticket_id == ticket.pk else pair.ticket_id): pair
             for pair in pairs_of(ticket.pk).order_by("score")}  # fmt: skip
    linked = Relation.objects.filter(Q(source=ticket) | Q(target=ticket))
    rows = Ticket.objects.visible_to(principal).filter(pk__in=pairs, merged_into=None).select_related("status")
    rows = rows.exclude(pk__in=linked.values("source")).exclude(pk__in=linked.values("target"))
    ordered = sorted(rows, key=lambda one: -pairs[one.pk].score)[:SHOWN]
    return [(one, pairs[one.pk].words) for one in ordered]
