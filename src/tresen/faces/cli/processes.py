"""The processes: web, worker, listener, and the supervisor that keeps all three."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import FrameType

import click

from tresen.faces.cli.prepare import check_key, prepare_desk, set_up, static_files

LONGEST_PAUSE_SECONDS = 5.0
SOON_SECONDS = 3.0
LOOK_SECONDS = 0.3
STOP_SECONDS = 15
ENDING = (signal.SIGTERM, signal.SIGINT)
PORT = click.IntRange(1, 65535)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=lambda: os.environ.get("PORT", "8000"),
    show_default="PORT or 8000",
    type=PORT,
    help="Port to listen on.",
)
def run(host: str, port: int) -> None:
    """Web, worker and mail listener in one go; restarts what dies. Example: tresen run --port 8080"""
    os.environ["PORT"] = str(port)
    set_up()
    refuse_taken_port(host, port)
    _refuse_taken_door()
    prepare_desk(host=host, port=port)
    _load_all()
    Supervisor({"web": lambda: serve_web(host, port), "work": serve_jobs, "listen": serve_mail}).run()


def _load_all() -> None:
    """What the children would each load by themselves is loaded once and shared: they start at once, in little memory.

    Connections and helpers that this process used so far are let go, since none may be shared.
    """
    for module in (
        "tresen.faces.cli.server", "tresen.config.asgi", "tresen.config.urls", "tresen.channels.mail.listener",
        "tresen.channels.mail.fetcher", "tresen.spine.jobs.worker",
    ):  # fmt: skip
        import_module(module)
    from django.db import connections

    from tresen.channels.mail.box import mail_box

    mail_box().close()
    for connection in connections.all(initialized_only=True):
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]
    gc.collect()
    gc.freeze()


def _refuse_taken_door() -> None:
    """The same for the door of mail, which would otherwise be knocked at in vain again and again."""
    from django.conf import settings

    host, _, port = settings.ENVIRONMENT.listen_smtp.rpartition(":")
    if port.isascii() and port.isdigit() and int(port) and not host.startswith("unix"):
        refuse_taken_port(host.strip("[]"), int(port), way_out="choose another address with TRESEN_LISTEN_SMTP")


def refuse_taken_port(host: str, port: int, *, way_out: str = "choose another port with --port or PORT") -> None:
    """Ends with one sentence when somebody listens there already, before anything is said or changed."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as fault:
            raise click.ClickException(f"{host}:{port} cannot be used ({fault.strerror}); {way_out}.") from fault


class Supervisor:
    """Starts child processes as copies of this one, restarts those that die, passes on the wish to end."""

    def __init__(self, plan: dict[str, Callable[[], None]]) -> None:
        self.plan = plan
        self.children: dict[str, BaseProcess] = {}
        self.started: dict[str, float] = {}
        self.pauses: dict[str, float] = {}
        self.starts_at: dict[str, float] = {}
        # A plain flag: the handler of a signal may come in the middle of an Event's own wait and would then wait for
        # its lock for ever.
        self.stopping = False

    def run(self) -> None:
        """Returns when asked to end (SIGTERM, SIGINT) and all children are gone."""
        for number in ENDING:
            signal.signal(number, self._end)
        while not self.stopping:
            for name in self.plan:
                self._keep(name)
            time.sleep(LOOK_SECONDS)
        for child in self.children.values():
            if child.is_alive():
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            child.join(timeout=max(0.1, deadline - time.monotonic()))
            if child.is_alive():
                child.kill()

    def _keep(self, name: str) -> None:
        """Starts the child if it is not there; one that dies at once again and again waits longer each time."""
        child, at = self.children.get(name), time.monotonic()
        if child is not None and child.is_alive():
            return
        if child is not None and name not in self.starts_at:
            lived = at - self.started[name]
            grown = min(2 * self.pauses.get(name, 0) or 0.5, LONGEST_PAUSE_SECONDS)
            pause = 0.0 if lived > SOON_SECONDS else grown
            self.pauses[name], self.starts_at[name] = pause, at + pause
            click.echo(f"tresen: {name} ended ({child.exitcode}), it is started again in {pause:g} s", err=True)
        if at < self.starts_at.get(name, 0.0):
            return
        self.starts_at.pop(name, None)
        self.started[name] = at
        self.children[name] = get_context("fork").Process(
            target=_be_child, args=(name, self.plan[name], os.getpid()), name=name
        )
        # A signal to the newborn child must find it with handlers of its own: until then it waits.
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            self.children[name].start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True


