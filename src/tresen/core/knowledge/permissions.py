"""Who may write articles, and who decides what readers see."""

from __future__ import annotations

from typing import Any

from tresen.core.knowledge.models import ArticleText
from tresen.core.people.permissions import Check, Needs
from tresen.core.people.principals import Principal


def _review(principal: Principal, text: Any) -> bool:
    """Whoever was asked, and who may publish."""
    if principal.may("publish") or text is None:
        return True
    asked = text.reviewer_id if isinstance(text, ArticleText) else None
    return principal.agent is not None and asked == principal.agent.pk


ARTICLE_PERMISSIONS: dict[str, Check] = {
    "article.write": Needs(("articles", "publish")),
    "article.review": Needs(("articles", "publish"), _review),
    "article.publish": Needs(("publish",)),
    "collection.manage": Needs(("publish",)),
}
