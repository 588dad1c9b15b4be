"""What a customer is promised, who spoke last, and asking for more speed: visible, with limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.portal.conftest import Counter
from tresen.core.people.models import Team
from tresen.core.tickets import services
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.nudging import NoNudge, nudge
from tresen.faces.portal.request.promises import promises_of
from tresen.kit import clock
from tresen.service.notifications.models import Notification
from tresen.service.sla.models import ClockStrip
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event

NOW = datetime(2026, 11, 17, 9, tzinfo=UTC)


def running(metric: str, due: datetime | None, **more: Any) -> dict[str, Any]:
    """A clock as the strip keeps it."""
    at = due.isoformat() if due else None
    return {"metric": metric, "due_at": at, "stopped_at": None, "breached_at": None, "rests": "", **more}


@pytest.fixture(autouse=True)
def _in_utc() -> Iterator[None]:
    with timezone.override(UTC):
        yield


def test_only_what_is_promised_to_the_customer_and_runs_is_told() -> None:
    soon, later = NOW + timedelta(hours=2), NOW + timedelta(days=1)
    clocks = [
        running("first_response", soon), running("next_response", later), running("resolution", later),
        running("level-1", NOW), running("supplier-7", NOW),
    ]  # fmt: skip
    assert [promise.text for promise in promises_of(clocks, NOW)] == [
        "We answer by 11:00.", "It is to be solved by tomorrow, 09:00.",
    ]  # fmt: skip
    over = {"stopped_at": NOW.isoformat()}
    for quiet in (over, {"rests": "customer", "due_at": None}, {"due_at": None}):
        assert promises_of([running("first_response", soon, **quiet)], NOW) == []


def test_a_promise_that_was_not_kept_is_owned_up_to() -> None:
    missed = NOW - timedelta(hours=1)
    for row in (running("first_response", missed, breached_at=missed.isoformat()), running("next_response", missed)):
        (promise,) = promises_of([row], NOW)
        assert promise.is_late and promise.text.startswith("We promised an answer by 08:00. We are late")


def test_the_page_tells_promise_and_last_contact_while_it_is_our_turn(counter: Counter) -> None:
    ticket = counter.ticket()
    due = clock.now() + timedelta(hours=1)
    ClockStrip.objects.create(ticket=ticket, clocks=[running("resolution", due)])
    page = counter.link(ticket)
    assert "It is to be solved by" in (text := Client().get(page).content.decode())
    assert "you wrote" in text
    counter.reply(ticket)
    assert "we wrote" in Client().get(page).content.decode()
    services.update_ticket(ticket, by=Actor.agent(counter.anna), set={"ball": "customer"})
    text = Client().get(page).content.decode()
    assert "It is to be solved by" not in text and "Ask for more speed" not in text


def test_more_speed_is_asked_for_once_a_day_and_three_times_in_all(counter: Counter, monkeypatch: Any) -> None:
    ticket = counter.ticket()
    services.update_ticket(ticket, by=Actor.agent(counter.anna), set={"assignee": counter.anna})
    page, at = counter.link(ticket), clock.now()
    for day in range(3):
        monkeypatch.setattr(clock, "now", lambda day=day: at + timedelta(days=day, minutes=day))
        assert "once a day, and 3 times in all" in Client().get(page).content.decode()
        assert Client().get(f"{page}hurry/").status_code == 302  # a scanner that follows everything asks for nothing
        told = [Client().post(f"{page}hurry/", follow=True).content.decode() for _ in range(2)]
        assert "We have told whoever takes care of it" in told[0]
        assert "That is not possible just now" in told[1] and "You have asked for more speed" in told[1]
        assert f"{page}hurry/" not in told[1]
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(days=9))
    text = Client().post(f"{page}hurry/", follow=True).content.decode()
    assert "That was the last time for this request" in text
    events = Event.objects.filter(kind="ticket.nudged", stream_id=ticket.pk)
    assert [event.changes["count"] for event in events.order_by("id")] == [1, 2, 3]
    assert {event.actor_name for event in events} == {"Carola Brandt"}
    news = Notification.objects.filter(kind="nudge")
    assert [row.agent for row in news] == [counter.anna] * 3
    desk = Client()
    desk.force_login(counter.anna.user)
    assert "asks for more speed (time 3)" in desk.get(f"/desk/tickets/{ticket.number}/").content.decode()


def test_of_a_ticket_that_is_nobodys_the_team_is_told_and_not_who_has_proven_nothing(counter: Counter) -> None:
    team = Team.objects.create(name="Netz", slug="netz")
    counter.anna.teams.add(team)
    ticket = counter.ticket(team=team)
    stranger = counter.link(ticket, by_mail=False)
    assert "hurry/" not in Client().get(stranger).content.decode()
    Client().post(f"{stranger}hurry/")
    assert not Event.objects.filter(kind="ticket.nudged").exists()
    Client().post(f"{counter.link(ticket)}hurry/")
    assert [row.agent for row in Notification.objects.filter(kind="nudge")] == [counter.anna]
    services.close_ticket(ticket, by=Actor.contact(counter.carol))
    with pytest.raises(NoNudge):
        nudge(Ticket.objects.get(pk=ticket.pk), by=Actor.contact(counter.carol))
