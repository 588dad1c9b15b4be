"""Loading: the same every time, at any size, and only into an empty desk."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import transaction
from django.test import override_settings

from tests.sample.conftest import NOW
from tresen.channels.mail.models import Mailbox
from tresen.core.people.models import Agent, Brand, Contact, User
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.numbers import take_number
from tresen.faces.cli import prepare
from tresen.faces.cli.checks import all_faults
from tresen.faces.cli.sample import loader
from tresen.faces.cli.sample.command import sample
from tresen.faces.cli.sample.loader import DeskNotEmpty, SampleResult, load_sample, write_sample_json
from tresen.service.search.indexing import count_missing
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job

pytestmark = pytest.mark.django_db


def load(seed: int = 1, tickets: int = 0, now: datetime = NOW) -> SampleResult:
    return load_sample(seed=seed, tickets=tickets, base_url="http://127.0.0.1:8000", now=now)


def picture_of_the_desk(seed: int, tickets: int = 0) -> dict[str, Any]:
    """What a desk of that seed holds, without its keys; the desk is gone again afterwards."""
    with transaction.atomic():
        load(seed, tickets)
        numbers = dict(Ticket.objects.values_list("pk", "number"))
        fields = ("number", "subject", "status__slug", "ball", "assignee__user__name", "last_text", "created_at")
        picture = {
            "tickets": list(Ticket.objects.order_by("number").values_list(*fields)),
            "messages": [
                (numbers[ticket], *rest)
                for ticket, *rest in Message.objects.order_by("id", "attachments__filename").values_list(
                    "ticket", "kind", "author_name", "text", "created_at", "attachments__sha256"
                )
            ],
            "events": [
                (numbers[stream], *rest)
                for stream, *rest in Event.objects.filter(stream_kind="ticket")
                .order_by("id")
                .values_list("stream_id", "kind", "actor_name", "at")
            ],
            "contacts": list(Contact.objects.order_by("id", "identities__id").values_list("name", "identities__value")),
        }
        transaction.set_rollback(True)
    return picture


def test_the_same_seed_gives_the_same_desk_and_another_seed_another() -> None:
    first = picture_of_the_desk(7, tickets=200)
    assert len(first["tickets"]) == 200
    assert picture_of_the_desk(7, tickets=200) == first
    assert picture_of_the_desk(8, tickets=200) != first


@pytest.mark.sqlite_only
def test_more_tickets_are_as_whole_as_the_written_ones() -> None:
    assert load(tickets=500).tickets == 500
    assert Ticket.objects.count() == 500
    assert all_faults() == []
    assert count_missing() == 0
    assert Job.objects.count() == 0
    assert len(set(Ticket.objects.values_list("number", flat=True))) == 500
    assert not Ticket.objects.filter(created_at__gt=NOW).exists()
    assert not Message.objects.filter(text__contains="{").exists()


@pytest.mark.sqlite_only
def test_numbers_go_on_where_the_sample_ends() -> None:
    load()
    for brand in Brand.objects.all():
        number = take_number(brand)
        assert not Ticket.objects.filter(number=number).exists()
        assert number.startswith(brand.letters)


@pytest.mark.sqlite_only
@pytest.mark.parametrize("now", [datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2028, 2, 29, 23, 59, tzinfo=UTC)])
def test_it_loads_on_any_day_and_hour(now: datetime) -> None:
    load(now=now)
    assert not Ticket.objects.filter(updated_at__gt=now).exists()
    assert not Event.objects.filter(stream_kind="ticket", at__gt=now).exists()


def test_a_desk_that_holds_anything_is_left_alone() -> None:
    Contact.objects.create(name="Somebody real")
    with pytest.raises(DeskNotEmpty):
        load()
    assert Contact.objects.count() == 1
    assert not Brand.objects.exists()


def test_the_command_says_in_one_sentence_that_the_desk_is_not_empty() -> None:
    Contact.objects.create(name="Somebody real")
    ran = CliRunner().invoke(sample, ["load"])
    assert ran.exit_code == 1
    assert "empty one only" in ran.output
    assert "Traceback" not in ran.output


@pytest.mark.sqlite_only
def test_the_file_of_accounts_is_for_its_owner_alone(tmp_path: Path) -> None:
    result = load()
    path = tmp_path / "sample.json"
    path.write_text("left over")
    path.chmod(0o644)
    write_sample_json(path, result)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    written = json.loads(path.read_text())
    assert set(written["accounts"][0]) == {"role", "email", "password"}
    assert {account["role"] for account in written["accounts"]} == {"admin", "agent", "customer"}
    assert sorted(written["mailboxes"]) == sorted(Mailbox.objects.values_list("address", flat=True))


@pytest.mark.sqlite_only
def test_a_first_start_that_is_interrupted_begins_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def interrupted(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(prepare, "static_files", lambda: None)
    monkeypatch.delenv("SAMPLE", raising=False)
    with override_settings(DATA=tmp_path):
        with monkeypatch.context() as patch:
            patch.setattr(loader, "file_papers", interrupted)
            with pytest.raises(KeyboardInterrupt):
                prepare.prepare_desk(host="127.0.0.1", port=8000)
        assert not Agent.objects.exists()
        prepare.prepare_desk(host="127.0.0.1", port=8000)
    assert Ticket.objects.count() >= 150
    for account in json.loads((tmp_path / "sample.json").read_text())["accounts"]:
        assert User.objects.get(email=account["email"]).check_password(account["password"])


@pytest.mark.sqlite_only
def test_the_accounts_of_a_long_loading_are_known_from_its_beginning(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "sample.json"
    with pytest.raises(KeyboardInterrupt):
        load_sample(seed=1, tickets=0, base_url="", now=NOW, progress=interrupted, accounts_file=path)
    account = json.loads(path.read_text())["accounts"][0]
    assert User.objects.get(email=account["email"]).check_password(account["password"])
