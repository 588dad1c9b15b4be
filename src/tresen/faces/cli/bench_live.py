"""What open event streams cost one web process: memory, and how long a page takes beside them while things happen.

The web server runs in a process of its own, the browsers' side in another, so that neither is measured with the other.
"""

from __future__ import annotations

import contextlib
import http.client
import multiprocessing
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from tresen.core.people.models import Agent, Team, User
from tresen.core.people.principals import Principal
from tresen.core.people.sessions import SessionStore
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import update_ticket
from tresen.faces.cli.bench_streams import listen
from tresen.spine.events.actors import Actor

START_SECONDS = 60
EVENTS_A_SECOND = 10
PAGES = 80
PAUSE_SECONDS = 0.05
SHARE_SECONDS = 6
PATHS = ("/desk/views/all/", "/desk/tickets/{}/")
Figures = dict[str, float | int]


def measure_live(*, streams: int) -> Figures:
    """Memory in MB with and without so many streams of as many agents, and the median of a page in ms: alone, beside
    the streams, and with ten events a second, then also as so many times what it takes alone. Raises RuntimeError when
    not every stream heard of the last event."""
    cookies, agents = _signed_in(streams)
    seen = Ticket.objects.visible_to(Principal.of_agent(agents[0])).order_by("-pk")
    numbers = list(seen.values_list("number", flat=True)[:PAGES])
    with _web_server() as (port, process):
        pages = _Pages(port, cookies[0], numbers)
        pages.median()
        found: Figures = {"MB without streams": _megabytes(process)}
        found["page ms, no streams"] = pages.median()
        with _listeners(port, cookies) as heard:
            found["streams"] = streams
            found["page ms, streams"] = pages.median()
            with _events() as sent:
                found["page ms, streams and 10 events/s"] = pages.median()
                times = found["page ms, streams and 10 events/s"] / found["page ms, no streams"]
                found["times a page without streams"] = round(times, 3)
                found["% of a core, 10 events/s, no pages"] = _share(process)
            time.sleep(1)
            found["MB with streams"] = _megabytes(process)
            found |= _latencies(sent, heard, streams)
        found["page ms, after"] = pages.median()
    return found


def _signed_in(count: int) -> tuple[list[str], list[Agent]]:
    """As many agents, made for this; the cookies of their sessions."""
    teams = list(Team.objects.order_by("pk"))
    users = User.objects.bulk_create([User(email=f"bench{n}@bench.example", name=f"Bench {n}") for n in range(count)])
    agents = Agent.objects.bulk_create([Agent(user=user) for user in users])
    through = Agent.teams.through
    through.objects.bulk_create([through(agent=agent, team=teams[n % len(teams)]) for n, agent in enumerate(agents)])
    return [_cookie(user) for user in users], agents


def _cookie(user: User) -> str:
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = settings.AUTHENTICATION_BACKENDS[0]
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@contextlib.contextmanager
def _web_server() -> Iterator[tuple[int, int]]:
    """One web process on the desk of this one; its port and process id."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "tresen.faces.cli.main", "web", "--port", str(port)]
    child = subprocess.Popen(command, env={**os.environ, "TRESEN_BASE_URL": f"http://127.0.0.1:{port}"})
    try:
        until = time.monotonic() + START_SECONDS
        while not _answers(port):
            if child.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the web server did not start")
            time.sleep(0.1)
        yield port, child.pid
    finally:
        child.terminate()
        child.wait(timeout=30)


def _answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/healthz")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


def _megabytes(process: int) -> float:
    """What the process holds in memory (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return round(int(next(line for line in lines if line.startswith("VmRSS:")).split()[1]) / 1024, 1)


def _share(process: int) -> float:
    """How much of one core the process takes now, in percent (Linux)."""
    ticks = os.sysconf("SC_CLK_TCK")

    def used() -> float:
        fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / ticks

    before = used()
    time.sleep(SHARE_SECONDS)
    return round(100 * (used() - before) / SHARE_SECONDS, 1)


class _Pages:
    """Pages asked one after the other by one browser, with a breath between them."""

    def __init__(self, port: int, cookie: str, numbers: list[str]) -> None:
        self.port, self.cookie, self.numbers = port, cookie, numbers

    def median(self) -> float:
        """Milliseconds, half of them lists, half tickets."""
        took, line = [], http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        for turn in range(PAGES):
            path = PATHS[turn % 2].format(self.numbers[turn % len(self.numbers)])
            began = time.perf_counter()
            line.request("GET", path, headers={"Cookie": self.cookie, "Accept-Encoding": "gzip"})
            answer = line.getresponse()
            answer.read()
            took.append((time.perf_counter() - began) * 1000)
            if answer.status != 200:
                raise RuntimeError(f"{path} answered {answer.status}")
            time.sleep(PAUSE_SECONDS)
        line.close()
        return round(statistics.median(took), 1)


@contextlib.contextmanager
def _events() -> Iterator[dict[str, float]]:
    """Ten changes a second, of tickets that everybody sees; when each was made, by its number."""
    sent: dict[str, float] = {}
    stop = threading.Event()
    tickets = list(Ticket.objects.filter(team=None)[:1000]) or list(Ticket.objects.all()[:1000])
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).update(team=None)

    def change() -> None:
        for turn, ticket in enumerate(tickets):
            if stop.wait(1 / EVENTS_A_SECOND):
                return
            ticket.refresh_from_db()
            update_ticket(ticket, by=Actor.system("bench"), set={"subject": f"Changed {turn}"})
            sent.setdefault(ticket.number, time.time())

    worker = threading.Thread(target=change)
    worker.start()
    try:
        yield sent
    finally:
        stop.set()
        worker.join()


@contextlib.contextmanager
def _listeners(port: int, cookies: list[str]) -> Iterator[Any]:
    """All streams open, held by a process of their own. Gives the line to it: asked, it says what each heard when."""
    here, there = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=listen, args=(there, port, cookies))
    child.start()
    if not here.poll(START_SECONDS) or here.recv() != len(cookies):
        child.terminate()
        raise RuntimeError("not every stream was opened")
    try:
        yield here
    finally:
        child.terminate()
        child.join(30)


def _latencies(sent: dict[str, float], heard: Any, streams: int) -> Figures:
    heard.send("end")
    told: list[dict[str, float]] = heard.recv()
    took = [(at - sent[number]) * 1000 for stream in told for number, at in stream.items() if number in sent]
    if len(took) < len(sent) * streams:
        raise RuntimeError(f"of {len(sent) * streams} news {len(took)} arrived")
    parts = statistics.quantiles(took, n=100, method="inclusive")
    return {"events": len(sent), "news ms, median": round(parts[49]), "news ms, p99": round(parts[98])}
