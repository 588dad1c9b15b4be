"""The worker: claims jobs by lease, runs them, retries with back-off. Killed at any point, it loses nothing."""

from __future__ import annotations

import logging
import os
import random
import secrets
import socket
import threading
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import close_old_connections, connection, connections, transaction
from django.db.models import QuerySet

from tresen.kit import clock
from tresen.kit.durability import durable_with_the_next
from tresen.kit.faults import fault_point
from tresen.kit.prepared import prepared
from tresen.kit.wiring import table
from tresen.spine.jobs.models import Job, JobState, Schedule, WorkerBeat
from tresen.spine.jobs.registry import BACKOFF_SECONDS, JOBS, Retry

log = logging.getLogger("tresen.jobs")
LEASE_SECONDS = int(os.environ.get("TRESEN_LEASE_SECONDS", "60"))
POLL_SECONDS = 0.2
BEAT_SECONDS = 10
# One thread each, so that a slow queue cannot starve the others, and mail is read in the order in which it came: an
# answer finds what it answers. `calls-out` makes telephones ring and waits for no other post; `slow` is for what takes
# many seconds, `previews` for seconds that somebody waits for.
QUEUES = ("mail-in", "mail-out", "calls-out", "hooks-out", "default", "slow", "previews")


def worker_name() -> str:
    """Unique per process start: host, process id and four random bytes."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


def claim(queue: str, worker: str) -> Job | None:
    """Takes the next due job of the queue under a lease, or None."""
    at = clock.now()
    until = at + timedelta(seconds=LEASE_SECONDS)
    if connection.features.has_select_for_update_skip_locked:
        with transaction.atomic():
            found = _due(queue, at).select_for_update(skip_locked=True).first()
            return found if found and _lease(found, worker, until) else None
    # One writer at a time: whoever changes the row first has it. Looking takes no lock, so an idle worker costs little.
    while next_one := _next_due.rows(queue, at):
        if _lease(next_one[0], worker, until):
            return next_one[0]
    return None


def _due(queue: str, at: datetime) -> QuerySet[Job]:
    ready = Job.objects.filter(state=JobState.READY, queue=queue, run_at__lte=at)
    return ready.order_by("-priority", "run_at", "id")


@prepared
def _next_due(queue: str, at: datetime) -> QuerySet[Job]:
    return _due(queue, at)[:1]


def _lease(job: Job, worker: str, until: datetime) -> bool:
    """Makes the job this worker's, unless another has taken it since it was read."""
    mine = Job.objects.filter(pk=job.pk, state=JobState.READY, attempts=job.attempts)
    job.state, job.worker, job.attempts, job.lease_until = JobState.RUNNING, worker, job.attempts + 1, until
    with durable_with_the_next():
        return bool(mine.update(state=job.state, worker=worker, attempts=job.attempts, lease_until=until))


def _mine(job: Job) -> bool:
    """Ends the job if it is still ours: one whose lease was lost was given to another worker."""
    row = Job.objects.filter(pk=job.pk, worker=job.worker, attempts=job.attempts, state=JobState.RUNNING)
    with durable_with_the_next():  # a job that comes back after a loss of power looks before it acts
        return row.delete()[0] == 1


class LeaseLost(Exception):
    """Another worker has the job; what this one did is rolled back."""


def run(job: Job) -> None:
    """Runs one claimed job to its end, retry or failure."""
    kind = JOBS.get(job.name)
    try:
        if kind is None:
            raise LookupError(f"no job is called {job.name}")
        fault_point("job:before")
        if kind.outside:
            kind.function(**job.payload)
            fault_point("job:done")
            _mine(job)
        else:
            with transaction.atomic():
                kind.function(**job.payload)
                fault_point("job:done")
                if not _mine(job):
                    raise LeaseLost
    except LeaseLost:
        log.warning("job %s was given to another worker", job)
    except Retry as again:
        _again(job, again.seconds, str(again), counts=False)
    except Exception as fault:
        log.exception("job %s failed (try %d of %d)", job, job.attempts, job.max_attempts)
        wait = BACKOFF_SECONDS[min(job.attempts, len(BACKOFF_SECONDS)) - 1]
        _again(job, wait * random.uniform(0.8, 1.2), f"{type(fault).__name__}: {fault}", counts=True)  # noqa: S311


def _again(job: Job, seconds: float, error: str, *, counts: bool) -> None:
    """Sets the job to run again, or to failed when its tries are used up. A waiting twin serves too."""
    row = Job.objects.filter(pk=job.pk, worker=job.worker, attempts=job.attempts, state=JobState.RUNNING)
    attempts = job.attempts if counts else job.attempts - 1
    failed = counts and job.attempts >= job.max_attempts
    with transaction.atomic():
        twin = job.unique_key and Job.objects.filter(unique_key=job.unique_key, state=JobState.READY).exists()
        if twin and not failed:
            row.delete()
            return
        row.update(
            state=JobState.FAILED if failed else JobState.READY, worker="", lease_until=None, attempts=attempts,
            last_error=error[:4000], run_at=clock.now() + timedelta(seconds=seconds),
        )  # fmt: skip


def reap() -> int:
    """Gives jobs of dead workers (lease over) back; how many."""
    lost = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=clock.now())
    count = 0
    for job in list(lost[:50]):
        with transaction.atomic():
            twin = job.unique_key and Job.objects.filter(unique_key=job.unique_key, state=JobState.READY).exists()
            same = Job.objects.filter(pk=job.pk, worker=job.worker, attempts=job.attempts, state=JobState.RUNNING)
            if twin:
                count += same.delete()[0]
            elif job.attempts >= job.max_attempts:
                count += same.update(state=JobState.FAILED, worker="", last_error="the worker died each time")
            else:
                count += same.update(state=JobState.READY, worker="", lease_until=None)
    return count


