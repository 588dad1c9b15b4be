"""Where the pages of a survey are."""

from __future__ import annotations

from django.urls import reverse

from tresen.core.people.hosts import brand_url
from tresen.service.surveys.links import token_of
from tresen.service.surveys.models import Asked


def rating_url(asked: Asked, rating: int) -> str:
    """Opens the page with that rating chosen."""
    return brand_url(asked.ticket.brand, reverse("portal:survey-chosen", args=[token_of(asked), rating]))


def stop_url(asked: Asked) -> str:
    """Asks for no more surveys."""
    return brand_url(asked.ticket.brand, reverse("portal:survey-stop", args=[token_of(asked)]))
