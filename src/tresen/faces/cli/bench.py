"""`tresen bench`: loads a large desk into a folder of its own, measures it, and throws it away."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from tresen.faces.cli.prepare import set_up

SHOWN = (
    ("cpu_p50_ms", "p50 ms"),
    ("cpu_p95_ms", "p95 ms"),
    ("wall_p50_ms", "wall ms"),
    ("bytes", "bytes"),
    ("found", "found"),
)
# What a screen may cost at the median, in ms of processor time, and how much more than on the smaller desk.
BUDGETS = {
    "list": 25, "list, second page": 25, "open list": 25, "open list, second page": 25, "ticket": 25,
    "all counts of views, and news": 25,
    "search: a rare word": 50, "search: a word in every tenth": 50, "search: three common words": 50,
    "search: beginning and filter": 50,
    "public article": 30, "public collection": 30, "home of the knowledge base": 30, "home of the portal": 30,
}  # fmt: skip
# What a first visit of a public page weighs over the wire, in bytes.
MOST_BYTES = {name: 60 * 1024 for name in BUDGETS if name.startswith(("public", "home of"))}
COMPARED = ("list", "ticket")
MOST_TIMES = 1.2
# By part of the result: figures, and what each may be at most. Those of learning are said of a desk of 100,000 tickets.
MOST: dict[str, dict[str, float]] = {
    "live": {"MB with streams": 250, "times a page without streams": 1.2},
    "articles": {
        **{f"lines whose article is not among the first three, {one}": 0.1 for one in ("de", "pl", "en")},
        "lines of nonsense that find something": 0,
        "finding articles, ms at the median": 15,
    },
    "rules": {"1000 rules, ms": 20},
    "learning": {"tresen learn, seconds of the processor": 60, "tresen learn, MB": 1000, "judging a ticket, ms": 5},
}
# What is said of open streams is said of so many on one process.
STREAMS = 500


@click.command()
@click.option("--tickets", type=click.IntRange(min=150), default=2000, show_default=True, help="Size of the desk.")
@click.option("--mails", type=click.IntRange(min=1), default=200, show_default=True, help="Mails to take in.")
@click.option("--beside", type=click.IntRange(min=150), help="Also a desk of this size, to compare its screens with.")
@click.option("--screens-only", is_flag=True, help="Nothing but the screens.")
@click.option("--repeat", type=click.IntRange(min=2), default=20, show_default=True, help="Requests of each kind.")
@click.option("--streams", type=click.IntRange(min=1), default=STREAMS, show_default=True, help="Open event streams.")
def bench(
    tickets: int, mails: int, beside: int | None, screens_only: bool, repeat: int, streams: int
) -> None:  # fmt: skip
    """Loads a sample desk (4 messages a ticket, 5 % open) into a temporary folder and measures it; prints a table and,
    as the last line, JSON. Exits 1 when a bound is broken.

    Times of screens are processor time of the server with its embedded database, without the wire. A desk that is
    there already is not touched.

    Example: tresen bench --tickets 100000 --beside 10000
    """
    smaller = _beside(beside, repeat) if beside else {}
    with _own_folder():
        set_up()
        try:
            result = _measure(tickets=tickets, mails=0 if screens_only else mails, repeat=repeat, streams=streams)
        except RuntimeError as fault:
            raise click.ClickException(f"It could not be measured: {fault}; try again on a machine at rest.") from fault
    result["beside"] = smaller
    click.echo()
    for line in table(result):
        click.echo(line)
    click.echo(json.dumps(result))
    if broken := broken_bounds(result):
        for name, figure, most in broken:
            click.echo(f"bound broken: {name} {figure}, at most {most}", err=True)
        raise SystemExit(1)


def broken_bounds(result: dict[str, Any]) -> list[tuple[str, float, float]]:
    """Figures that are more than they may be, each with its bound."""
    screens, beside = result["screens"], result.get("beside") or {}
    found: list[tuple[str, float, float | None]] = []
    for name, figures in screens.items():
        found.append((name, figures["cpu_p50_ms"], BUDGETS.get(name)))
        found.append((f"{name}, bytes", figures.get("bytes", 0), MOST_BYTES.get(name)))
        if name in COMPARED:
            found.append((f"{name}, times of the smaller desk", _times(figures, beside.get(name)) or 0, MOST_TIMES))
    for part in MOST:
        figures = result.get(part) or {}
        found += [(name, figures[name], most) for name, most in beyond(part, figures).items()]
    return [(name, figure, most) for name, figure, most in found if most is not None and figure > most]


def _beside(tickets: int, repeat: int) -> dict[str, dict[str, float]]:
    """The screens of a desk of that size, measured in a process of its own. Empty when that fails."""
    command = [sys.executable, "-m", "tresen.faces.cli.main", "bench", "--tickets", str(tickets), "--screens-only"]
    ended = subprocess.run([*command, "--repeat", str(repeat)], stdout=subprocess.PIPE, text=True, check=False)
    lines = ended.stdout.splitlines()
    if ended.returncode > 1 or not lines:  # bounds that it breaks are said of the large one
        raise click.ClickException(f"The smaller desk was not measured; see tresen bench --tickets {tickets}.")
    found: dict[str, dict[str, float]] = json.loads(lines[-1])["screens"]
    return found


@contextmanager
def _own_folder() -> Iterator[None]:
    """An empty data folder and an embedded database for this process; nothing of the real desk's can be reached."""
    for name in [name for name in os.environ if name.startswith("TRESEN_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="tresen-bench-") as folder:
        os.environ.update(TRESEN_DATA=folder, TRESEN_LOG="ERROR", SAMPLE="0")
        try:
            yield
        finally:
            from django.db import connections

            connections.close_all()


def _measure(*, tickets: int, mails: int, repeat: int, streams: int) -> dict[str, object]:
    """Everything; without `mails` the screens alone."""
    from django.conf import settings

    from tresen.faces.cli.bench_answers.speed import measure_articles
    from tresen.faces.cli.bench_articles import measure_public
    from tresen.faces.cli.bench_clocks import measure_clocks
    from tresen.faces.cli.bench_learning.measuring import measure_learning
    from tresen.faces.cli.bench_learning.of_desk import measure_learn
    from tresen.faces.cli.bench_live import measure_live
    from tresen.faces.cli.bench_mail import measure_mail
    from tresen.faces.cli.bench_rules import measure_rules
    from tresen.faces.cli.bench_screens import ask_screen, measure_screens, measure_start
    from tresen.faces.cli.prepare import make_tables, static_files
    from tresen.faces.cli.sample.crowd import Mix
    from tresen.faces.cli.sample.loader import load_sample, write_sample_json

    make_tables()
    static_files()
    click.echo(f"Loading {tickets} tickets …", err=True)
    began = time.perf_counter()
    sample = load_sample(seed=1, tickets=tickets, base_url=settings.BASE_URL, mix=Mix(messages=4, open_share=0.05))
    seconds = time.perf_counter() - began
    write_sample_json(Path(settings.DATA) / "sample.json", sample)
    click.echo("Measuring the screens …", err=True)
    agent = next(account.email for account in sample.accounts if account.role == "agent")
    screens = measure_screens(agent, repeat=repeat)
    result: dict[str, object] = {
        "machine": {"python": platform.python_version(), "cores": os.cpu_count(), "system": platform.platform()},
        "tickets": sample.tickets,
        "tickets_loaded_per_second": round(sample.tickets / seconds, 1),
        "screens": screens,
    }
    if mails:
        click.echo("Measuring the public pages …", err=True)
        screens |= measure_public(ask_screen, repeat=repeat)
        click.echo("Measuring open streams …", err=True)
        result["live"] = measure_live(streams=streams)
        click.echo("Measuring the mail …", err=True)
        mail, start = measure_mail(sample.mailboxes[0], count=mails), measure_start()
        result |= {"mail": mail, "clocks": measure_clocks(), "start_seconds": start, "rules": measure_rules()}
        click.echo("Measuring how articles are found …", err=True)
        result["articles"] = measure_articles()
        click.echo("Measuring what it learns …", err=True)
        result["learning"] = measure_learning() | measure_learn()
    return result


def table(result: dict[str, object]) -> list[str]:
    """The figures as lines for people."""
    screens, mail, beside = result["screens"], result.get("mail", {}), result.get("beside", {})
    assert isinstance(screens, dict)
    assert isinstance(mail, dict)
    assert isinstance(beside, dict)
    live = result.get("live", {})
    assert isinstance(live, dict)
    heads = [title for _, title in SHOWN] + (["times"] if beside else [])
    lines = [f"{'processor time of the server':<34}" + "".join(f"{head:>10}" for head in heads)]
    for name, figures in screens.items():
        times = _times(figures, beside.get(name))
        cells = [figures.get(key, "") for key, _ in SHOWN] + ([times or ""] if beside else [])
        grown = name in COMPARED and (times or 0) > MOST_TIMES
        heavy = figures.get("bytes", 0) > MOST_BYTES.get(name, 1e9)
        is_over = figures["cpu_p50_ms"] > BUDGETS.get(name, 1e9) or grown or heavy
        lines.append(f"{name:<34}" + "".join(f"{cell:>10}" for cell in cells) + ("  too much" if is_over else ""))
    if live:
        lines += ["", "open event streams on one web process"]
        over = beyond("live", live)
        lines += [f"{name:<34}{figure:>10}" + ("  too much" if name in over else "") for name, figure in live.items()]
    lines += ["", f"{'a second':<34}{'':>10}"]
    clocks = result.get("clocks", {})
    assert isinstance(clocks, dict)
    lines += [f"{name:<34}{figure:>10}" for name, figure in (mail | clocks).items()]
    lines.append(f"{'tickets loaded':<34}{result['tickets_loaded_per_second']:>10}")
    learning = result.get("learning", {})
    assert isinstance(learning, dict)
    if learning:
        lines += ["", "what it learns, judged on phrasings it has not seen"]
        over = beyond("learning", learning)
        lines += [
            f"{name:<50}{figure:>10}" + ("  too much" if name in over else "") for name, figure in learning.items()
        ]
    answers = result.get("articles", {})
    assert isinstance(answers, dict)
    if answers:
        lines += ["", "how articles are found by what customers type"]
        over = beyond("articles", answers)
        lines += [
            f"{name:<58}{figure:>10}" + ("  too much" if name in over else "") for name, figure in answers.items()
        ]
    rules = result.get("rules", {})
    assert isinstance(rules, dict)
    over = beyond("rules", rules)
    for name, figure in rules.items():
        lines.append(f"{'a new ticket under ' + name:<34}{figure:>10}" + ("  too much" if name in over else ""))
    if "start_seconds" in result:
        lines += ["", f"{'start to ready, seconds':<34}{result['start_seconds']:>10}"]
    return lines


def beyond(part: str, figures: dict[str, float]) -> dict[str, float]:
    """Figures of this part of the result that are more than they may be, by name with their bounds."""
    bounds = MOST[part] if figures.get("streams", 0) <= STREAMS else {}
    return {name: most for name, most in bounds.items() if figures.get(name, 0) > most}


def _times(figures: dict[str, float], smaller: dict[str, float] | None) -> float | None:
    """How many times what the smaller desk takes."""
    return round(figures["cpu_p50_ms"] / smaller["cpu_p50_ms"], 2) if smaller and smaller["cpu_p50_ms"] else None