def run_schedules() -> None:
    """Enqueues periodic jobs whose time has come. Two schedulers race for the row: one wins."""
    at = clock.now()
    known = dict(Schedule.objects.values_list("name", "next_at"))
    for name, seconds in table("SCHEDULES"):
        if name not in known:
            known[name] = Schedule.objects.get_or_create(name=name, defaults={"next_at": at})[0].next_at
        if known[name] > at:
            continue
        with transaction.atomic():
            won = Schedule.objects.filter(name=name, next_at=known[name]).update(
                next_at=at + timedelta(seconds=seconds)
            )
            if won:
                JOBS[name].enqueue(key=f"schedule:{name}")


def beat(name: str, kind: str) -> None:
    """Says that this process is alive."""
    WorkerBeat.objects.update_or_create(name=name, defaults={"kind": kind, "seen_at": clock.now()})
    WorkerBeat.objects.filter(seen_at__lt=clock.now() - timedelta(days=1)).delete()


def drain(*queues: str, limit: int = 1000) -> int:
    """Runs all due jobs here and now, until none is left; for tests and commands. How many ran."""
    name, ran = worker_name(), 0
    while ran < limit:
        job = next((found for queue in (queues or QUEUES) if (found := claim(queue, name))), None)
        if job is None:
            return ran
        run(job)
        ran += 1
    return ran


def due_queues(queues: Iterable[str]) -> set[str]:
    """Those of the queues in which a job is due, by one query: what an idle worker costs."""
    due = Job.objects.filter(state=JobState.READY, queue__in=queues, run_at__lte=clock.now())
    return set(due.order_by().values_list("queue", flat=True).distinct())


def _look_after_connection() -> None:
    """Gives up a connection that failed or is over. On SQLite a sound one is kept as long as its thread: to open a file
    and read its schema anew costs as much as many a job."""
    if connection.vendor == "sqlite":
        connection.close_at = None
    close_old_connections()


class Worker:
    """A process of threads: one for each queue, one that calls them when a job is due, one that keeps leases,
    schedules and the sign of life."""

    def __init__(self, queues: tuple[str, ...] = QUEUES) -> None:
        self.name, self.queues = worker_name(), queues
        self.stopping, self.idle = threading.Event(), threading.Event()
        # The job at hand of each thread.
        self.running: dict[int, int] = {}
        self.calls = {queue: threading.Event() for queue in queues}

    def work(self) -> None:
        """Works until `stop()`; returns when the jobs at hand are done. Their leases are kept until then."""
        threads = [threading.Thread(target=self._loop, args=(queue,), name=f"queue-{queue}") for queue in self.queues]
        helpers = [threading.Thread(target=act, name=act.__name__) for act in (self._look, self._keep)]
        for thread in (*threads, *helpers):
            thread.start()
        for thread in threads:
            thread.join()
        self.idle.set()
        for thread in helpers:
            thread.join()

    def stop(self) -> None:
        """Asks all threads to end after their present job."""
        self.stopping.set()
        for call in self.calls.values():
            call.set()

    def _look(self) -> None:
        """Calls the queues that have something to do; whoever is at work or called looks by itself."""
        while not self.stopping.is_set():
            try:
                _look_after_connection()
                for queue in due_queues([queue for queue, call in self.calls.items() if not call.is_set()]):
                    self.calls[queue].set()
            except Exception:
                log.exception("the look for jobs pauses after a fault")
                self.stopping.wait(2)
            self.stopping.wait(POLL_SECONDS)
        connections.close_all()

    def _loop(self, queue: str) -> None:
        call, own = self.calls[queue], threading.get_ident()
        # Asked before the wait too: a call that is cleared while the worker is stopped would never come again.
        while not self.stopping.is_set() and call.wait() and not self.stopping.is_set():
            try:
                _look_after_connection()
                job = claim(queue, self.name)
                if job is None:
                    call.clear()
                    continue
                self.running[own] = job.pk
                run(job)
            except Exception:
                log.exception("queue %s pauses after a fault", queue)
                self.stopping.wait(2)
            finally:
                self.running.pop(own, None)
        connections.close_all()

    def _keep(self) -> None:
        ticks = 0
        while not self.idle.is_set():
            try:
                _look_after_connection()
                if ids := list(self.running.values()):
                    until = clock.now() + timedelta(seconds=LEASE_SECONDS)
                    Job.objects.filter(pk__in=ids, worker=self.name, state=JobState.RUNNING).update(lease_until=until)
                if not self.stopping.is_set():
                    reap()
                    run_schedules()
                if ticks % BEAT_SECONDS == 0:
                    beat(self.name, "worker")
            except Exception:
                log.exception("the keeper pauses after a fault")
            ticks += 1
            self.idle.wait(1)
        connections.close_all()


def oldest_waiting_seconds() -> float:
    """Age of the oldest due job that nobody took, in seconds; 0 when none waits."""
    at = clock.now()
    first = Job.objects.filter(state=JobState.READY, run_at__lte=at).order_by("run_at").values_list("run_at", flat=True)
    oldest = first.first()
    return (at - oldest).total_seconds() if oldest else 0.0