def _be_child(name: str, serve: Callable[[], None], parent: int) -> None:
    """The life of a child: a session of its own, since Ctrl-C is for the supervisor alone, which then ends its children
    in order; a name of its own in lists of processes (Linux); its one task."""
    os.setsid()
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    with suppress(OSError):
        Path("/proc/self/comm").write_text(f"tresen-{name}")
    _follow_parent(parent)
    try:
        serve()
    except click.ClickException as fault:
        fault.show()
        sys.exit(fault.exit_code)


def _follow_parent(parent: int) -> None:
    """A child whose supervisor was killed ends too, so that no port stays taken."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=PORT, help="Port to listen on.")
def web(host: str, port: int) -> None:
    """The web server alone. Example: tresen web --host 0.0.0.0 --port 8000"""
    set_up()
    refuse_taken_port(host, port)
    check_key()
    static_files()
    serve_web(host, port)


def serve_web(host: str, port: int) -> None:
    """Answers HTTP until it is told to end."""
    from tresen.faces.cli.server import serve

    serve(host, port)


@click.command()
def work() -> None:
    """A worker for jobs: reads mail, sends mail, tidies up. Any number may run. Example: tresen work"""
    set_up()
    check_key()
    serve_jobs()


def serve_jobs() -> None:
    """Works until it is told to end."""
    from tresen.spine.jobs.worker import Worker

    worker = Worker()
    for number in ENDING:
        signal.signal(number, lambda *_: worker.stop())
    worker.work()


@click.command()
def listen() -> None:
    """Takes mail in: SMTP and LMTP listeners, IMAP and POP3 mailboxes. Example: tresen listen"""
    set_up()
    check_key()
    serve_mail()


def serve_mail() -> None:
    """Takes mail in until it is told to end."""
    asyncio.run(_listen())


async def _listen() -> None:
    from django.conf import settings

    from tresen.channels.mail.fetcher import Fetcher
    from tresen.channels.mail.listener import Door
    from tresen.channels.mail.listener_tls import CertificateFault
    from tresen.channels.mail.writer import Writer
    from tresen.spine.jobs.worker import beat, worker_name

    stop, fetcher, writer, name = asyncio.Event(), Fetcher(), Writer(), worker_name()
    for number in ENDING:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    doors = []
    for source, place in (("smtp", settings.ENVIRONMENT.listen_smtp), ("lmtp", settings.ENVIRONMENT.listen_lmtp)):
        if place and place != "off":
            try:
                doors.append(await Door(source, place, writer).open())
            except CertificateFault as fault:
                raise click.ClickException(
                    f"The certificate for STARTTLS cannot be used ({fault}); set TRESEN_LISTEN_TLS_CERT and"
                    " TRESEN_LISTEN_TLS_KEY to PEM files."
                ) from fault
            except (OSError, ValueError, OverflowError) as fault:
                raise click.ClickException(
                    f"{source.upper()} cannot listen at {place} ({fault}); set TRESEN_LISTEN_{source.upper()} to"
                    " HOST:PORT, unix:/PATH or off."
                ) from fault
    while not stop.is_set():
        if not writer.is_alive:  # no mail would be taken any more: the supervisor begins anew
            raise click.ClickException("The thread that stores mail has ended; see the fault above.")
        try:
            await asyncio.to_thread(fetcher.follow_settings)
            await asyncio.to_thread(beat, name, "listener")
        except Exception as fault:  # the database may be away; mail servers hear 451 meanwhile
            click.echo(f"tresen: listener: {fault}", err=True)
        try:
            await asyncio.wait_for(stop.wait(), timeout=10)
        except TimeoutError:
            continue
    for door in doors:
        door.close()
    await asyncio.to_thread(writer.stop)
    await asyncio.to_thread(fetcher.stop)
