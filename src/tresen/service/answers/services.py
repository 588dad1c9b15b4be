"""What faces ask of the search over articles: `search_articles`, and what is sure enough to be offered unasked."""

from __future__ import annotations

from tresen.core.people.models import Brand
from tresen.core.people.principals import Principal
from tresen.service.answers.searching import Found, Hit, search_articles

__all__ = ["Found", "Hit", "search_articles", "suggest_articles"]

# So much of what somebody writes an article must answer to be offered while he writes.
_SURE = 0.4
MOST_SUGGESTED = 3


def suggest_articles(
    subject: str,
    *,
    language: str,
    principal: Principal,
    brand: Brand | None,
    limit: int = MOST_SUGGESTED,
    typing: bool = True,
) -> tuple[Hit, ...]:
    """What may answer a request while its subject is typed: few, and none that is far off."""
    found = search_articles(
        subject, language=language, principal=principal, brand=brand, limit=limit, typing=typing
    )  # fmt: skip
    return tuple(hit for hit in found.hits if hit.share >= _SURE)
