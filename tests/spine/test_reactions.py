"""What becomes of a change when a reaction to it fails."""

from __future__ import annotations

import pytest
from django.db import OperationalError

from tests.cast import Cast, json, make_cast
from tresen.core.people.models import Brand
from tresen.spine.events import jobs, services
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def react_with(monkeypatch: pytest.MonkeyPatch, reaction: object) -> None:
    monkeypatch.setattr(services, "table", lambda name: {"note.added": [reaction]})


def breaks_a_rule(event: Event) -> None:
    """The database refuses a second brand of the same letters."""
    Brand.objects.create(name="Twin", letters=Brand.objects.get().letters)


def loses_a_lock(event: Event) -> None:
    raise OperationalError("deadlock detected")


def test_one_that_the_database_refuses_costs_only_itself(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, done = cast.ticket(), list[int]()
    react_with(monkeypatch, breaks_a_rule)
    sent = cast.calls(cast.anna).post(f"/tickets/{ticket.number}/messages", {"kind": "note", "body_text": "hello"})
    assert json(sent, 201)["kind"] == "note"
    waits = Job.objects.get(name="events.react")
    assert waits.payload["reaction"].endswith("breaks_a_rule")
    monkeypatch.setattr(jobs, "import_string", lambda name: lambda event: done.append(event.pk))
    drain("default")
    assert done == [waits.payload["event_id"]]


def test_one_that_breaks_the_transaction_takes_everything_with_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = cast.ticket()
    react_with(monkeypatch, loses_a_lock)
    answer = cast.calls(cast.anna).post(f"/tickets/{ticket.number}/messages", {"kind": "note", "body_text": "hello"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert ticket.messages.count() == 1
    assert not Job.objects.filter(name="events.react").exists()
