"""What can be a job: functions with `@job`, found in every app's `jobs.py` at start."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from tresen.kit import clock
from tresen.spine.jobs.models import Job, JobState

BACKOFF_SECONDS = (5, 30, 120, 300, 900, 1800, 3600)
JOBS: dict[str, JobKind] = {}


class Retry(Exception):
    """Raised by a job to run again at a time of its own choosing, without counting as a fault."""

    def __init__(self, seconds: float, reason: str = "") -> None:
        super().__init__(reason)
        self.seconds = seconds


@dataclass(frozen=True)
class JobKind:
    """A function that may run as a job. `outside`: it talks to the outside world and opens its own transactions;
    else it runs inside the one transaction that also ends the job, so that its effects happen exactly once."""

    name: str
    function: Callable[..., None]
    queue: str
    max_attempts: int
    outside: bool

    def enqueue(
        self, *, key: str | None = None, at: datetime | None = None, delay: float = 0, priority: int = 0, **payload: Any
    ) -> None:
        """Writes the job into the present transaction: it lives and dies with it.

        `key`: while a job with this key waits, another is not added. `delay` in seconds.
        """
        created = clock.now()
        row = Job(
            queue=self.queue, name=self.name, payload=payload, priority=priority, max_attempts=self.max_attempts,
            run_at=at or created + timedelta(seconds=delay), unique_key=key, created_at=created,
        )  # fmt: skip
        if key is None:
            row.save(force_insert=True)
        else:
            Job.objects.bulk_create([row], ignore_conflicts=True)

    def enqueue_all(self, jobs: Iterable[tuple[str, dict[str, Any], int]]) -> None:
        """Several at once, each a key, its payload and its priority (higher first)."""
        at = clock.now()
        rows = [
            Job(queue=self.queue, name=self.name, payload=payload, max_attempts=self.max_attempts, run_at=at,
                unique_key=key, created_at=at, priority=priority)
            for key, payload, priority in jobs
        ]  # fmt: skip
        with transaction.atomic():
            Job.objects.bulk_create(rows, ignore_conflicts=True)

    def hurry(self, key: str) -> None:
        """The job that waits under this key runs now instead of later."""
        Job.objects.filter(unique_key=key, name=self.name, state=JobState.READY).update(run_at=clock.now())

    def __call__(self, **payload: Any) -> None:
        """Runs it here and now (tests, commands)."""
        self.function(**payload)


def job(
    name: str, *, queue: str = "default", max_attempts: int = 8, outside: bool = False
) -> Callable[[Callable[..., None]], JobKind]:
    """Makes a function a job: `send.enqueue(outbox_id=7)`. Payloads are JSON; jobs may run twice."""

    def register(function: Callable[..., None]) -> JobKind:
        kind = JobKind(name, function, queue, max_attempts, outside)
        JOBS[name] = kind
        return kind

    return register
