"""What a PDF looks like on its first pages, drawn once an agent asks for it. Imported by models.py."""

from __future__ import annotations

from django.db import models


class PreviewState(models.TextChoices):
    """How far drawing has come, or why there is nothing to see."""

    WAITING = "waiting"
    READY = "ready"
    LOCKED = "locked"
    BROKEN = "broken"
    TOO_MUCH = "too_much"
    TOO_LARGE = "too_large"


class Preview(models.Model):
    """The pictures of one file: of its bytes, however many messages carry it. A cache, swept (previews.py)."""

    # The key of the file's bytes.
    source = models.CharField(max_length=32, unique=True)
    state = models.CharField(max_length=10, choices=PreviewState.choices, default=PreviewState.WAITING)
    pages = models.PositiveIntegerField(default=0)
    # How often drawing has begun since it was asked for.
    tries = models.PositiveSmallIntegerField(default=0)
    # Of each drawn page: the key and size of its bytes, its width and height in pixels. Written before the bytes are
    # stored, so that there is none that no row knows of.
    pictures = models.JSONField(default=list)
    asked_at = models.DateTimeField(db_index=True)
