"""`tresen sample`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click


@click.group()
def sample() -> None:
    """The sample desk, for trying Tresen out and for measuring."""


@sample.command()
@click.option("--tickets", type=click.IntRange(min=0), default=0, help="How many tickets in all (150 at least).")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same desk.")
def load(tickets: int, seed: int) -> None:
    """Fill an empty desk with a realistic sample in three languages.

    The accounts are printed and written to sample.json in the data folder. Nothing is mailed to anybody.

    Example: tresen sample load --tickets 10000 --seed 7
    """
    from tresen.faces.cli.prepare import set_up

    set_up()
    from django.conf import settings

    from tresen.faces.cli.sample.loader import DeskNotEmpty, forget_interrupted, journal_of, load_sample
    from tresen.kit import files

    data = Path(settings.DATA)
    started, path = time.monotonic(), data / "sample.json"
    forget_interrupted(data)
    try:
        with files.journalled(journal_of(data)):
            result = load_sample(
                seed=seed, tickets=tickets, base_url=settings.BASE_URL, progress=_Progress(), accounts_file=path
            )
    except DeskNotEmpty as fault:
        raise click.ClickException(
            "There is a desk already, and the sample goes into an empty one only; set TRESEN_DATA (or"
            " TRESEN_DATABASE_URL) to a new place."
        ) from fault
    click.echo(f"{result.tickets} tickets in {time.monotonic() - started:.1f} s. The accounts (also in {path}):")
    for account in result.accounts:
        click.echo(f"  {account.role:<9} {account.email:<40} {account.password}")


class _Progress:
    """A bar on a terminal, a line every ten per cent in a pipe."""

    def __init__(self) -> None:
        self.shown = 0

    def __call__(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            filled = 40 * done // total
            end = "\n" if done == total else ""
            click.echo(f"\r[{'#' * filled}{'.' * (40 - filled)}] {done}/{total}{end}", nl=False, err=True)
        elif 10 * done // total > self.shown:
            self.shown = 10 * done // total
            click.echo(f"{done} of {total} tickets", err=True)
