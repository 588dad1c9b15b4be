"""What this face remembers: the answers to writes that carried an `Idempotency-Key`."""

from __future__ import annotations

from django.db import models

from tresen.core.people.models import Agent


class IdempotentRequest(models.Model):
    """A write that was done, and its answer. Written in the transaction of its effects: both are there or neither."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="SHA-256 of method, address and body")
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(default="")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "key"], name="one_request_a_key")]
