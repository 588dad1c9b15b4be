"""Getting a desk ready to run: schema, static files, sample or first-run code, and words for the console."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import sys
from pathlib import Path

import click

from tresen.kit.memory import collect_less_often, keep_freed_memory


def set_up() -> None:
    """Loads Django once; a wrong environment ends the command with one sentence."""
    import django

    collect_less_often()
    keep_freed_memory()
    django.setup()
    logging.getLogger("tresen").debug("settings loaded")


HALF_WAY = (
    "The database is of a development version from before 29 November 2026 and lacks its last changes; run"
    " tresen migrate of the version of 28 November 2026 first."
)
OTHER_KEY = (
    "The database was made with another secret key; put the old one back (TRESEN_SECRET_KEY, TRESEN_SECRET_KEY_FILE"
    " or secret.key in the data folder)."
)


def make_tables(*, verbosity: int = 0) -> None:
    """Brings the database to this version; one too old to be brought there ends the command with one sentence."""
    from django.core.management import call_command
    from django.db import connection

    from tresen.kit.tables import is_half_way

    if is_half_way(connection):
        raise click.ClickException(HALF_WAY)
    call_command("migrate", interactive=False, verbosity=verbosity)


def check_key() -> None:
    """Ends the command with one sentence when the database was made with another secret key."""
    from tresen.core.people import desk_key

    try:
        desk_key.check_key()
    except desk_key.OtherKey as fault:
        raise click.ClickException(OTHER_KEY) from fault


def static_files() -> None:
    """Gathers styles and scripts into the data folder when the code is newer than what lies there."""
    from django.conf import settings
    from django.core.management import call_command

    root = Path(settings.STATIC_ROOT)
    # Beside the folder, not in it: what lies in it is served.
    mark, fingerprint = root.with_name(f"{root.name}.fingerprint"), _fingerprint(Path(settings.SOURCE))
    if mark.exists() and mark.read_text() == fingerprint:
        return
    call_command("collectstatic", interactive=False, verbosity=0, clear=False)
    root.mkdir(parents=True, exist_ok=True)
    mark.write_text(fingerprint)


def _fingerprint(source: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(source.glob("**/static/**/*")):
        if path.is_file():
            stat = path.stat()
            digest.update(f"{path}:{stat.st_mtime_ns}:{stat.st_size}\n".encode())
    return digest.hexdigest()


def prepare_desk(*, host: str, port: int) -> None:
    """Migrates; an empty data folder gets the sample desk (or, with SAMPLE=0, the first-run code); says where to go."""
    from tresen.core.people.models import Agent

    make_tables()
    check_key()
    static_files()
    _forget_interrupted_sample()
    if not Agent.objects.exists() and os.environ.get("SAMPLE", "1") != "0":
        _load_sample()
    address = f"http://{host if host not in {'0.0.0.0', '::'} else '127.0.0.1'}:{port}"  # noqa: S104
    click.echo(f"\nTresen runs at {address}  (desk: {address}/desk/)")
    _say_accounts()
    _say_first_run(address)
    sys.stdout.flush()


def _load_sample() -> None:
    from django.conf import settings
    from django.db import transaction

    from tresen.faces.cli.sample.loader import journal_of, load_sample
    from tresen.kit import files

    click.echo("Loading the sample desk …")
    data = Path(settings.DATA)
    # All or nothing: nobody else is here yet, and a start that was interrupted begins anew.
    with files.journalled(journal_of(data)), transaction.atomic():
        load_sample(seed=1, tickets=0, base_url=settings.BASE_URL, accounts_file=data / "sample.json")


def _forget_interrupted_sample() -> None:
    from django.conf import settings

    from tresen.faces.cli.sample.loader import forget_interrupted

    forget_interrupted(Path(settings.DATA))


def _say_accounts() -> None:
    from django.conf import settings

    path = Path(settings.DATA) / "sample.json"
    if not path.exists():
        return
    sample = json.loads(path.read_text())
    click.echo("Sample accounts:")
    for account in sample["accounts"]:
        click.echo(f"  {account['role']:<9} {account['email']:<40} {account['password']}")
    click.echo(f"Mail sent by SMTP to {settings.ENVIRONMENT.listen_smtp} for {', '.join(sample['mailboxes'])}"
               " becomes a ticket.")  # fmt: skip


def _say_first_run(address: str) -> None:
    from tresen.core.people.accounts import open_first_run

    code = open_first_run()
    if code:
        click.echo(f"The desk is empty. Set it up at {address}/first-run/ with the code {code}")
