"""`tresen doctor`: looks at everything the desk stands on and says what to do."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from tresen.faces.cli.prepare import check_key, set_up

LEAST_FREE = 0.15
OLDEST_JOB_SECONDS = 300
CONNECT_SECONDS = 5


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `ok`, in words, and what to do if it is not."""

    ok: bool
    what: str
    advice: str = ""


@click.command()
def doctor() -> None:
    """Checks configuration, database, mailboxes, disk, clock and permissions; exit 1 if something is wrong.

    Example: tresen doctor
    """
    set_up()
    wrong = 0
    looks = [_data, _address, _disk, _walls, _database, _search, _clock, _worker, _mail, _certificate]
    if not _database_answers():
        looks = looks[: looks.index(_database) + 1]
    for look in looks:
        for finding in look():
            wrong += not finding.ok
            click.echo(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.what}")
            if not finding.ok and finding.advice:
                click.echo(f"      {finding.advice}")
    if wrong:
        sys.exit(1)


def _data() -> Iterator[Finding]:
    from django.conf import settings

    folder = Path(settings.DATA)
    mode = stat.S_IMODE(folder.stat().st_mode)
    yield Finding(not mode & 0o077, f"data folder {folder}, mode {mode:o}", f"others can read it: chmod 700 {folder}")
    key = folder / "secret.key"
    if key.exists():
        mode = stat.S_IMODE(key.stat().st_mode)
        yield Finding(not mode & 0o077, f"secret key, mode {mode:o}", f"chmod 600 {key}")
    yield Finding(os.access(folder, os.W_OK), "data folder can be written", "give it to the account of Tresen")


def _address() -> Iterator[Finding]:
    from django.conf import settings

    local = settings.MAIL_HOST in {"localhost", "127.0.0.1", "::1"}
    yield Finding(settings.HTTPS or local, f"address {settings.BASE_URL}",
                  "not encrypted: put a TLS proxy in front, set TRESEN_BASE_URL to its https address")  # fmt: skip


def _database_answers() -> bool:
    """Asks once, without the pool, which would try again for 20 seconds before it says why."""
    from django.db import connection
    from django.db.utils import Error

    if connection.vendor == "postgresql":
        options: dict[str, Any] = connection.settings_dict["OPTIONS"]
        options.pop("pool", None)
        options["connect_timeout"] = CONNECT_SECONDS
    try:
        connection.ensure_connection()
    except Error:
        return False
    return True


def _database() -> Iterator[Finding]:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import Error

    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except Error as fault:
        yield Finding(
            False, f"database: {' '.join(str(fault).split())}", "check TRESEN_DATABASE_URL and that the server runs"
        )
        return
    yield Finding(True, f"database {connection.vendor}")
    yield Finding(not missing, f"schema, {len(missing)} steps to do", "run tresen migrate")
    try:
        check_key()
    except click.ClickException as fault:
        yield Finding(False, "secret key", fault.message)


def _search() -> Iterator[Finding]:
    from django.db.utils import Error

    from tresen.service.search.indexing import count_missing
    from tresen.service.search.jobs import index_long_message
    from tresen.spine.jobs.models import Job

    try:
        waiting = Job.objects.filter(name=index_long_message.name).count()
        missing = max(0, count_missing() - waiting)
    except Error:
        return
    yield Finding(not missing, f"search, {missing} texts are not found", "run tresen search rebuild")


def _disk() -> Iterator[Finding]:
    from django.conf import settings

    usage = shutil.disk_usage(settings.DATA)
    share = usage.free / usage.total
    yield Finding(share > LEAST_FREE, f"disk, {share:.0%} free", "make room: mail cannot be taken in on a full disk")


def _clock() -> Iterator[Finding]:
    from django.db import connection

    if connection.vendor != "postgresql":
        yield Finding(time.time() > 1_750_000_000, "clock", "set the clock of this machine")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
        drift = abs(float(cursor.fetchone()[0]) - time.time())
    yield Finding(drift < 5, f"clock, {drift:.1f} s from the database server's", "keep both machines in time by NTP")


def _worker() -> Iterator[Finding]:
    from django.db.utils import Error

    from tresen.kit import clock
    from tresen.spine.jobs.models import Job, JobState, WorkerBeat
    from tresen.spine.jobs.worker import oldest_waiting_seconds

    try:
        alive = set(
            WorkerBeat.objects.filter(seen_at__gt=clock.now() - timedelta(minutes=1)).values_list("kind", flat=True)
        )
        waiting, failed = oldest_waiting_seconds(), Job.objects.filter(state=JobState.FAILED).count()
    except Error:
        return
    for kind in ("worker", "listener"):
        yield Finding(kind in alive, f"{kind} is alive", "start it with tresen run")
    yield Finding(waiting < OLDEST_JOB_SECONDS, f"oldest job waits {waiting:.0f} s", "start more workers: tresen work")
    yield Finding(not failed, f"{failed} jobs have failed", "look at them in Settings, Failed jobs")


def _mail() -> Iterator[Finding]:
    from django.conf import settings
    from django.db.utils import Error

    from tresen.channels.mail.models import FETCHED, Incoming, Mailbox
    from tresen.channels.mail.transport import relay_for
    from tresen.channels.mail.troubles import troubles
    from tresen.kit.crypto import SealBroken

    try:
        mailboxes = list(Mailbox.objects.filter(is_active=True))
    except Error:
        return
    for trouble in troubles():
        yield Finding(False, trouble.words, f"look at Settings ({trouble.path})")
    for mailbox in mailboxes:
        fault = mailbox.fault if mailbox.incoming in (*FETCHED, Incoming.HOOK) else ""
        yield Finding(not fault, f"mailbox {mailbox.address} {fault}".strip(), "test it in Settings, Mailboxes")
        try:
            relay = relay_for(mailbox)
        except SealBroken:
            yield Finding(False, f"mailbox {mailbox.address}: its password cannot be opened", "enter it again")
            continue
        if relay is None:
            folder = Path(settings.DATA) / "outgoing"
            yield Finding(True, f"mailbox {mailbox.address} writes to {folder}: no TRESEN_SMTP_URL is set")


def _certificate() -> Iterator[Finding]:
    from tresen.channels.mail.listener_tls import CertificateFault, paths, valid_until
    from tresen.kit import clock

    advice = "put a valid certificate and key where TRESEN_LISTEN_TLS_CERT and TRESEN_LISTEN_TLS_KEY point"
    try:
        path, _ = paths()
    except CertificateFault as fault:
        yield Finding(False, f"certificate of the mail listener: {fault}", advice)
        return
    until = valid_until(path)
    fine = until is not None and until > clock.now() + timedelta(days=7)
    yield Finding(fine, f"certificate of the mail listener, until {until:%Y-%m-%d}" if until else
                  f"certificate of the mail listener {path} cannot be read", advice)  # fmt: skip


def _walls() -> Iterator[Finding]:
    from tresen.kit.box import walls

    for name, stands in walls().items():
        yield Finding(True, f"box for hostile mail: {name} {'stands' if stands else 'is not possible on this system'}")
