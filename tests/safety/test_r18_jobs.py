"""R18: workers killed at random, two schedulers: each effect once, nothing stuck, nothing twice (P17)."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from tests.house.source import ROOT
from tests.outside import wait_for
from tests.postgres import die_with_parent
from tests.safety.counting_worker import COUNT, REMINDER
from tresen.kit import clock
from tresen.kit.wiring import table
from tresen.spine.jobs import registry, worker
from tresen.spine.jobs.models import Job, JobState, Schedule
from tresen.spine.jobs.worker import QUEUES, Worker, due_queues
from tresen.spine.limits.models import Count

SEED = int(os.environ.get("TRESEN_TEST_SEED", "20261127"))
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def counting() -> Iterator[registry.JobKind]:
    """A job whose effect is a row: one more on a counter."""

    def effect(*, key: str) -> None:
        Count.objects.get_or_create(key=key, defaults={"count": 0, "expires_at": clock.now()})
        row = Count.objects.select_for_update().get(key=key)
        row.count += 1
        row.save()

    kind = registry.job("test.count", max_attempts=5)(effect)
    yield kind
    del registry.JOBS["test.count"]


def _parallel(count: int, function: Callable[[], object]) -> None:
    def run() -> None:
        try:
            function()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_r18_many_workers_do_each_job_once(counting: registry.JobKind) -> None:
    for number in range(60):
        Job.objects.create(name="test.count", payload={"key": f"k{number}"}, run_at=clock.now(), created_at=clock.now())
    _parallel(4, lambda: worker.drain("default"))
    assert not Job.objects.exists()
    assert list(Count.objects.order_by().values_list("count", flat=True)) == [1] * 60


def test_r18_workers_killed_in_the_middle_of_a_job_do_each_effect_once(
    full_size: bool, record_property: Callable[[str, object], None]
) -> None:
    """Two workers with their schedulers in processes of their own; each that has a job in its hands may get -9."""
    jobs, kills = (500, 100) if full_size else (30, 5)
    chance = random.Random(SEED)
    for number in range(jobs):
        Job.objects.create(
            name=COUNT, payload={"key": f"k{number}"}, run_at=clock.now(), created_at=clock.now(), max_attempts=100
        )
    crew = [_counting_worker(), _counting_worker()]
    try:
        for _kill in range(kills):
            pid = wait_for(lambda: _at_work(crew), seconds=60, what="a worker with a job in its hands", every=0.01)
            time.sleep(chance.uniform(0, 0.05))
            victim = next(worker for worker in crew if worker.pid == pid)
            victim.kill()
            victim.wait()
            crew[crew.index(victim)] = _counting_worker()
        wait_for(lambda: not Job.objects.filter(name__startswith="test.").exists(), seconds=60, what="all to be done")
    finally:
        for worker in crew:
            worker.kill()
            worker.wait()
    record_property("jobs", jobs)
    record_property("workers killed", f"{kills}, seed {SEED}")
    counts = dict(Count.objects.filter(count__gt=0).values_list("key", "count"))
    assert {key: counts.get(key) for key in [*(f"k{n}" for n in range(jobs)), REMINDER] if counts.get(key) != 1} == {}


def _counting_worker() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.safety.counting_worker", str(connection.settings_dict["NAME"])]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tresen.config.settings", "TRESEN_LEASE_SECONDS": "2"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, preexec_fn=die_with_parent())


def _at_work(crew: list[subprocess.Popen[bytes]]) -> int | None:
    """The process id of a worker that has a counting job in its hands."""
    names = Job.objects.filter(name=COUNT, state=JobState.RUNNING).values_list("worker", flat=True)
    busy = {int(name.split(":")[1]) for name in names}
    return next((worker.pid for worker in crew if worker.pid in busy), None)


def test_r18_a_worker_that_died_in_the_middle_leaves_no_half_effect(counting: registry.JobKind) -> None:
    Job.objects.create(name="test.count", payload={"key": "k"}, run_at=clock.now(), created_at=clock.now())
    lost = worker.claim("default", "a worker that dies now")
    assert lost is not None and worker.drain("default") == 0
    Job.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert worker.reap() == 1 and worker.drain("default") == 1
    # The dead one was only slow: its late effect is fenced off.
    worker.run(lost)
    assert Count.objects.get(key="k").count == 1


def test_r18_a_rolled_back_change_leaves_no_job() -> None:
    from tresen.spine.limits.jobs import sweep_limits

    def change() -> None:
        with transaction.atomic():
            sweep_limits.enqueue()
            raise RuntimeError("the change fails")

    with pytest.raises(RuntimeError):
        change()
    assert not Job.objects.exists()


def test_r18_a_job_that_always_fails_ends_as_failed_with_its_reason() -> None:
    def fail() -> None:
        raise ValueError("the reason")

    registry.job("test.fail", max_attempts=3)(fail)
    try:
        Job.objects.create(name="test.fail", max_attempts=3, run_at=clock.now(), created_at=clock.now())
        for _ in range(5):
            worker.drain("default")
            Job.objects.update(run_at=clock.now())
        job = Job.objects.get()
        assert job.state == JobState.FAILED and job.attempts == 3 and "the reason" in job.last_error
    finally:
        del registry.JOBS["test.fail"]


def test_r18_two_schedulers_start_a_periodic_job_once() -> None:
    barrier = threading.Barrier(3)

    def schedule() -> None:
        barrier.wait()
        worker.run_schedules()

    _parallel(3, schedule)
    names = [name for name, _ in table("SCHEDULES")]
    assert sorted(Job.objects.values_list("name", flat=True)) == sorted(names)
    assert Schedule.objects.filter(next_at__gt=clock.now()).count() == len(names)


def test_r18_a_worker_that_is_told_to_stop_keeps_the_lease_of_its_last_job() -> None:
    began, may_end = threading.Event(), threading.Event()

    def long_work() -> None:
        began.set()
        may_end.wait(30)

    registry.job("test.long", outside=True)(long_work)
    stopping = worker.Worker(("default",))
    thread = threading.Thread(target=stopping.work)
    try:
        Job.objects.create(name="test.long", run_at=clock.now(), created_at=clock.now())
        thread.start()
        assert began.wait(30)
        stopping.stop()
        soon = clock.now() + timedelta(seconds=20)
        Job.objects.filter(name="test.long").update(lease_until=soon)
        until = time.monotonic() + 20
        while not Job.objects.filter(name="test.long", lease_until__gt=soon).exists():
            assert time.monotonic() < until, "the lease was not kept"
            time.sleep(0.1)
    finally:
        may_end.set()
        thread.join(30)
        del registry.JOBS["test.long"]
    assert not thread.is_alive() and not Job.objects.filter(name="test.long").exists()


def test_r18_an_idle_worker_asks_once_for_all_queues_and_ends_at_once(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert due_queues(QUEUES) == set()
    for _ in range(20):
        worker = Worker()
        thread = threading.Thread(target=worker.work)
        thread.start()
        worker.stop()
        thread.join(timeout=20)
        assert not thread.is_alive()
