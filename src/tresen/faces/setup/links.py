"""Addresses that are handed to somebody outside this browser."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse


def invitation_link(token: str) -> str:
    """Where an invitation is accepted: TRESEN_BASE_URL and a path, never the Host of a request (S13)."""
    return f"{settings.BASE_URL}{reverse('account:invite', args=[token])}"
