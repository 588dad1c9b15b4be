"""Addresses of the knowledge base: a language, then a collection by short name or an article by number and title."""

from __future__ import annotations

from urllib.parse import quote

from django.conf import settings
from django.urls import reverse

from tresen.core.people.hosts import brand_url
from tresen.core.people.models import Brand

CODES = tuple(code for code, _name in settings.LANGUAGES)


class LanguageConverter:
    """One of the product's languages."""

    regex = "|".join(CODES)

    def to_python(self, value: str) -> str:
        """As it is."""
        return value

    def to_url(self, value: str) -> str:
        """As it is."""
        return value


def help_url(language: str) -> str:
    """The home of the knowledge base in a language."""
    return reverse("portal:help-in", args=[language])


def collection_url(language: str, slug: str) -> str:
    """A collection."""
    return reverse("portal:help-collection", args=[language, slug])


def article_url(language: str, article_id: int, slug: str) -> str:
    """An article."""
    return reverse("portal:help-article", args=[language, article_id, slug])


def ask_url(article_id: int) -> str:
    """The form for a request that takes the article along."""
    return f"{reverse('portal:new-request')}?article={article_id}"


def search_url(words: str) -> str:
    """What is found for these words."""
    return f"{reverse('portal:help-search')}?q={quote(words)}"


def absolute(brand: Brand, path: str) -> str:
    """With the host of the brand, for whoever keeps addresses: search engines, feeds."""
    return brand_url(brand, path)
