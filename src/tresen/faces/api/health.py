"""`/healthz`: this process answers. `/readyz`: the desk can do its work, with reasons where it cannot."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tresen.faces.api.answers import CONTENT_TYPE, to_json
from tresen.kit import clock
from tresen.spine.jobs.models import WorkerBeat
from tresen.spine.jobs.worker import oldest_waiting_seconds

BEAT_SECONDS = 60
OLDEST_JOB_SECONDS = 300
FREE_BYTES = 200 * 1024 * 1024


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as this process can answer; asks nothing else."""
    return _json({"alive": True}, 200)


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the desk can serve, else 503; both say what was looked at."""
    checks = {}
    for name, check in CHECKS.items():
        try:
            reason = check()
        except (DatabaseError, OSError):
            reason = "cannot be asked"
        checks[name] = {"ok": not reason, **({"reason": reason} if reason else {})}
    is_ready = all(check["ok"] for check in checks.values())
    return _json({"ready": is_ready, "checks": checks}, 200 if is_ready else 503)


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    return "" if _is_migrated() else "the schema is not the one of this release: run `tresen migrate`"


def _worker() -> str:
    since = clock.now() - timedelta(seconds=BEAT_SECONDS)
    if WorkerBeat.objects.filter(kind="worker", seen_at__gte=since).exists():
        return ""
    return f"no worker gave a sign of life for {BEAT_SECONDS} seconds"


def _jobs() -> str:
    waited = oldest_waiting_seconds()
    return f"the oldest job waits for {int(waited)} seconds" if waited > OLDEST_JOB_SECONDS else ""


def _disk() -> str:
    free = min(shutil.disk_usage(path).free for path in (settings.DATA, settings.FILES) if path.exists())
    return f"only {free // (1024 * 1024)} MB are free" if free < FREE_BYTES else ""


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "worker": _worker,
    "jobs": _jobs,
    "disk": _disk,
}


def _is_migrated() -> bool:
    """Whether all migrations are applied. Looked up once: a schema does not go back while a process runs."""
    if not _applied():
        _applied.cache_clear()
        return False
    return True


@cache
def _applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _json(body: dict[str, object], status: int) -> HttpResponse:
    return HttpResponse(to_json(body), status=status, content_type=CONTENT_TYPE)
