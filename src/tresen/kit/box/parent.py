"""The desk's side of the box: a few workers, each a process; one that hangs or dies is replaced."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tresen.kit.box.errors import BoxBusy, BoxDied, BoxFault, BoxTimeout
from tresen.kit.box.frames import BadFrame, read_frame, write_frame

CHILD = Path(__file__).with_name("child.py")
SOURCE = str(Path(__file__).resolve().parents[3])
MEMORY = 768 * 1024 * 1024
PROCESSOR_SECONDS = 10
START_SECONDS = 30.0
JOBS_A_WORKER = 2000


class Box:
    """Runs the jobs of an explicit table in separate processes.

    `jobs` maps names to `package.module:function`; nothing else can be called. `memory` in bytes of address space and
    `processor_seconds` per job bound each worker. Safe to use from many threads; workers start when first needed.
    """

    def __init__(
        self,
        jobs: Mapping[str, str],
        *,
        size: int = 2,
        memory: int = MEMORY,
        processor_seconds: int = PROCESSOR_SECONDS,
    ) -> None:
        self._options = json.dumps(
            {"source": SOURCE, "jobs": dict(jobs), "memory": memory, "processor_seconds": processor_seconds}
        )
        self._jobs = frozenset(jobs)
        self._size = size
        self._lock = threading.Lock()
        self._fill()

    def _fill(self) -> None:
        self._owner = os.getpid()
        self._workers = [_Worker(self._options) for _ in range(self._size)]
        # Last in, first out: a quiet desk keeps one worker warm and starts no second.
        self._free: queue.LifoQueue[_Worker] = queue.LifoQueue()
        for worker in self._workers:
            self._free.put(worker)

    def run(self, job: str, *args: Any, timeout: float = 20.0, **named: Any) -> Any:
        """The job's result: JSON types and bytes. `timeout` in seconds, waiting for a worker included.

        Raises BoxBusy, BoxTimeout, BoxDied, or BoxFault when the job itself refused; KeyError for an unknown job.
        """
        if job not in self._jobs:
            raise KeyError(job)
        self._after_fork()
        until = time.monotonic() + timeout
        try:
            worker = self._free.get(timeout=timeout)
        except queue.Empty:
            raise BoxBusy(f"no worker became free within {timeout:g} s") from None
        try:
            answer = worker.ask({"job": job, "args": args, "named": named}, until)
        finally:
            self._free.put(worker)
        if "fault" in answer:
            code, detail = (str(part) for part in answer["fault"])
            raise BoxFault(code, detail)
        return answer.get("result")

    def walls(self) -> dict[str, bool]:
        """Which walls stand around the workers: network, other_user, no_new_rights, memory, processor, files,
        environment. Starts a worker when none runs."""
        self._after_fork()
        worker = self._free.get(timeout=START_SECONDS)
        try:
            worker.ensure(time.monotonic() + START_SECONDS)
            return dict(worker.walls)
        finally:
            self._free.put(worker)

    def pids(self) -> list[int]:
        """The process ids of the workers that run."""
        return [worker.pid for worker in self._workers if worker.pid]

    def close(self) -> None:
        """Ends the workers. The box can be used again afterwards."""
        for worker in self._workers:
            worker.kill()

    def _after_fork(self) -> None:
        """A forked copy of this process must not speak over its parent's sockets."""
        with self._lock:
            if self._owner != os.getpid():
                self._fill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Worker:
    """One process and the socket to it. Used by one thread at a time."""

    def __init__(self, options: str) -> None:
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._served = 0
        self.walls: dict[str, bool] = {}

    @property
    def pid(self) -> int:
        return self._process.pid if self._process is not None and self._process.poll() is None else 0

    def ensure(self, until: float) -> None:
        """Starts the process unless it runs and is not worn out."""
        if self.pid and self._served < JOBS_A_WORKER:
            return
        self.kill()
        ours, theirs = socket.socketpair()
        with theirs:
            environment: dict[str, str] = {}
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-X", "utf8", str(CHILD), self._options],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                cwd="/",
                close_fds=True,
                start_new_session=True,
            )
        self._socket, self._served = ours, 0
        self.walls = dict(self._exchange(None, max(until, time.monotonic() + START_SECONDS))["walls"])

    def ask(self, request: dict[str, Any], until: float) -> dict[str, Any]:
        """One question, one answer. The time begins when the worker is ready."""
        started = time.monotonic()
        self.ensure(until)
        self._served += 1
        answer = self._exchange(request, until + (time.monotonic() - started))
        if not isinstance(answer, dict):
            self.kill()
            raise BoxDied("the worker's answer makes no sense")
        return answer

    def _exchange(self, request: dict[str, Any] | None, until: float) -> Any:
        channel = self._socket
        assert channel is not None
        try:
            if request is not None:
                write_frame(lambda data: _send(channel, data, until), request)
            return read_frame(lambda count: _receive(channel, count, until))
        except TimeoutError:
            self.kill()
            raise BoxTimeout("the worker did not answer in time") from None
        except (OSError, EOFError, BadFrame):
            status = self.kill()
            raise BoxDied(f"the worker ended without an answer (status {status})") from None
        except BaseException:  # interrupted between question and answer: this worker's next answer would be a wrong one
            self.kill()
            raise

    def kill(self) -> int | None:
        """Ends the process for good; its exit status."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        process, self._process = self._process, None
        if process is None:
            return None
        with contextlib.suppress(OSError):
            process.kill()
        return process.wait()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _send(channel: socket.socket, data: bytes, until: float) -> None:
    channel.settimeout(_left(until))
    channel.sendall(data)


def _receive(channel: socket.socket, count: int, until: float) -> bytes:
    whole = bytearray()
    while len(whole) < count:  # grown as it comes: a length that is only claimed costs nothing
        channel.settimeout(_left(until))
        chunk = channel.recv(min(count - len(whole), 1 << 20))
        if not chunk:
            raise EOFError
        whole += chunk
    return bytes(whole)
