"""Counts of acts in a time window, shared by all processes of an installation."""

from __future__ import annotations

from django.db import models


class Count(models.Model):
    """How often something was done in one window. The key is a hash, so no address is kept here."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)
