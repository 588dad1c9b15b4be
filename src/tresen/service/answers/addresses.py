"""Where articles stand in the portal: written into answers and mails, and known again in them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings

from tresen.core.knowledge.models import ArticleText
from tresen.core.people.hosts import base_of, brand_url, main_host
from tresen.core.people.models import LANGUAGES, Brand

_CODES = "|".join(code for code, _name in LANGUAGES)
_ADDRESS = re.compile(rf"(https?://[^\s/<>\"'()\[\]]{{1,260}})/help/(?:{_CODES})/(\d{{1,12}})-[-\w]{{0,120}}/?")
MOST_ADDRESSES = 20


def path_of(text: ArticleText) -> str:
    """The address of a text at its counter."""
    return f"/help/{text.language}/{text.article_id}-{text.slug}/"


def url_of(text: ArticleText, brand: Brand) -> str:
    """The whole address, for mail."""
    return brand_url(brand, path_of(text))


def articles_in(words: str, brand: Brand) -> list[int]:
    """The keys of articles whose addresses, at the counter of this brand or of the desk, stand in a text; each once."""
    ours = {main_host(), *([brand.own_host] if brand.own_host else [])}
    found: dict[int, None] = {}
    for match in _ADDRESS.finditer(words):
        base = match[1].lower()
        host = urlsplit(base).hostname or ""
        if host in ours and base in {base_of(host), settings.BASE_URL.rstrip("/").lower()}:
            found[int(match[2])] = None
        if len(found) == MOST_ADDRESSES:
            break
    return list(found)
