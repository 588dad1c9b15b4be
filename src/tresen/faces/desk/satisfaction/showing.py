"""What the ticket page says of ratings, from what its queries have read anyway."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from tresen.service.surveys.scales import SCALES, Scale


@dataclass(frozen=True)
class Shown:
    """A rating; `is_here`: of the ticket that is open, and with its words."""

    rating: int
    scale: Scale
    words: str
    number: str
    is_here: bool

    @property
    def is_bad(self) -> bool:
        """Somebody should look after it."""
        return self.scale.is_bad(self.rating)


def last_rating(ticket: Any, others: Iterable[Any]) -> Shown | None:
    """That of the ticket, else the newest of its requester's other tickets, as far as these are shown."""
    if ticket.rated:
        return _shown(ticket, is_here=True)
    rated = [other for other in others if other.rated and other.requester_id == ticket.requester_id]
    return _shown(max(rated, key=lambda other: other.rated["at"]), is_here=False) if rated else None


def _shown(ticket: Any, *, is_here: bool) -> Shown:
    told = ticket.rated
    words = told["words"] if is_here else ""
    return Shown(told["rating"], SCALES[told["scale"]], words, ticket.shown_number, is_here)
