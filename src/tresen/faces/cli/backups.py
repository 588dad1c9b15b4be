"""Backup and restore: database and files in one archive, consistent while the desk runs."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from tresen.faces.cli.prepare import OTHER_KEY, set_up

FORMAT = 1
MANIFEST, DATABASE = "manifest.json", "database"


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Writes database and files into one archive. The secret key is not in it: keep it apart.

    Example: tresen backup /backups/tresen-2026-11-22.tar
    """
    set_up()
    from tresen.kit.crypto import key_id

    if file.exists():
        raise click.ClickException(f"{file} exists already; choose another name.")
    if not file.parent.is_dir():
        raise click.ClickException(f"There is no folder {file.parent}; make it first.")
    partial = file.with_name(file.name + ".part")
    begun = time.monotonic()
    try:
        with tempfile.TemporaryDirectory(dir=file.parent) as folder, tarfile.open(partial, "w") as archive:
            os.chmod(partial, 0o600)
            # The database first: new files only add. What is removed meanwhile are uploads that were never sent;
            # restore forgets those whose file is not in the archive.
            dump = Path(folder) / DATABASE
            kind = _dump_database(dump)
            archive.add(dump, DATABASE)
            sums = _add_files(archive)
            manifest = {"format": FORMAT, "database": kind, "database_sha256": _sum(dump), "files": sums}
            manifest["key_id"] = key_id()
            data = json.dumps(manifest).encode()
            info = tarfile.TarInfo(MANIFEST)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        os.replace(partial, file)
    finally:
        partial.unlink(missing_ok=True)
    click.echo(f"{file}: {file.stat().st_size} bytes, {len(sums)} files, {time.monotonic() - begun:.1f} s")


def _dump_database(target: Path) -> str:
    from django.db import connection

    settings: dict[str, Any] = connection.settings_dict
    if connection.vendor == "sqlite":
        source = sqlite3.connect(settings["NAME"])
        copy = sqlite3.connect(target)
        with copy:
            source.backup(copy)
        copy.close()
        source.close()
        return "sqlite"
    _postgres(["pg_dump", "--format=custom", f"--file={target}", "--no-owner"], settings)
    return "postgresql"


def _postgres(command: list[str], settings: dict[str, Any]) -> None:
    """Runs a PostgreSQL tool; the password goes through the environment, never through the arguments."""
    names = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    environment = os.environ | {there: str(settings[here]) for here, there in names.items() if settings[here]}
    try:
        subprocess.run(command, check=True, env=environment, capture_output=True)
    except FileNotFoundError as fault:
        raise click.ClickException(f"{command[0]} is not installed; install PostgreSQL's client programs.") from fault
    except subprocess.CalledProcessError as fault:
        said = " ".join(fault.stderr.decode(errors="replace").split())
        raise click.ClickException(f"{command[0]} failed ({said}); see that the database can be used.") from fault


def _add_files(archive: tarfile.TarFile) -> dict[str, str]:
    from django.conf import settings

    sums: dict[str, str] = {}
    for path in sorted(Path(settings.FILES).glob("??/*")):
        if path.suffix == ".part":
            continue
        try:
            archive.add(path, f"files/{path.parent.name}/{path.name}")
            sums[path.name] = _sum(path)
        except FileNotFoundError:  # swept in this moment
            continue
    return sums


