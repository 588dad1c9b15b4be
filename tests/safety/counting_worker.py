"""A worker in a process of its own whose jobs leave traces that can be counted: `python -m tests.safety.counting_worker
DATABASE`, with the name of a test's database. For R18, which kills it."""

from __future__ import annotations

import sys
import time

COUNT, REMIND = "test.count", "test.remind"
REMINDER = "the reminder"
# Read by the wiring loader: a schedule that is due once in a test.
SCHEDULES = [(REMIND, 3600)]


def main(database: str) -> None:
    """Works on that database until it is killed or asked to end."""
    import django
    from django.conf import settings

    settings.DATABASES["default"]["NAME"] = database
    settings.WIRING = [*settings.WIRING, "tests.safety.counting_worker"]
    django.setup()

    from tresen.spine.jobs.registry import job
    from tresen.spine.jobs.worker import Worker

    job(COUNT, max_attempts=100)(count)
    job(REMIND, max_attempts=100)(remind)
    Worker(("default",)).work()


def count(*, key: str) -> None:
    """One more on a counter; then it takes a moment, in which the worker may die."""
    from datetime import timedelta

    from django.db.models import F

    from tresen.kit import clock
    from tresen.spine.limits.models import Count

    Count.objects.get_or_create(key=key, defaults={"count": 0, "expires_at": clock.now() + timedelta(days=1)})
    Count.objects.filter(key=key).update(count=F("count") + 1)
    time.sleep(0.05)


def remind() -> None:
    """What nobody wants to get twice."""
    count(key=REMINDER)


if __name__ == "__main__":
    main(sys.argv[1])
