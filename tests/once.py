"""What is slow to make and the same for every worker of a run is made once: tables, a first run, the sample desk.

The first worker that needs it makes it, the others wait for it and take a copy. On PostgreSQL a model's tables lie in a
database of its name, which new databases take as their template.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

# Made by the process that started the run (tests/conftest.py) and gone with it.
PLACE = "TRESEN_TEST_SHARED"


def once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name, filled by `make` in whichever worker comes first. Raises what `make` raises."""
    shared = Path(os.environ[PLACE])
    folder = shared / name
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            half_made = shared / f"{name}.new"
            shutil.rmtree(half_made, ignore_errors=True)
            half_made.mkdir()
            make(half_made)
            half_made.rename(folder)
    return folder


def database(name: str, template: str = "") -> str:
    """The URL of a new database on the cluster of the run, empty or a copy of another; "" on SQLite."""
    cluster = os.environ.get("TRESEN_DATABASE_URL", "")
    if not cluster:
        return ""
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
    return urlunsplit(urlsplit(cluster)._replace(path=f"/{name}"))