def _sum(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Puts a backup into an empty desk; refuses one that holds anything. Give the desk the old secret key first.

    Example: TRESEN_DATA=/srv/tresen tresen restore /backups/tresen-2026-11-22.tar
    """
    set_up()
    from django.conf import settings
    from django.db import connection

    from tresen.kit.crypto import key_id

    begun = time.monotonic()
    _refuse_full(Path(settings.FILES))
    try:
        with tarfile.open(file) as archive, tempfile.TemporaryDirectory(dir=settings.DATA) as folder:
            manifest = _checked_manifest(archive)
            if manifest["database"] != connection.vendor:
                raise click.ClickException(
                    f"The backup is of {manifest['database']}, but this desk uses {connection.vendor}; set"
                    " TRESEN_DATABASE_URL to a database of that kind."
                )
            if manifest.get("key_id", key_id()) != key_id():
                raise click.ClickException(OTHER_KEY)
            _put_back(archive, manifest, Path(folder) / DATABASE)
    except (tarfile.TarError, EOFError) as fault:
        raise click.ClickException(
            f"{file} is damaged or no backup of Tresen ({fault}); take another backup."
        ) from fault
    forget_lost_uploads()
    click.echo(f"restored: {len(manifest['files'])} files, {time.monotonic() - begun:.1f} s")


def _put_back(archive: tarfile.TarFile, manifest: dict[str, Any], dump: Path) -> None:
    """All of it, or nothing: the files of a backup that turns out to be damaged are taken away again."""
    from django.conf import settings

    _extract(archive, DATABASE, dump, manifest["database_sha256"])
    placed: list[Path] = []
    try:
        for key, digest in manifest["files"].items():
            target = Path(settings.FILES) / key[:2] / key
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            placed.append(target)
            _extract(archive, f"files/{key[:2]}/{key}", target, digest)
        _load_database(dump)
    except BaseException:
        for target in placed:
            target.unlink(missing_ok=True)
        raise


def _refuse_full(folder: Path) -> None:
    from django.db import connection

    tables = connection.introspection.table_names()
    if "people_user" in tables:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM people_user")
            if cursor.fetchone()[0]:
                raise click.ClickException("This desk is not empty; restore into an empty data folder and database.")
    if any(folder.glob("??/*")):
        raise click.ClickException(f"The files folder {folder} is not empty; restore into an empty one.")


def _checked_manifest(archive: tarfile.TarFile) -> dict[str, Any]:
    try:
        found = archive.extractfile(MANIFEST)
        manifest: dict[str, Any] = json.loads(found.read(64 * 1024 * 1024)) if found else {}
    except (KeyError, ValueError, tarfile.TarError) as fault:
        raise click.ClickException("This is not a complete backup of Tresen; take another backup.") from fault
    if manifest.get("format") != FORMAT:
        raise click.ClickException("This backup was made by another version of Tresen; restore it with that version.")
    for key in manifest["files"]:
        if len(key) != 32 or not all(c in "0123456789abcdef" for c in key):
            raise click.ClickException("The backup is damaged: it names an impossible file; take another backup.")
    return manifest


def _extract(archive: tarfile.TarFile, name: str, target: Path, digest: str) -> None:
    try:
        member = archive.getmember(name)
    except KeyError as fault:
        raise click.ClickException(f"The backup is damaged: {name} is missing in it; take another backup.") from fault
    source = archive.extractfile(member) if member.isreg() else None
    if source is None:
        raise click.ClickException(f"The backup is damaged: {name} in it is no plain file; take another backup.")
    hashed = hashlib.sha256()
    with open(target, "wb") as file:
        while chunk := source.read(1024 * 1024):
            hashed.update(chunk)
            file.write(chunk)
    if hashed.hexdigest() != digest:
        raise click.ClickException(f"The backup is damaged: the checksum of {name} is wrong; take another backup.")


def _load_database(dump: Path) -> None:
    from django.db import connection

    settings: dict[str, Any] = connection.settings_dict
    connection.close()
    if connection.vendor == "sqlite":
        source, target = sqlite3.connect(dump), sqlite3.connect(settings["NAME"])
        with target:
            source.backup(target)
        source.close()
        target.close()
        return
    _postgres(
        ["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", f"--dbname={settings['NAME']}",
         str(dump)],
        settings,
    )  # fmt: skip


def forget_lost_uploads() -> None:
    """Drops uploads that are on no message and were swept between the dump and the files."""
    from tresen.core.tickets.models import Attachment
    from tresen.kit.files import path_of

    waiting = Attachment.objects.filter(message=None).values_list("pk", "storage_key")
    lost = [pk for pk, key in waiting if not path_of(key).exists()]
    Attachment.objects.filter(pk__in=lost, message=None).delete()
