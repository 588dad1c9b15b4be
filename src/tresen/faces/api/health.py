"""`/healthz`: this process answers. `/readyz`: the desk can do its work, with reasons where it cannot."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tresen.channels.mail.troubles import troubles
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
    """200 when the desk can serve, else 503; both say what was looked at, and warn of what somebody should mend."""
    checks = {}
    for name, check in CHECKS.items():
        try:
            reason = check()
        except (DatabaseError, OSError):
            reason = "cannot be asked"
        checks[name] = {"ok": not reason, **({"reason": reason} if reason else {})}
    is_ready = all(check["ok"] for check in checks.values())
    return _json({"ready": is_ready, "checks": checks, "warnings": _warnings()}, 200 if is_ready else 503)


def _warnings() -> list[str]:
    """What an administrator should mend and no other process of ours can: it takes no traffic away from this one.
    Addresses and servers are not named, since anybody may read this."""
    try:
        kinds = Counter(trouble.kind for trouble in troubles())
    except DatabaseError:
        return []
    return [WARNINGS[kind].format(count) for kind, count in kinds.items() if kind in WARNINGS]


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


WARNINGS = {
    "failing": "mail of {} mailboxes cannot be fetched",
    "refused": "calls for {} mailboxes are refused",
    "silent": "nobody looks for mail in {} mailboxes",
    "quiet": "{} mailboxes get no mail for longer than is usual",
    "listener": "the mail listener is not running",
    "unread": "mail that came in waits to be read",
    "unsent": "mail waits to leave and does not get away",
}
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
