"""Upkeep: schema, search index, integrity."""

from __future__ import annotations

import os
import sys

import click

from tresen.faces.cli.prepare import check_key, make_tables, set_up


@click.command()
def migrate() -> None:
    """Brings the database to this version. Example: tresen migrate"""
    set_up()
    make_tables(verbosity=1)
    check_key()


@click.group()
def search() -> None:
    """The search index."""


@search.command()
def rebuild() -> None:
    """Builds the index anew from messages and articles. Example: tresen search rebuild"""
    set_up()
    from tresen.service.answers.indexing import rebuild as build_articles
    from tresen.service.search.indexing import rebuild as build
    from tresen.service.search.names import rebuild_names

    click.echo(f"names: {rebuild_names()}")
    click.echo(f"articles: {build_articles()}")
    click.echo(f"indexed: {build()}")


@click.command()
def learn() -> None:
    """Learns from the desk's own tickets, now, what category, team, type and priority a new one should have. A desk at
    work does so by itself. Example: tresen learn"""
    set_up()
    os.nice(10)
    from tresen.service.learning.learning import learn as learn_anew

    found = learn_anew()
    for field, learnt in sorted(found.items()):
        click.echo(f"{field}: {learnt.tickets} tickets, {len(learnt.model.labels)} values, {learnt.right:.0%} right")
    if not found:
        click.echo("Not enough tickets yet.")


@click.group()
def integrity() -> None:
    """Checks that everything in the database fits together."""


@integrity.command()
def check() -> None:
    """Says every fault it finds; exit 1 if there is one. Example: tresen integrity check"""
    set_up()
    from tresen.faces.cli.checks import all_faults

    faults = all_faults()
    for fault in faults:
        click.echo(f"fault: {fault}", err=True)
    click.echo(f"{len(faults)} faults")
    if faults:
        sys.exit(1)
