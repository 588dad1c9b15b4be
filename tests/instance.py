"""A running Tresen, as an administrator would start it: its own data folder, its own ports, real processes.

For stories and safety tests, which speak HTTP, SMTP, IMAP and the command line only.
"""

from __future__ import annotations

import itertools
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from tests.once import database, once
from tests.outside import free_port, wait_for
from tests.postgres import die_with_parent

PROGRAM = Path(sys.executable).with_name("tresen")
START_SECONDS = 150
_numbers = itertools.count(1)


class Instance:
    """One installation. `start()` runs web, worker and listener; `cli()` runs a command beside them.

    `environment` holds further TRESEN_* settings and faults, for example `TRESEN_SMTP_URL=sink.url`.
    """

    def __init__(self, folder: Path, **environment: str) -> None:
        """Prepare the folder and, where the run is on PostgreSQL, a database of its own. Starts nothing."""
        self.data = folder / "data"
        self.port = free_port()
        self.smtp_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log.txt"
        self.process: subprocess.Popen[bytes] | None = None
        self._answer: tuple[int, bytes] | None = None
        inherited = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")
        self.environment = {name: os.environ[name] for name in inherited if name in os.environ}
        self.environment |= {
            "PORT": str(self.port),
            "SAMPLE": "0",
            "TRESEN_DATA": str(self.data),
            "TRESEN_BASE_URL": self.url,
            "TRESEN_LISTEN_SMTP": f"127.0.0.1:{self.smtp_port}",
            **({} if "TRESEN_DATABASE_URL" in environment else _own_database()),
            **environment,
        }

    def start(self, *arguments: str) -> Instance:
        """Run `tresen run` and come back when it can serve. Raises AssertionError with its log when it does not.

        The first start of an empty installation finds the tables and the styles made already: all would make the same.
        """
        if not self.data.exists():
            self.prepare()
        command = [str(PROGRAM), "run", "--host", "127.0.0.1", "--port", str(self.port), *arguments]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                env=self.environment,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                preexec_fn=die_with_parent(),
            )
        try:
            wait_for(self._is_ready, seconds=START_SECONDS, what="the running desk")
        except AssertionError as fault:
            raise AssertionError(f"{fault}; /readyz says {self._answer}\n{self.log.read_text()[-4000:]}") from None
        return self

    def prepare(self) -> Instance:
        """Give an installation that was never touched what `tresen migrate` and a first start make: tables, styles."""
        self.copy("empty", _make_empty)
        key = self.data / "secret.key"
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(48))
        return self

    def copy(self, name: str, make: Callable[[Path], None]) -> Instance:
        """Give an installation that was never touched data and tables of the model of that name (tests/once.py)."""
        model = once(name, make)
        if url := self.environment.get("TRESEN_DATABASE_URL", ""):
            with psycopg.connect(url) as own:
                found = own.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
            if found == (0,):
                database(urlsplit(url).path.strip("/"), template=f"model_{name}")
        shutil.copytree(model / "data", self.data)
        return self

    def cli(self, *arguments: str, given: bytes | None = None, seconds: float = 60) -> subprocess.CompletedProcess[str]:
        """Run one command of the command line to its end; its output as text, its exit code in `returncode`."""
        done = subprocess.run(
            [str(PROGRAM), *arguments], env=self.environment, input=given, capture_output=True, timeout=seconds
        )
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body of a plain GET, without following it anywhere else; errors are answers too."""
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as fault:
            return fault.code, fault.read()

    def sample(self) -> dict[str, Any]:
        """What was written to sample.json: accounts by role, mailboxes."""
        found: dict[str, Any] = json.loads((self.data / "sample.json").read_text())
        return found

    def children(self) -> dict[str, int]:
        """The supervised processes: the name (web, work, listen) and the process id."""
        assert self.process
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
                name = (folder / "comm").read_text().strip()
            except (OSError, ValueError, IndexError):
                continue
            # Until it has its own name, a newborn child goes by its parent's.
            if parent == self.process.pid and name.startswith("tresen-"):
                found[name.removeprefix("tresen-")] = int(folder.name)
        return found

    def kill(self, child: str | None = None) -> None:
        """`kill -9` for one supervised process, or for the supervisor and all of them."""
        assert self.process
        children = self.children()
        if child:
            os.kill(children[child], signal.SIGKILL)
            return
        self.process.kill()
        self.process.wait()
        for pid in children.values():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def stop(self) -> int:
        """End it the friendly way; its exit code. May be called twice."""
        if self.process is None:
            return 0
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.kill()
        return int(self.process.returncode)

    def _is_ready(self) -> bool:
        assert self.process
        if self.process.poll() is not None:
            raise AssertionError(f"tresen run ended with {self.process.returncode}")
        try:
            self._answer = self.get("/readyz")
        except OSError:
            return False
        return self._answer[0] == 200


def model(folder: Path, name: str, **environment: str) -> Instance:
    """The installation that becomes the model of that name; to be copied it must have ended."""
    if url := database(f"model_{name}"):
        environment["TRESEN_DATABASE_URL"] = url
    return Instance(folder, **environment)


def tables() -> Path:
    """The model of an installation that `tresen migrate` has just made."""
    return once("tables", _make_tables)


def _make_tables(folder: Path) -> None:
    made = model(folder, "tables")
    done = made.cli("migrate")
    assert done.returncode == 0, done.stderr
    (made.data / "secret.key").unlink()
    forget = "DELETE FROM people_deskkey"
    if url := made.environment.get("TRESEN_DATABASE_URL"):
        with psycopg.connect(url) as connection:
            connection.execute(forget)
    else:
        # Closed before it is copied: the last one out takes the write-ahead log away.
        with closing(sqlite3.connect(made.data / "tresen.sqlite3", isolation_level=None)) as file:
            file.execute(forget)


def _make_empty(folder: Path) -> None:
    """Tables and styles, as they are before the first start."""
    made = model(folder, "empty").copy("tables", _make_tables)
    style = "from tresen.faces.cli.prepare import set_up, static_files; set_up(); static_files()"
    environment = {
        **made.environment,
        "DJANGO_SETTINGS_MODULE": "tresen.config.settings",
        "TRESEN_SECRET_KEY": secrets.token_urlsafe(48),
    }
    subprocess.run([sys.executable, "-c", style], env=environment, check=True, timeout=60)


def _own_database() -> dict[str, str]:
    """A new, empty database on the run's cluster; nothing on SQLite, where the data folder holds it."""
    url = database(f"instance_{os.getpid()}_{next(_numbers)}")
    return {"TRESEN_DATABASE_URL": url} if url else {}
