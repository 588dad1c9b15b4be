"""What the screens of the desk cost the server: processor time a request, through the whole stack but the wire."""

from __future__ import annotations

import gzip
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import timedelta
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.test import Client

from tresen.core.people.models import Agent, User
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.kit import clock
from tresen.service.views.services import create_view

START_SECONDS = 60
ROW = re.compile(rb'<li class="row[^>]* data-number="')
# As written into the sample: `hallo` stands in a tenth of all its messages, the three words in some thousands each.
SEARCHES = {
    "search: a rare word": "VPN",
    "search: a word in every tenth": "hallo",
    "search: three common words": "konto telefon lindhafen",
    "search: beginning and filter": "kon* status:open",
    "search: a long way to the last hit": "lind* status:active",
    "search: many fields": "status:active priority>=high assignee:none created<90d -printer",
    "search: a mistyped word": "pirnter",
}
TYPED = {"as one types: a field": "sta", "as one types: a word": "prin", "as one types: a name": "requester:an"}
# Saved views of the agent whose screens are measured: they stand in the column with their counts.
LINES = (
    "status:open priority>=high", "assignee:none status:new", "assignee:me", "team:netz status:waiting", "tag:vpn",
    "created>7d status:active", "channel:phone status:active", "updated<30d status:waiting",
)  # fmt: skip
Figures = dict[str, float | int]


def measure_screens(email: str, *, repeat: int) -> dict[str, Figures]:
    """Figures by name of the screen, each asked `repeat` times by this agent; the first, cold answer does not count.

    Raises RuntimeError when a screen does not answer 200.
    """
    client = Client(headers={"host": urlsplit(settings.BASE_URL).netloc})
    client.force_login(User.objects.get(email=email))
    _save_views(email)
    seen = Ticket.objects.visible_to(Principal.of_agent(Agent.objects.get(user__email=email)))
    numbers = list(seen.filter(merged_into=None).order_by("-pk").values_list("number", flat=True)[:repeat])
    since = quote((clock.now() - timedelta(minutes=5)).isoformat())
    paths = {
        "list": ["/desk/views/all/"],
        "list, second page": [_second_page(client, "/desk/views/all/")],
        "open list": ["/desk/views/open/"],
        "open list, second page": [_second_page(client, "/desk/views/open/")],
        "ticket": [f"/desk/tickets/{number}/" for number in numbers],
        "ticket beside its list": [f"/desk/tickets/{number}/?view=all" for number in numbers],
        "all counts of views, and news": [f"/desk/news/?view=all&since={since}"],
        **{name: [f"/desk/search/?q={quote(words)}"] for name, words in SEARCHES.items()},
        "search: the best first": ["/desk/search/?q=printer&order=best"],
        **{name: [f"/desk/search/complete/?q={quote(words)}"] for name, words in TYPED.items()},
        "contacts": ["/desk/contacts/"],
    }
    found = {name: ask_screen(client, addresses, repeat) for name, addresses in paths.items()}
    parts = [f"/desk/tickets/{number}/" for number in numbers]
    found["change of ticket"] = ask_screen(client, parts, repeat, {"HX-Request": "true", "HX-Target": "ticket"})
    return found


def _save_views(email: str) -> None:
    principal = Principal.of_agent(Agent.objects.get(user__email=email))
    for line in LINES:
        create_view(by=principal.actor, principal=principal, set={"name": line, "query": line})


def _second_page(client: Client, first: str) -> str:
    body = client.get(first).content.decode()
    link = re.search(r'<li class="older">.*?href="([^"]+)"', body, re.DOTALL)
    return link.group(1).replace("&amp;", "&") if link else first


def ask_screen(client: Client, paths: list[str], repeat: int, headers: dict[str, str] | None = None) -> Figures:
    """Asks for these addresses in turn, `repeat` times and a first, cold one that does not count."""
    cpu, wall, sizes, rows = [], [], [], 0
    for turn in range(repeat + 1):
        path = paths[turn % len(paths)]
        cpu_before, wall_before = time.process_time(), time.perf_counter()
        answer = client.get(path, headers=headers)
        body = answer.content
        if turn:
            cpu.append((time.process_time() - cpu_before) * 1000)
            wall.append((time.perf_counter() - wall_before) * 1000)
        if answer.status_code not in {200, 204}:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        sizes.append(len(body if answer.headers.get("Content-Encoding") else gzip.compress(body)))
        rows = len(ROW.findall(body))
    return {
        "cpu_p50_ms": round(statistics.median(cpu), 1),
        "cpu_p95_ms": round(statistics.quantiles(cpu, n=20, method="inclusive")[-1], 1),
        "wall_p50_ms": round(statistics.median(wall), 1),
        "bytes": int(statistics.median(sizes)),
        "found": rows,
    }


def measure_start() -> float:
    """Seconds from the command `tresen run` on a desk that is there until it can serve; the processes end again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        mail_port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {"TRESEN_BASE_URL": url, "TRESEN_LISTEN_SMTP": f"127.0.0.1:{mail_port}"}
    command = [sys.executable, "-m", "tresen.faces.cli.main", "run", "--port", str(port)]
    began = time.perf_counter()
    running = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not _is_ready(f"{url}/readyz"):
            if time.perf_counter() - began > START_SECONDS or running.poll() is not None:
                raise RuntimeError("tresen run did not become ready")
            time.sleep(0.02)
        return round(time.perf_counter() - began, 2)
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(timeout=30)


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
