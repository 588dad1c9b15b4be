"""Counts of acts in a time window, shared by all processes of an installation."""

from __future__ import annotations

from django.db import models


class Count(models.Model):
    """How often something was done in one window. The key is a hash, so no address is kept here. `made`: the row that
    came of it, where that was told."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField(default=0)
    made = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField(db_index=True)
