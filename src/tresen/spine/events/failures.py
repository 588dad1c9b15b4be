"""Jobs that used up their tries: looked at by a person, tried again or given up."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.events.services import record
from tresen.spine.jobs.models import Job, JobState


def failed_jobs() -> list[Job]:
    """The newest two hundred."""
    return list(all_failed().order_by("-pk")[:200])


def all_failed() -> QuerySet[Job]:
    """All that wait for somebody."""
    return Job.objects.filter(state=JobState.FAILED)


@transaction.atomic
def retry_job(job_id: int, *, by: Actor) -> bool:
    """Lets a failed job run again with all its tries. Event `job.retried`; False when it is not there any more.

    Where the same job waits already under its key, that one serves and the failed row goes.
    """
    job = Job.objects.select_for_update().filter(pk=job_id, state=JobState.FAILED).first()
    if job is None:
        return False
    record("job.retried", stream=job, by=by, changes={"name": job.name, "error": job.last_error[:200]})
    if job.unique_key and Job.objects.filter(unique_key=job.unique_key, state=JobState.READY).exists():
        job.delete()
        return True
    job.state, job.attempts, job.run_at, job.lease_until, job.worker = JobState.READY, 0, clock.now(), None, ""
    job.save()
    return True


@transaction.atomic
def drop_job(job_id: int, *, by: Actor) -> bool:
    """Gives a failed job up. Event `job.dropped`; False when it is not there any more."""
    job = Job.objects.select_for_update().filter(pk=job_id, state=JobState.FAILED).first()
    if job is None:
        return False
    record("job.dropped", stream=job, by=by, changes={"name": job.name, "error": job.last_error[:200]})
    job.delete()
    return True
