"""The cleaned HTML of a message: derived from its source, made anew when the rules of cleaning change."""

from __future__ import annotations

from tresen.core.tickets.content import MOST_IMAGES
from tresen.core.tickets.models import Message


def keep_cleaned(message: Message, *, html: str, version: int, blocked_images: int) -> None:
    """Keeps what the cleaning made of `html_source`, empty when it was refused. No event: nothing was said anew."""
    images = min(blocked_images, MOST_IMAGES)
    Message.objects.filter(pk=message.pk).update(html=html, html_version=version, blocked_images=images)
