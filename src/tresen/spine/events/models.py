"""The event log: one row an intention. History, undo, webhooks, live cursor and reports in one."""

from __future__ import annotations

from typing import Any

from django.db import models


class Event(models.Model):
    """Something that happened, append only. `changes` maps a field to [old, new] or carries the facts of the kind."""

    kind = models.CharField(max_length=60)
    stream_kind = models.CharField(max_length=40)
    stream_id = models.BigIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=20)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True, default="")
    cause = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="caused")
    root = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    changes = models.JSONField(default=dict)
    # What the way back needs beyond `changes`, e.g. keys of rows; nobody but an undo reads it.
    undo = models.JSONField(null=True)
    # What it happened to, for reactions within the transaction of the change; None for those that come later.
    stream_row: Any = None

    class Meta:
        indexes = [
            models.Index(fields=["stream_kind", "stream_id", "id"], name="events_of_a_stream"),
            models.Index(fields=["kind", "id"], name="events_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.stream_kind}:{self.stream_id}"
