"""`tresen bench`: loads a large desk into a folder of its own, measures it, and throws it away."""

from __future__ import annotations

import json
import os
import platform
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tresen.faces.cli.prepare import set_up

SHOWN = (
    ("cpu_p50_ms", "p50 ms"),
    ("cpu_p95_ms", "p95 ms"),
    ("wall_p50_ms", "wall ms"),
    ("bytes", "bytes"),
    ("found", "found"),
)


@click.command()
@click.option("--tickets", type=click.IntRange(min=150), default=2000, show_default=True, help="Size of the desk.")
@click.option("--mails", type=click.IntRange(min=1), default=200, show_default=True, help="Mails to take in.")
@click.option("--repeat", type=click.IntRange(min=2), default=20, show_default=True, help="Requests of each kind.")
@click.option("--streams", type=click.IntRange(min=1), default=500, show_default=True, help="Open event streams.")
def bench(tickets: int, mails: int, repeat: int, streams: int) -> None:
    """Loads a sample desk into a temporary folder and measures it; prints a table and, as the last line, JSON.

    Times of screens are processor time of the server with its embedded database, without the wire. A desk that is
    there already is not touched.

    Example: tresen bench --tickets 10000
    """
    with _own_folder():
        set_up()
        try:
            result = _measure(tickets=tickets, mails=mails, repeat=repeat, streams=streams)
        except RuntimeError as fault:
            raise click.ClickException(f"It could not be measured: {fault}; try again on a machine at rest.") from fault
    click.echo()
    for line in table(result):
        click.echo(line)
    click.echo(json.dumps(result))


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
    from django.conf import settings
    from django.core.management import call_command

    from tresen.faces.cli.bench_live import measure_live
    from tresen.faces.cli.bench_mail import measure_mail
    from tresen.faces.cli.bench_screens import measure_screens, measure_start
    from tresen.faces.cli.prepare import static_files
    from tresen.faces.cli.sample.loader import load_sample, write_sample_json

    call_command("migrate", interactive=False, verbosity=0)
    static_files()
    click.echo(f"Loading {tickets} tickets …", err=True)
    began = time.perf_counter()
    sample = load_sample(seed=1, tickets=tickets, base_url=settings.BASE_URL)
    seconds = time.perf_counter() - began
    write_sample_json(Path(settings.DATA) / "sample.json", sample)
    click.echo("Measuring the screens …", err=True)
    agent = next(account.email for account in sample.accounts if account.role == "agent")
    screens = measure_screens(agent, repeat=repeat)
    click.echo("Measuring open streams …", err=True)
    live = measure_live(streams=streams)
    click.echo("Measuring the mail …", err=True)
    return {
        "machine": {"python": platform.python_version(), "cores": os.cpu_count(), "system": platform.platform()},
        "tickets": sample.tickets,
        "tickets_loaded_per_second": round(sample.tickets / seconds, 1),
        "screens": screens,
        "live": live,
        "mail": measure_mail(sample.mailboxes[0], count=mails),
        "start_seconds": measure_start(),
    }


def table(result: dict[str, object]) -> list[str]:
    """The figures as lines for people."""
    screens, mail, live = result["screens"], result["mail"], result["live"]
    assert isinstance(screens, dict)
    assert isinstance(mail, dict)
    assert isinstance(live, dict)
    lines = [f"{'processor time of the server':<34}" + "".join(f"{title:>10}" for _, title in SHOWN)]
    for name, figures in screens.items():
        lines.append(f"{name:<34}" + "".join(f"{figures.get(key, ''):>10}" for key, _ in SHOWN))
    lines += ["", "open event streams on one web process"]
    lines += [f"{name:<34}{figure:>10}" for name, figure in live.items()]
    lines += ["", f"{'a second':<34}{'':>10}"]
    lines += [f"{name:<34}{figure:>10}" for name, figure in mail.items()]
    lines.append(f"{'tickets loaded':<34}{result['tickets_loaded_per_second']:>10}")
    lines += ["", f"{'start to ready, seconds':<34}{result['start_seconds']:>10}"]
    return lines
