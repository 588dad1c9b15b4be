"""Articles in the search box and in the palette."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tresen.core.people.principals import Principal
from tresen.faces.desk.palette.entries import Asked, Entry
from tresen.service.answers.addresses import path_of
from tresen.service.answers.services import search_articles
from tresen.service.search.kinds import Hit, SearchKind

GROUP = _("Articles")
_SHORTEST, _MOST = 3, 4


def _articles(principal: Principal, text: str, limit: int) -> list[Hit]:
    """Nothing for a search line: its fields are those of tickets."""
    if len(text) < _SHORTEST or ":" in text:
        return []
    found = search_articles(text, language=(get_language() or "en")[:2], principal=principal, limit=limit, typing=True)
    return [Hit(hit.title, hit.article.collection.name, path_of(hit.text)) for hit in found.hits]


ARTICLES = SearchKind("articles", GROUP, "book", _articles)


def find_articles(asked: Asked) -> list[Entry]:
    """Articles by their words, for the palette."""
    if asked.only or not asked.text:
        return []
    return [
        Entry(hit.title, GROUP, "book", url=hit.url, note=hit.detail)
        for hit in _articles(asked.request.principal, asked.text, _MOST)
    ]
