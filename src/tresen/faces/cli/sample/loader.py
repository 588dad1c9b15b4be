"""Loading the sample desk: a believable service provider in three languages, the same for the same seed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from random import Random

from django.db import transaction

from tresen.core.people.models import Agent, Brand, Contact
from tresen.core.tickets.models import Attachment, Ticket
from tresen.faces.cli.sample.announcing import add_announcements
from tresen.faces.cli.sample.articles import add_articles
from tresen.faces.cli.sample.automation import add_rules
from tresen.faces.cli.sample.crowd import Mix, add_crowd, crowd_stories
from tresen.faces.cli.sample.house import Account, build_house
from tresen.faces.cli.sample.ledger import file_papers
from tresen.faces.cli.sample.levels import add_levels, add_rotas
from tresen.faces.cli.sample.ratings import add_ratings
from tresen.faces.cli.sample.service_levels import add_clocks, add_service_levels
from tresen.faces.cli.sample.stories import read_people, read_stories
from tresen.faces.cli.sample.texts import add_texts
from tresen.faces.cli.sample.work import add_work
from tresen.faces.cli.sample.writing import Writing, index
from tresen.kit import clock, files
from tresen.service.search.names import rebuild_names

# Tickets a transaction, so that others can write in between.
CHUNK = 250
Progress = Callable[[int, int], None]


class DeskNotEmpty(Exception):
    """The sample goes into an empty desk only: it must never mix with real people."""


@dataclass(frozen=True)
class SampleResult:
    """What was loaded: who can sign in, where mail can be sent to, how many tickets there are."""

    base_url: str
    accounts: list[Account]
    mailboxes: list[str]
    tickets: int


def load_sample(
    *, seed: int, tickets: int, base_url: str, now: datetime | None = None, progress: Progress | None = None,
    accounts_file: Path | None = None, mix: Mix | None = None,
) -> SampleResult:  # fmt: skip
    """Fills an empty desk. `tickets`: how many in all; the 150 written ones are always there, the rest is made from
    parts. `progress` is called with the tickets done and the tickets in all. `accounts_file` is written together with
    the accounts, so that their passwords are known even if the loading is interrupted (see write_sample_json). `mix`:
    what the made tickets are like, for measuring; else they are as believable as can be.

    The same seed gives the same desk, apart from passwords, storage keys and the day it is loaded. Sends and queues
    nothing. Raises DeskNotEmpty.
    """
    if Brand.objects.exists() or Agent.objects.exists() or Contact.objects.exists() or Ticket.objects.exists():
        raise DeskNotEmpty
    now = now or clock.now()
    people, random = read_people(), Random(seed)  # noqa: S311 - the same seed must give the same desk
    written = read_stories(now=now, random=random)
    total, done = max(tickets, len(written)), 0
    with transaction.atomic():
        house = build_house(people, now=now)
        add_texts(house)
        add_articles(house, now=now)
        add_service_levels(house)
        add_rotas(house, today=now.date())
        result = SampleResult(base_url, house.accounts, list(house.mailboxes), total)
        if accounts_file:
            write_sample_json(accounts_file, result)
    writing = Writing(house, now=now)
    add_crowd(house, total - len(written), random=random, now=now)
    for stories in crowd_stories(house, total - len(written), chunk=CHUNK, random=random, now=now, mix=mix):
        made = writing.write(stories)
        index(made)
        add_clocks([draft.ticket for draft in made], now=now)
        done += len(stories)
        if progress:
            progress(done, total)
    drafts = writing.write(written)
    add_levels([draft.ticket for draft in drafts], house)
    file_papers(drafts, house, now=now)
    index(drafts)
    add_clocks([draft.ticket for draft in drafts], now=now)
    rebuild_names()
    with transaction.atomic():
        add_rules(house, now=now)
        add_work(drafts, house, now=now)
        add_announcements([draft.ticket for draft in drafts], house, now=now)
        add_ratings([draft.ticket for draft in drafts], house, random=random, now=now)
    if progress:
        progress(total, total)
    return result


def journal_of(data: Path) -> Path:
    """Where the files of a loading under way are noted, so that an interrupted one leaves none behind."""
    return data / "sample.files"


def forget_interrupted(data: Path) -> int:
    """Removes the files that an interrupted loading left without their rows; answers how many."""
    return files.forget_unfinished(
        journal_of(data), is_used=lambda key: Attachment.objects.filter(storage_key=key).exists()
    )


def write_sample_json(path: Path, result: SampleResult) -> None:
    """The accounts and mailboxes for whoever tries the desk out; readable by its owner only (mode 600)."""
    content = {
        "accounts": [asdict(account) for account in result.accounts],
        "mailboxes": result.mailboxes,
        "url": result.base_url,
    }
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=2)
        file.write("\n")
