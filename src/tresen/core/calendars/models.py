"""Calendars: when somebody is there, as an administrator sets it up."""

from __future__ import annotations

from django.db import models

from tresen.core.calendars import querysets


class Calendar(models.Model):
    """Weekly hours in a zone, and the days on which nobody is there: public holidays, own days, those of a feed."""

    name = models.CharField(max_length=80, unique=True)
    timezone = models.CharField(max_length=60, default="Europe/Berlin")
    # As in the contract: {"mon": [["08:00", "12:00"], …]}
    weekly = models.JSONField(default=dict, blank=True)
    country = models.CharField(max_length=2, blank=True, default="")
    subdivision = models.CharField(max_length=40, blank=True, default="")
    # [["2026-12-24", "Christmas Eve"], ["12-31", "every year"]]
    own_days = models.JSONField(default=list, blank=True)
    feed_url = models.CharField(max_length=500, blank=True, default="")
    is_active = models.BooleanField(default=True)
    # What the feed said when it was read last: [["2026-05-15", "Bridge day"], …]; and what went wrong since.
    feed_days = models.JSONField(default=list)
    feed_read_at = models.DateTimeField(null=True)
    feed_fault = models.CharField(max_length=200, blank=True, default="")
    objects = querysets.CalendarQuerySet.as_manager()

    class Meta:
        ordering = ["-is_active", "name"]

    def __str__(self) -> str:
        return self.name
