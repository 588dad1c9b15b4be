"""The clocks of a ticket: when they start, rest, go on and stop, and when they are due, to the minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from tests.cast import TEST, Cast
from tests.sla.conftest import clock_of, shown, status
from tresen.core.calendars.hours import opening_of
from tresen.core.calendars.models import Calendar
from tresen.core.calendars.services import change_calendar, create_calendar
from tresen.core.people.principals import Principal
from tresen.core.tickets.binning import delete_ticket, restore_ticket
from tresen.core.tickets.content import Content
from tresen.core.tickets.merging import merge
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.services import add_note, add_received, add_reply, update_ticket
from tresen.service.sla.jobs import watch
from tresen.service.sla.models import Clock, ClockSegment, ClockStrip, Policy
from tresen.service.sla.services import change_policy
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain

Wall = Callable[[str], datetime]


def answer(cast: Cast, ticket: Ticket, **more: Any) -> None:
    add_reply(ticket, by=TEST, agent=cast.anna, content=Content("Please try again."), **more)


def asks(cast: Cast, ticket: Ticket) -> None:
    add_received(
        ticket, by=TEST, contact=cast.carol, content=Content("Still down."), channel="mail", trust="authenticated"
    )


def reasons(ticket: Ticket, metric: str = "resolution") -> list[tuple[str, str, str]]:
    rows = ClockSegment.objects.filter(clock=clock_of(ticket, metric))
    return [(shown(row.started_at), shown(row.ended_at), row.reason) for row in rows]


def test_a_request_on_friday_afternoon_is_due_on_monday_in_summer_time(cast: Cast, policy: Policy, wall: Wall) -> None:
    wall("2026-03-27 15:30")  # 16:30 in Berlin, half an hour before the weekend in which the clocks go forward
    ticket = cast.ticket()
    assert shown(clock_of(ticket, "first_response").due_at) == "2026-03-30 09:30"
    assert shown(clock_of(ticket).due_at) == "2026-03-31 14:30"
    assert shown(clock_of(ticket, "first_response").warn_at) == "2026-03-30 08:30"
    assert not Clock.objects.filter(ticket=ticket, metric="next_response").exists()


def test_clocks_rest_while_the_customer_has_the_ball_and_go_on_where_they_were(
    cast: Cast, policy: Policy, wall: Wall
) -> None:
    wall("2026-05-04 06:00")  # Monday, 08:00 in Berlin
    ticket = cast.ticket()
    wall("2026-05-04 07:00")
    answer(cast, ticket, set={"status": status("waiting")})
    first = clock_of(ticket, "first_response")
    assert shown(first.stopped_at) == "2026-05-04 07:00" and first.breached_at is None
    resting = clock_of(ticket)
    assert resting.due_at is None and resting.left_seconds == (960 - 60) * 60
    assert ClockStrip.objects.get(ticket=ticket).rests == "customer"
    wall("2026-05-06 10:30")  # Wednesday, 12:30: lunch
    asks(cast, ticket)
    assert shown(clock_of(ticket).due_at) == "2026-05-08 09:00"  # 900 minutes from 13:00 on
    assert shown(clock_of(ticket, "next_response").due_at) == "2026-05-06 15:00"
    wall("2026-05-06 11:15")
    answer(cast, ticket, set={"ball": "third_party"})
    assert clock_of(ticket, "next_response").stopped_at is not None
    wall("2026-05-07 06:15")
    update_ticket(ticket, by=TEST, set={"ball": "us"})
    assert reasons(ticket) == [
        ("2026-05-04 06:00", "2026-05-04 07:00", "us"), ("2026-05-04 07:00", "2026-05-06 10:30", "customer"),
        ("2026-05-06 10:30", "2026-05-06 11:15", "us"), ("2026-05-06 11:15", "2026-05-07 06:15", "third_party"),
        ("2026-05-07 06:15", "–", "us"),
    ]  # fmt: skip
    # 75 minutes are used up: the rest of 885 runs from 08:15 on Thursday, the 7th.
    assert shown(clock_of(ticket).due_at) == "2026-05-08 14:00"


def test_what_is_solved_is_met_and_goes_on_when_it_is_opened_again(cast: Cast, policy: Policy, wall: Wall) -> None:
    wall("2026-05-04 06:00")
    ticket = cast.ticket()
    wall("2026-05-04 08:00")
    update_ticket(ticket, by=TEST, set={"status": status("solved")})
    met = clock_of(ticket)
    assert shown(met.stopped_at) == "2026-05-04 08:00" and met.breached_at is None and met.left_seconds == 840 * 60
    assert shown(clock_of(ticket, "first_response").stopped_at) == "2026-05-04 08:00"
    wall("2026-05-05 06:00")
    asks(cast, ticket)
    again = clock_of(ticket)
    assert again.pk == met.pk and again.stopped_at is None
    assert [reason for _from, _to, reason in reasons(ticket)] == ["us", "solved", "us"]
    assert shown(again.due_at) == "2026-05-06 13:00"  # 840 minutes of Tuesday and Wednesday
    assert shown(clock_of(ticket, "first_response").due_at) == "2026-05-05 08:00"  # nobody has answered yet


def test_another_priority_counts_from_the_start(cast: Cast, policy: Policy, wall: Wall) -> None:
    wall("2026-05-04 06:00")
    ticket = cast.ticket()
    wall("2026-05-04 06:10")
    update_ticket(ticket, by=TEST, set={"priority": 4})
    assert shown(clock_of(ticket, "first_response").due_at) == "2026-05-04 06:30"
    update_ticket(ticket, by=TEST, set={"priority": 1})
    assert shown(clock_of(ticket, "first_response").due_at) == "2026-05-04 15:00"
    answer(cast, ticket)
    update_ticket(ticket, by=TEST, set={"priority": 4})
    stopped = clock_of(ticket, "first_response")
    assert stopped.minutes == 480 and shown(stopped.due_at) == "2026-05-04 15:00"  # kept is kept
    assert clock_of(ticket).minutes == 240


def test_another_calendar_or_policy_reckons_running_clocks_anew(
    cast: Cast, policy: Policy, office: Calendar, wall: Wall
) -> None:
    wall("2026-05-04 06:00")
    ticket = cast.ticket()
    wall("2026-05-04 07:00")
    update_ticket(ticket, by=TEST, set={"ball": "date"})
    wall("2026-05-04 08:00")
    assert shown(clock_of(ticket, "first_response").due_at) == "2026-05-04 10:00"
    change_calendar(office, set={"weekly": {**office.weekly, "mon": [["09:00", "11:00"]]}}, by=TEST)
    drain("default")
    assert shown(clock_of(ticket, "first_response").due_at) == "2026-05-05 08:00"
    change_policy(policy, set={"pauses_for": ["customer", "third_party", "date"]}, by=TEST)
    drain("default")
    resting = clock_of(ticket, "first_response")
    assert resting.due_at is None and resting.left_seconds == 240 * 60  # it had opened only when the ball was gone
    change_policy(policy, set={"is_active": False}, by=TEST)
    drain("default")
    assert clock_of(ticket).minutes is None and not ClockStrip.objects.filter(ticket=ticket).exists()
    change_policy(policy, set={"is_active": True, "pauses_for": []}, by=TEST)
    drain("default")
    assert shown(clock_of(ticket, "first_response").due_at) == "2026-05-05 08:00"


def test_a_policy_that_is_switched_on_later_knows_what_was(
    cast: Cast, policy: Policy, wall: Wall, office: Calendar
) -> None:
    change_policy(policy, set={"is_active": False}, by=TEST)
    wall("2026-05-04 06:00")
    ticket = cast.ticket()
    wall("2026-05-04 07:00")
    answer(cast, ticket, set={"status": status("waiting")})
    wall("2026-05-05 07:00")
    asks(cast, ticket)
    assert not Clock.objects.exists()
    wall("2026-05-05 08:00")
    change_policy(policy, set={"is_active": True}, by=TEST)
    drain("default")
    assert reasons(ticket) == [
        ("2026-05-04 06:00", "2026-05-04 07:00", "us"), ("2026-05-04 07:00", "2026-05-05 07:00", "customer"),
        ("2026-05-05 07:00", "–", "us"),
    ]  # fmt: skip
    assert shown(clock_of(ticket).due_at) == "2026-05-06 15:00"
    assert shown(clock_of(ticket, "next_response").due_at) == "2026-05-05 12:00"


def test_the_first_policy_that_fits_counts(cast: Cast, policy: Policy, office: Calendar, wall: Wall) -> None:
    from tresen.service.sla.services import create_policy, move_policy

    wall("2026-05-04 06:00")
    gold = {"resolution": {"2": 60}}
    conditions = {"organisations": [cast.faehrholm.pk], "types": ["incident"]}
    values = {"name": "Gold", "calendar": office, "targets": gold, "conditions": conditions, "is_active": True}
    first = create_policy(set=values, by=TEST)
    ticket = cast.ticket()
    assert clock_of(ticket).policy == policy
    move_policy(first, up=True, by=TEST)
    drain("default")
    assert clock_of(ticket).policy == first and shown(clock_of(ticket).due_at) == "2026-05-04 07:00"
    assert clock_of(ticket, "first_response").minutes is None
    other = cast.ticket(requester=cast.dave)
    assert clock_of(other).policy == policy
    update_ticket(ticket, by=TEST, set={"type": "question"})
    assert clock_of(ticket).policy == policy and clock_of(ticket, "first_response").minutes == 240


def test_brand_and_priority_choose_a_policy_too(cast: Cast, policy: Policy, office: Calendar, wall: Wall) -> None:
    from tresen.core.people.brands import create_brand
    from tresen.service.sla.services import create_policy, move_policy

    other = create_brand(set={"name": "Nordlicht", "letters": "N", "language": "de"}, by=TEST)
    wall("2026-05-04 06:00")
    for name, conditions in (("Brand", {"brands": [other.pk]}), ("Pressing", {"priorities": [3, 4]})):
        targets = {"resolution": {"4": 30, "3": 60, "2": 90}}
        values = {"name": name, "calendar": office, "targets": targets, "conditions": conditions, "is_active": True}
        move_policy(create_policy(set=values, by=TEST), up=True, by=TEST)
    drain("default")
    ours, theirs = cast.ticket(), cast.ticket(brand=other)
    assert [clock_of(row).policy.name for row in (ours, theirs)] == ["Usual", "Brand"]
    assert shown(clock_of(theirs).due_at) == "2026-05-04 07:30"
    for row in (ours, theirs):
        update_ticket(row, by=TEST, set={"priority": 3})
    assert [clock_of(row).policy.name for row in (ours, theirs)] == ["Pressing", "Brand"]
    assert shown(clock_of(ours).due_at) == "2026-05-04 07:00"
    update_ticket(ours, by=TEST, set={"priority": 2})
    assert clock_of(ours).policy == policy and shown(clock_of(ours).due_at) == "2026-05-05 15:00"


def test_warning_and_breach_are_told_once_with_their_exact_moment(cast: Cast, policy: Policy, wall: Wall) -> None:
    wall("2026-05-04 06:00")
    ticket, quiet = cast.ticket(), cast.ticket()
    update_ticket(quiet, by=TEST, set={"ball": "customer"})
    watch()
    wall("2026-05-04 09:07")
    watch()
    watch()
    told = Event.objects.filter(kind__startswith="clock.").values_list("kind", "stream_id")
    assert list(told) == [("clock.warned", ticket.pk)]
    wall("2026-05-04 11:30")
    watch()
    watch()
    event = Event.objects.get(kind="clock.breached")
    assert event.stream_id == ticket.pk and event.changes["due_at"].startswith("2026-05-04T10:00:00")
    assert event.changes["metric"] == "first_response" and event.actor_kind == "system"
    assert shown(clock_of(ticket, "first_response").breached_at) == "2026-05-04 10:00"
    strip = ClockStrip.objects.get(ticket=ticket)
    assert strip.is_breached and shown(strip.due_at) == "2026-05-04 10:00"
    answer(cast, ticket)
    watch()
    assert Event.objects.filter(kind="clock.breached").count() == 1
    missed = clock_of(ticket, "first_response")
    assert missed.left_seconds == -30 * 60 and shown(missed.breached_at) == "2026-05-04 10:00"


def test_an_answer_after_the_end_that_nobody_had_told_is_missed_all_the_same(
    cast: Cast, policy: Policy, wall: Wall
) -> None:
    wall("2026-05-04 06:00")
    ticket = cast.ticket()
    wall("2026-05-04 12:00")
    answer(cast, ticket)
    event = Event.objects.get(kind="clock.breached")
    assert event.cause is not None and event.cause.kind == "reply.added"
    assert shown(clock_of(ticket, "first_response").breached_at) == "2026-05-04 10:00"


def test_what_was_deleted_rests_and_what_was_merged_is_over(cast: Cast, policy: Policy, wall: Wall) -> None:
    wall("2026-05-04 06:00")
    ticket, other = cast.ticket(), cast.ticket()
    delete_ticket(ticket, by=TEST, agent=cast.anna)
    wall("2026-05-04 12:00")
    watch()
    assert not Event.objects.filter(kind="clock.breached", stream_id=ticket.pk).exists()
    restore_ticket(ticket, by=TEST)
    assert shown(clock_of(ticket, "first_response").due_at) == "2026-05-05 07:00"  # 180 of Monday's last minutes
    add_note(other, by=TEST, agent=cast.anna, content=Content("Same as the other one."))
    merge(other, into=ticket, by=TEST, agent=cast.anna)
    assert not Clock.objects.filter(ticket=other).exists() and not ClockStrip.objects.filter(ticket=other).exists()


def test_a_question_that_went_to_another_ticket_was_not_answered_here(cast: Cast, policy: Policy, wall: Wall) -> None:
    def split_off(message: Message, subject: str) -> Ticket:
        typed = {"message": [message.pk], "subject": subject}
        assert cast.browser(cast.anna).post(f"/desk/tickets/{ticket.number}/split/", typed).status_code == 302
        return Ticket.objects.get(subject=subject)

    wall("2026-05-04 06:00")
    ticket = cast.ticket()
    answer(cast, ticket)
    wall("2026-05-04 07:00")
    asks(cast, ticket)
    first = ticket.messages.latest("pk")
    wall("2026-05-04 08:00")
    asks(cast, ticket)
    second = ticket.messages.latest("pk")
    # The older question goes: the newer one counts from its own time. Then that one goes, too: nothing is owed.
    split_off(first, "First")
    running = Clock.objects.get(ticket=ticket, metric="next_response")
    assert (shown(running.started_at), running.stopped_at) == ("2026-05-04 08:00", None)
    wall("2026-05-05 12:00")
    watch()
    there = split_off(second, "Second")
    assert not Clock.objects.filter(ticket=ticket, metric="next_response").exists()
    assert "next_response" not in str(ClockStrip.objects.get(ticket=ticket).clocks)
    assert there.messages.get().pk == second.pk and clock_of(there, "first_response").stopped_at is None
    # Answered before it goes is answered.
    asks(cast, ticket)
    third = ticket.messages.latest("pk")
    wall("2026-05-05 12:10")
    answer(cast, ticket)
    split_off(third, "Third")
    met = Clock.objects.get(ticket=ticket, metric="next_response")
    assert (shown(met.stopped_at), met.breached_at) == ("2026-05-05 12:10", None)


def test_undoing_and_taking_back_puts_the_clocks_back(cast: Cast, policy: Policy, wall: Wall) -> None:
    from tresen.core.tickets.operations import start
    from tresen.core.tickets.planning import plan_reply, take_back
    from tresen.core.tickets.undoing import undo

    begin = wall("2026-05-04 06:00")
    ticket = cast.ticket()
    wall("2026-05-04 07:00")
    done = start("change", agent=cast.anna)
    update_ticket(ticket, by=TEST, set={"status": status("solved")}, operation=done)
    assert clock_of(ticket).stopped_at is not None
    wall("2026-05-04 07:30")
    undo(done, by=TEST, principal=Principal.of_agent(cast.anna))
    assert clock_of(ticket).stopped_at is None and clock_of(ticket, "first_response").stopped_at is None
    assert shown(clock_of(ticket, "first_response").due_at) == "2026-05-04 11:30"  # half an hour it was solved

    reply = plan_reply(
        ticket, by=TEST, agent=cast.anna, content=Content("Try."), leaves_at=begin + timedelta(hours=2),
        set={"status": status("waiting")},
    )  # fmt: skip
    assert clock_of(ticket).due_at is None
    take_back(reply, by=TEST, agent=cast.anna)
    assert clock_of(ticket, "first_response").stopped_at is None
    assert shown(clock_of(ticket, "first_response").due_at) == "2026-05-04 11:30"


def test_a_reaction_that_runs_late_and_twice_changes_nothing(cast: Cast, policy: Policy, wall: Wall) -> None:
    from tresen.service.sla.keeping import follow

    wall("2026-05-04 06:00")
    ticket = cast.ticket()
    wall("2026-05-04 07:00")
    answer(cast, ticket, set={"status": status("waiting")})
    wall("2026-05-05 07:00")
    asks(cast, ticket)
    before = [reasons(ticket), *(shown(row.due_at) for row in Clock.objects.order_by("pk"))]
    wall("2026-05-05 09:00")
    for event in Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk):
        with transaction.atomic():
            follow(Event.objects.get(pk=event.pk))
    assert [reasons(ticket), *(shown(row.due_at) for row in Clock.objects.order_by("pk"))] == before


def test_a_call_was_answered_when_it_was_taken_down(cast: Cast, policy: Policy, wall: Wall) -> None:
    from tresen.core.tickets.services import create_ticket

    wall("2026-05-04 06:00")
    ticket = create_ticket(
        by=TEST, requester=cast.carol, subject="Call", content=Content("VPN"), channel="phone", team=cast.netz
    )
    assert {row.metric for row in Clock.objects.filter(ticket=ticket)} == {"resolution"}
    wall("2026-05-04 07:00")
    asks(cast, ticket)
    assert shown(clock_of(ticket, "next_response").due_at) == "2026-05-04 12:00"


def test_what_is_never_due_is_not_looked_for_beyond_ten_years(cast: Cast, policy: Policy, wall: Wall) -> None:
    wall("2026-05-04 06:00")
    weekly = {"mon": [["08:00", "08:05"]]}
    seldom = create_calendar(set={"name": "Seldom", "timezone": "UTC", "weekly": weekly}, by=TEST)
    change_policy(policy, set={"calendar": seldom, "targets": {"resolution": {"2": 366 * 24 * 60}}}, by=TEST)
    looked_at: list[date] = []
    opening = opening_of(seldom)
    opening.is_holiday = lambda day: bool(looked_at.append(day))
    assert clock_of(cast.ticket()).due_at is None
    assert len(looked_at) < 3700
