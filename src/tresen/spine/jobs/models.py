"""Durable jobs: one row each, written in the transaction of whoever asks for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class JobState(models.IntegerChoices):
    READY = 0
    RUNNING = 1
    FAILED = 2


class Job(models.Model):
    """One thing to be done. A finished job's row is deleted; a failed one stays until somebody looks at it."""

    queue = models.CharField(max_length=20, default="default")
    name = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    state = models.SmallIntegerField(choices=JobState.choices, default=JobState.READY)
    priority = models.SmallIntegerField(default=0, help_text="higher first")
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=8)
    unique_key = models.CharField(max_length=120, null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=60, blank=True, default="")
    last_error = models.TextField(blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["queue", "-priority", "run_at", "id"], name="jobs_ready", condition=Q(state=JobState.READY)
            ),
            models.Index(fields=["lease_until"], name="jobs_running", condition=Q(state=JobState.RUNNING)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unique_key"], name="jobs_one_waiting", condition=Q(state=JobState.READY)),
        ]

    def __str__(self) -> str:
        return f"{self.name}#{self.pk}"


class Schedule(models.Model):
    """When a periodic job runs next. Whoever moves `next_at` enqueues the job, in the same transaction."""

    name = models.CharField(max_length=80, primary_key=True)
    next_at = models.DateTimeField()


class WorkerBeat(models.Model):
    """A sign of life of each process that works (workers, listeners), for `/readyz` and `tresen doctor`."""

    name = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=20)
    seen_at = models.DateTimeField()
