"""The best hits first: tickets whose subject has the words, then the newest. Only the newest hits are ranked, and only
those the reader may see."""

from __future__ import annotations

from collections.abc import Sequence

from tresen.service.search.analyser import Term, holds
from tresen.service.search.models import PLACE_BITS, SearchDocument

# So many of the newest hits are ranked; what is older follows behind them, newest first.
RANKED = 2000


def best_first(keys: Sequence[int], terms: Sequence[Term]) -> list[tuple[int, int]]:
    """Return score and key of these tickets, the best first: how many of the terms stand in the subject, then the
    newest. One query."""
    subjects = SearchDocument.objects.filter(pk__in=[key << PLACE_BITS for key in keys])
    words = dict(subjects.values_list("ticket_id", "tokens")) if terms else {}
    scored = ((sum(holds(words.get(key, ""), term) for term in terms), key) for key in keys)
    return sorted(scored, reverse=True)
