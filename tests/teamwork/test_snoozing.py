"""A ticket sleeps until a time or an answer, for everybody, with who wanted it and why."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, words
from tests.desk.test_list_views import counts, solved, subjects
from tresen.core.people.principals import Principal
from tresen.core.teamwork.jobs import wake_ticket
from tresen.core.teamwork.models import Snooze
from tresen.core.teamwork.snoozing import CannotSnooze, preset, snooze, wake_by_answer
from tresen.core.tickets import merging, undoing
from tresen.core.tickets.choices import Ball
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.moving import move_messages
from tresen.core.tickets.services import add_received, update_ticket
from tresen.kit import clock
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.registry import Retry
from tresen.spine.jobs.worker import drain


def asleep(cast: Cast, ticket: Ticket, hours: float = 2) -> Snooze:
    """The ticket, put to sleep by Anna."""
    until = clock.now() + timedelta(hours=hours)
    return snooze(ticket, agent=cast.anna, until=until, reason="Part is ordered", by=TEST)


def later(monkeypatch: Any, hours: float) -> None:
    """The clock goes on."""
    then = clock.now() + timedelta(hours=hours)
    monkeypatch.setattr(clock, "now", lambda: then)


def test_a_sleeping_ticket_leaves_the_daily_views_and_says_who_wanted_it_and_why(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    data = {"until": "tomorrow", "reason": "Part is ordered"}
    head = anna.post(f"/desk/tickets/{ticket.number}/snooze/", data, headers=HTMX)
    assert "Anna Kowalczyk: Part is ordered" in words(tree(head))
    now = counts(anna)
    assert (now["mine"], now["waiting"], now["team-netz"], now["snoozed"], now["open"]) == ("0", "0", "0", "1", "1")
    assert subjects(anna, "/desk/views/mine/") == subjects(anna, "/desk/teams/netz/") == []
    assert subjects(anna, "/desk/views/snoozed/") == ["VPN"]
    ticket.refresh_from_db()
    assert ticket.ball == Ball.DATE


def test_a_sleeping_ticket_without_assignee_is_not_unassigned(cast: Cast, anna: Client) -> None:
    asleep(cast, cast.ticket())
    assert subjects(anna, "/desk/views/unassigned/") == []


def test_it_wakes_at_its_time_and_it_is_our_turn(cast: Cast, anna: Client, monkeypatch: Any) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    update_ticket(ticket, by=TEST, set={"ball": Ball.CUSTOMER})
    row = asleep(cast, ticket)
    job = Job.objects.get(name="teamwork.wake")
    assert job.run_at == row.wakes_at
    with pytest.raises(Retry):
        wake_ticket(snooze_id=row.pk)
    later(monkeypatch, 3)
    wake_ticket(snooze_id=row.pk)
    wake_ticket(snooze_id=row.pk)
    ticket.refresh_from_db()
    assert ticket.ball == Ball.US and Event.objects.filter(kind="ticket.woken").count() == 1
    assert subjects(anna, "/desk/views/waiting/") == ["VPN"] and counts(anna)["snoozed"] == "0"


def test_an_answer_of_the_customer_wakes_it(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    asleep(cast, ticket)
    for automatic in (True, False):
        assert counts(anna)["snoozed"] == "1"
        add_received(ticket, by=TEST, contact=cast.carol, content=Content("It came!"), channel="mail", trust="claimed",
                     is_automatic=automatic)  # fmt: skip
    assert subjects(anna, "/desk/views/waiting/") == ["VPN"]
    event = Event.objects.get(kind="ticket.woken")
    assert event.changes["why"] == "answer" and event.cause and event.cause.kind == "message.received"
    wake_by_answer(event.cause)
    assert Event.objects.filter(kind="ticket.woken").count() == 1


def test_whoever_wakes_it_by_hand_finds_it_as_it_was(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    update_ticket(ticket, by=TEST, set={"ball": Ball.CUSTOMER})
    asleep(cast, ticket)
    asleep(cast, ticket, hours=5)
    anna.post(f"/desk/tickets/{ticket.number}/wake/")
    anna.post(f"/desk/tickets/{ticket.number}/wake/")
    ticket.refresh_from_db()
    assert ticket.ball == Ball.CUSTOMER and Event.objects.filter(kind="ticket.woken").count() == 1
    told = words(tree(anna.get(f"/desk/tickets/{ticket.number}/")))
    assert "asleep until" in told and "woken" in told


def test_a_ticket_finished_in_its_sleep_is_not_woken(cast: Cast, monkeypatch: Any) -> None:
    ticket = cast.ticket()
    row = asleep(cast, ticket)
    solved(ticket)
    later(monkeypatch, 3)
    wake_ticket(snooze_id=row.pk)
    row.refresh_from_db()
    assert row.ended_by == "finished" and not Event.objects.filter(kind="ticket.woken").exists()


def test_a_merged_ticket_sleeps_no_more_and_the_other_keeps_its_own_time(cast: Cast, monkeypatch: Any) -> None:
    source, target = cast.ticket(), cast.ticket()
    first, second = asleep(cast, source, hours=1), asleep(cast, target, hours=700)
    merging.merge(Ticket.objects.get(pk=source.pk), into=target, by=TEST, agent=cast.anna)
    later(monkeypatch, 2)
    wake_ticket(snooze_id=first.pk)
    assert list(Snooze.objects.asleep()) == [second]
    first.refresh_from_db()
    assert first.ended_by == "finished" and not Event.objects.filter(kind="ticket.woken").exists()


@pytest.mark.parametrize(("hours", "sleeps"), [(1, True), (3, False)])
def test_parted_again_it_sleeps_on_until_its_time(cast: Cast, monkeypatch: Any, hours: int, sleeps: bool) -> None:
    source, target = cast.ticket(), cast.ticket()
    row = asleep(cast, source)
    done = merging.merge(Ticket.objects.get(pk=source.pk), into=target, by=TEST, agent=cast.anna)
    assert not Snooze.objects.asleep().exists()
    later(monkeypatch, hours)
    undoing.undo(done, by=TEST, principal=Principal.of_agent(cast.anna))
    drain()
    source.refresh_from_db()
    assert Snooze.objects.asleep().filter(pk=row.pk).exists() == sleeps
    assert source.ball == (Ball.DATE if sleeps else Ball.US)


def test_what_the_customer_wrote_meanwhile_does_not_sleep(cast: Cast) -> None:
    source, target = cast.ticket(), cast.ticket()
    asleep(cast, source)
    done = merging.merge(Ticket.objects.get(pk=source.pk), into=target, by=TEST, agent=cast.anna)
    add_received(source, by=TEST, content=Content("Well?"), contact=source.requester, channel="mail",
                 trust="claimed", follow=True)  # fmt: skip
    undoing.undo(done, by=TEST, principal=Principal.of_agent(cast.anna))
    assert not Snooze.objects.asleep().exists()


def test_what_waits_for_us_wakes_the_ticket_into_which_it_goes(cast: Cast, anna: Client) -> None:
    target = cast.ticket("Asleep", assignee=cast.anna)
    merged, moved = cast.ticket("merged"), cast.ticket("moved")
    for arrive in (
        lambda: merging.merge(merged, into=target, by=TEST, agent=cast.anna),
        lambda: move_messages(list(moved.messages.all()), to=target, by=TEST),
    ):
        asleep(cast, Ticket.objects.get(pk=target.pk))
        assert subjects(anna, "/desk/views/mine/") == []
        arrive()
        assert subjects(anna, "/desk/views/mine/") == ["Asleep"]


@pytest.mark.parametrize(
    "data",
    [{}, {"until": "nonsense"}, {"at": "2020-01-01T10:00"}, {"at": "2026-06-31T10:00"}, {"at": "9999-01-01T00:00"}],
)
def test_a_time_that_cannot_be_is_refused_and_the_reason_is_kept(
    cast: Cast, anna: Client, data: dict[str, str]
) -> None:
    ticket = cast.ticket()
    refused = anna.post(f"/desk/tickets/{ticket.number}/snooze/", {**data, "reason": "Part <b>"}, headers=HTMX)
    assert refused.status_code == 422
    page = tree(refused)
    assert "Choose a time that is ahead" in words(page)
    assert page.css_first("input[name=reason]").attributes["value"] == "Part <b>"
    assert not Snooze.objects.exists()


def test_a_finished_ticket_cannot_sleep(cast: Cast) -> None:
    with pytest.raises(CannotSnooze):
        asleep(cast, solved(cast.ticket()))


def test_presets_are_the_agents_own_mornings_also_over_a_change_of_the_clock() -> None:
    friday = datetime(2026, 3, 27, 20, 30, tzinfo=UTC)
    with timezone.override("Europe/Berlin"):
        found = {name: timezone.localtime(preset(name, friday)) for name in ("later", "tomorrow", "monday")}
        assert found["later"] - friday == timedelta(hours=3)
        assert (found["tomorrow"].day, found["tomorrow"].hour) == (28, 9)
        # Summer time began on Sunday.
        assert found["monday"].isoformat() == "2026-03-30T09:00:00+02:00"


def test_a_time_is_meant_in_the_agents_own_zone(cast: Cast, anna: Client) -> None:
    cast.anna.user.timezone = "Pacific/Auckland"
    cast.anna.user.save()
    ticket = cast.ticket()
    day = (clock.now() + timedelta(days=3)).date()
    anna.post(f"/desk/tickets/{ticket.number}/snooze/", {"at": f"{day}T09:00"})
    with timezone.override("Pacific/Auckland"):
        assert timezone.localtime(Snooze.objects.get().wakes_at).strftime("%H:%M") == "09:00"
