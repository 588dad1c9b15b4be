"""The best hits first: tickets whose subject has the words, then the newest. Only the newest hits are ranked, and only
those the reader may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tresen.core.tickets.models import Ticket
from tresen.service.search.analyser import Term
from tresen.service.search.index import subjects_matching

# So many of the newest hits are ranked; what is older follows behind them, newest first.
RANKED = 2000


def best_first(keys: Sequence[int], terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Return score and key of these tickets (newest first given), the best first: how many of the terms stand in the
    subject, then the newest. One query a term."""
    scores: Counter[int] = Counter()
    for term in terms if keys else ():
        in_subject = Ticket.objects.filter(pk__in=subjects_matching(term, oldest=keys[-1]))
        scores.update(in_subject.order_by().values_list("pk", flat=True))
    return sorted(((scores[key], key) for key in keys), reverse=True)
