"""The processes: web, worker, listener, and the supervisor that keeps all three."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from types import FrameType

import click

from tresen.faces.cli.prepare import check_key, prepare_desk, set_up, static_files

LONGEST_PAUSE_SECONDS = 5.0
SOON_SECONDS = 3.0
LOOK_SECONDS = 0.3
STOP_SECONDS = 15
# In the environment of a child: the process id of the supervisor that started it.
SUPERVISOR = "_TRESEN_SUPERVISOR"
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
    Supervisor({
        "web": ["web", "--host", host, "--port", str(port)],
        "work": ["work"],
        "listen": ["listen"],
    }).run()  # fmt: skip


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
    """Starts child processes, restarts those that die, passes on the wish to end."""

    def __init__(self, plan: dict[str, list[str]]) -> None:
        self.plan = plan
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.started: dict[str, float] = {}
        self.pauses: dict[str, float] = {}
        self.starts_at: dict[str, float] = {}
        # A plain flag: the handler of a signal may come in the middle of an Event's own wait and would then wait for
        # its lock for ever.
        self.stopping = False

    def run(self) -> None:
        """Returns when asked to end (SIGTERM, SIGINT) and all children are gone."""
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGINT, self._end)
        while not self.stopping:
            for name in self.plan:
                self._keep(name)
            time.sleep(LOOK_SECONDS)
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children.values():
            try:
                child.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()

    def _keep(self, name: str) -> None:
        """Starts the child if it is not there; one that dies at once again and again waits longer each time."""
        child, at = self.children.get(name), time.monotonic()
        if child is not None and child.poll() is None:
            return
        if child is not None and name not in self.starts_at:
            lived = at - self.started[name]
            grown = min(2 * self.pauses.get(name, 0) or 0.5, LONGEST_PAUSE_SECONDS)
            pause = 0.0 if lived > SOON_SECONDS else grown
            self.pauses[name], self.starts_at[name] = pause, at + pause
            click.echo(f"tresen: {name} ended ({child.returncode}), it is started again in {pause:g} s", err=True)
        if at < self.starts_at.get(name, 0.0):
            return
        self.starts_at.pop(name, None)
        self.started[name] = at
        command = [sys.executable, "-m", "tresen.faces.cli.main", *self.plan[name]]
        # Own session: Ctrl-C reaches the supervisor alone, which then ends its children in order.
        marked = {**os.environ, SUPERVISOR: str(os.getpid())}
        self.children[name] = subprocess.Popen(command, start_new_session=True, env=marked)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True


def _follow_parent() -> None:
    """A child whose supervisor was killed ends too, so that no port stays taken. Whoever else started it may leave."""
    parent = os.environ.pop(SUPERVISOR, "")

    def watch() -> None:
        while str(os.getppid()) == parent:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    if parent:
        threading.Thread(target=watch, daemon=True).start()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=PORT, help="Port to listen on.")
def web(host: str, port: int) -> None:
    """The web server alone. Example: tresen web --host 0.0.0.0 --port 8000"""
    import uvicorn

    set_up()
    refuse_taken_port(host, port)
    check_key()
    static_files()
    _follow_parent()
    uvicorn.run(
        "tresen.config.asgi:application", host=host, port=port, log_config=None, access_log=False, lifespan="off",
        proxy_headers=False, server_header=False, date_header=False, timeout_graceful_shutdown=5,
        h11_max_incomplete_event_size=64 * 1024,
    )  # fmt: skip


@click.command()
def work() -> None:
    """A worker for jobs: reads mail, sends mail, tidies up. Any number may run. Example: tresen work"""
    set_up()
    check_key()
    from tresen.spine.jobs.worker import Worker

    worker = Worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    _follow_parent()
    worker.work()


@click.command()
def listen() -> None:
    """Takes mail in: SMTP and LMTP listeners, IMAP and POP3 mailboxes. Example: tresen listen"""
    set_up()
    check_key()
    _follow_parent()
    asyncio.run(_listen())


async def _listen() -> None:
    from django.conf import settings

    from tresen.channels.mail.fetcher import Fetcher
    from tresen.channels.mail.listener import Door
    from tresen.channels.mail.listener_tls import CertificateFault
    from tresen.channels.mail.writer import Writer
    from tresen.spine.jobs.worker import beat, worker_name

    stop, fetcher, writer, name = asyncio.Event(), Fetcher(), Writer(), worker_name()
    for number in (signal.SIGTERM, signal.SIGINT):
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
