"""A supplier asked beside a ticket has a clock of his own on each side thread: it runs while he owes an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.cast import TEST, Cast, json
from tests.desk.conftest import tree, words
from tests.sla.conftest import clock_of, shown, status
from tresen.core.calendars.models import Calendar
from tresen.core.people.services import find_or_create_contact
from tresen.core.tickets.content import Content
from tresen.core.tickets.jobs import leave_reply
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import add_received, add_reply, set_delivery, update_ticket
from tresen.core.tickets.side_models import SideThread
from tresen.core.tickets.sides import open_side, receive_side, settle, write_side
from tresen.service.notifications.models import Notification
from tresen.service.rules.services import create_rule
from tresen.service.sla.jobs import keep_open, watch
from tresen.service.sla.models import Clock, ClockStrip, Policy
from tresen.service.sla.services import change_policy, create_policy
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain

Wall = Callable[[str], datetime]


@pytest.fixture
def promised(office: Calendar) -> Policy:
    """Eight open hours for a supplier; clocks of ours rest meanwhile."""
    values = {"name": "All", "calendar": office, "is_active": True, "pauses_for": ["third_party"],
              "targets": {"supplier": {"2": 480}, "resolution": {"2": 480}}}  # fmt: skip
    return create_policy(set=values, by=TEST)


@pytest.fixture
def ticket(cast: Cast, promised: Policy, wall: Wall) -> Ticket:
    """Anna's; it is Monday, nine o'clock in Berlin."""
    wall("2026-02-09 08:00")
    return cast.ticket(assignee=cast.anna)


def ask(cast: Cast, ticket: Ticket, address: str = "max@parts.example", **more: Any) -> SideThread:
    people = [find_or_create_contact(mail=address, by=TEST)]
    asked = {"subject": "Router", "content": Content("When?"), "waits": True, **more}
    return open_side(ticket, by=Actor.agent(cast.anna), agent=cast.anna, people=people, **asked)


def answer(side: SideThread, **more: Any) -> None:
    contact = side.people.get()
    receive_side(side, by=Actor.contact(contact), contact=contact, content=Content("Soon."), trust="claimed", **more)


def of(side: SideThread) -> Clock:
    return clock_of(side.ticket, f"supplier-{side.pk}")


def test_his_time_runs_while_ours_rests_and_ends_with_his_answer(cast: Cast, ticket: Ticket, wall: Wall) -> None:
    wall("2026-02-09 09:00")
    side = ask(cast, ticket)
    assert shown(of(side).due_at) == "2026-02-10 09:00" and clock_of(ticket).due_at is None
    wall("2026-02-09 10:00")
    write_side(side, by=Actor.agent(cast.anna), agent=cast.anna, content=Content("Please hurry."), waits=True)
    answer(side, is_automatic=True)
    update_ticket(ticket, by=TEST, set={"ball": "customer"})
    running = of(side)
    assert shown(running.due_at) == "2026-02-10 09:00" and [s.reason for s in running.segments.all()] == ["supplier"]
    wall("2026-02-09 13:00")
    answer(side)
    over = of(side)
    assert shown(over.stopped_at) == "2026-02-09 13:00" and over.left_seconds == 5 * 3600 and over.breached_at is None
    assert not SideThread.objects.filter(waits_since__isnull=False).exists()


def test_each_supplier_has_his_own_and_the_strip_shows_the_next(cast: Cast, ticket: Ticket, wall: Wall) -> None:
    first = ask(cast, ticket)
    wall("2026-02-09 10:00")
    second = ask(cast, ticket, "lea@lines.example")
    strip = ClockStrip.objects.get(ticket=ticket)
    assert (strip.metric, len(strip.clocks)) == (f"supplier-{first.pk}", 3)
    answer(first)
    strip.refresh_from_db()
    assert strip.metric == "resolution" or strip.metric == f"supplier-{second.pk}"
    assert {entry["metric"] for entry in strip.clocks} == {"resolution", f"supplier-{second.pk}"}
    anna = cast.browser(cast.anna)
    assert "Supplier" in words(tree(anna.get(f"/desk/tickets/{ticket.number}/")).body)
    clocks = json(cast.calls(cast.ada).get(f"/tickets/{ticket.number}/clocks"), 200)["items"]
    assert [(one["metric"], one["state"]) for one in clocks if one["metric"] != "resolution"] == [
        (f"supplier-{first.pk}", "met"), (f"supplier-{second.pk}", "running"),
    ]  # fmt: skip


def test_who_waits_for_nothing_starts_no_clock_and_what_is_planned_starts_when_it_leaves(
    cast: Cast, ticket: Ticket, wall: Wall
) -> None:
    ask(cast, ticket, waits=False)
    assert not Clock.objects.filter(metric__startswith="supplier").exists()
    leaves_at = wall("2026-02-09 09:00") + timedelta(minutes=30)
    side = ask(cast, ticket, "lea@lines.example", leaves_at=leaves_at)
    assert not Clock.objects.filter(metric__startswith="supplier").exists()
    wall("2026-02-09 09:30")
    leave_reply(message_id=side.thread.messages.get().pk)
    assert shown(of(side).started_at) == "2026-02-09 09:30"


def test_a_late_supplier_calls_the_rules_made_for_that_and_no_others(cast: Cast, ticket: Ticket, wall: Wall) -> None:
    for name, trigger in (("Late", "supplier_breached"), ("Soon", "supplier_warned"), ("Ours", "breached")):
        act = {"do": "add_tags", "value": [name.lower()]}
        create_rule(by=TEST, set={"name": name, "triggers": [trigger], "condition": "", "is_active": True,
                                  "actions": [act, {"do": "notify", "whom": "assignee"}]})  # fmt: skip
    ask(cast, ticket)
    for time in ("2026-02-09 15:30", "2026-02-10 08:01"):
        wall(time)
        watch()
        drain("default")
    assert sorted(tag.name for tag in ticket.tags.all()) == ["late", "soon"]
    assert Notification.objects.filter(agent=cast.anna, kind="rule").count() == 2
    assert Event.objects.filter(kind="clock.breached").count() == 1


def test_one_says_that_nobody_waits_any_more_on_the_page_of_the_thread(cast: Cast, ticket: Ticket, wall: Wall) -> None:
    side, anna = ask(cast, ticket), cast.browser(cast.anna)
    page = words(tree(anna.get(f"/desk/sides/{side.pk}/")).body)
    assert "The partner’s turn since" in page and "Supplier" in page
    wall("2026-02-09 09:00")
    assert anna.post(f"/desk/sides/{side.pk}/", {"settle": "1"}).status_code == 302
    assert shown(of(side).stopped_at) == "2026-02-09 09:00"
    ticket.refresh_from_db()
    assert ticket.ball == "us" and "No longer waiting" not in words(tree(anna.get(f"/desk/sides/{side.pk}/")).body)
    settle(side, by=TEST)
    assert Event.objects.filter(kind="side.settled").count() == 1
    assert cast.browser(cast.piotr).post(f"/desk/sides/{side.pk}/", {"settle": "1"}).status_code == 404


def test_solving_ends_it_opening_again_goes_on_and_another_target_counts_at_once(
    cast: Cast, ticket: Ticket, promised: Policy, wall: Wall
) -> None:
    side = ask(cast, ticket)
    wall("2026-02-09 09:00")
    update_ticket(ticket, by=TEST, set={"status": status("solved")})
    assert shown(of(side).stopped_at) == "2026-02-09 09:00"
    wall("2026-02-09 10:00")
    update_ticket(ticket, by=TEST, set={"status": status("open")})
    assert shown(of(side).due_at) == "2026-02-10 09:00"  # an hour was rest
    change_policy(promised, set={"targets": {"supplier": {"2": 90}}}, by=TEST)
    drain("default")
    assert shown(of(side).due_at) == "2026-02-09 10:30"
    before = list(of(side).segments.values_list("started_at", "reason"))
    keep_open(after=0)
    assert list(of(side).segments.values_list("started_at", "reason")) == before


def test_what_is_promised_after_the_question_counts_from_it(cast: Cast, promised: Policy, wall: Wall) -> None:
    targets = {**promised.targets, "next_response": {"2": 60}}
    change_policy(promised, set={"targets": targets}, by=TEST)
    wall("2026-02-09 08:00")
    ticket = cast.ticket(assignee=cast.anna)
    update_ticket(ticket, by=TEST, set={"priority": 1})
    add_reply(ticket, by=TEST, agent=cast.anna, content=Content("Which one?"))
    wall("2026-02-09 09:00")
    side = ask(cast, ticket)
    add_received(ticket, by=TEST, contact=cast.carol, content=Content("?"), channel="mail", trust="authenticated")
    assert not Clock.objects.exclude(metric="resolution").exists()
    wall("2026-02-09 09:30")
    update_ticket(ticket, by=TEST, set={"priority": 2})
    assert shown(of(side).due_at) == "2026-02-10 09:00"
    assert shown(clock_of(ticket, "next_response").due_at) == "2026-02-09 10:00"


def test_what_reaches_nobody_is_owed_no_answer_unless_it_is_sent_again(cast: Cast, ticket: Ticket, wall: Wall) -> None:
    side = ask(cast, ticket)
    first = side.thread.messages.get()
    wall("2026-02-09 09:00")
    set_delivery(first, state="deferred", by=TEST)
    assert of(side).stopped_at is None
    set_delivery(first, state="failed", by=TEST)
    assert shown(of(side).stopped_at) == "2026-02-09 09:00"
    wall("2026-02-09 10:00")
    for state in ("queued", "sent"):
        set_delivery(first, state=state, by=TEST)
    assert shown(of(side).started_at) == "2026-02-09 10:00"
    second = write_side(side, by=TEST, agent=cast.anna, content=Content("Please hurry."), waits=True)
    set_delivery(second, state="bounced", by=TEST)
    assert of(side).stopped_at is None and Clock.objects.filter(metric__startswith="supplier").count() == 2
