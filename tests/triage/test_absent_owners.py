"""No open ticket with us has an absent owner: away by his own word, gone for good, or off duty while it is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tresen.core.attendance.services import add_absence, set_hours, set_state
from tresen.core.calendars.services import create_calendar
from tresen.core.people.teams import update_team
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import add_received, update_ticket
from tresen.kit import clock
from tresen.service.levels.handing import Package, escalate, hand_back
from tresen.service.routing.absences import hand_over
from tresen.service.routing.settings import set_agent, set_team
from tresen.service.sla.services import create_policy
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain

WEEK = {day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
WHOLE = {day: [["00:00", "24:00"]] for day in (*WEEK, "sat", "sun")}


@pytest.fixture
def shift(cast: Cast, time_machine: Any) -> Cast:
    """Anna works from eight to four, UTC; urgent tickets are due in two hours, by day and night, others in two days."""
    cast.anna.user.timezone = "UTC"
    cast.anna.user.save()
    time_machine.move_to(datetime(2026, 3, 3, 7, tzinfo=UTC), tick=False)
    set_hours(cast.anna, weekly=WEEK, calendar=None, by=TEST)
    always = create_calendar(set={"name": "24/7", "timezone": "UTC", "weekly": WHOLE}, by=TEST)
    targets = {"resolution": {"4": 120, "2": 2880}}
    create_policy(set={"name": "All", "calendar": always, "targets": targets, "is_active": True}, by=TEST)
    time_machine.move_to(datetime(2026, 3, 3, 15, 30, tzinfo=UTC), tick=False)
    return cast


def why(ticket: Ticket) -> list[str]:
    rows = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk, kind="ticket.assigned")
    return [row.changes["why"]["method"] for row in rows]


def test_the_end_of_a_shift_moves_only_what_is_due_before_he_is_back(shift: Cast, time_machine: Any) -> None:
    calm, urgent = shift.ticket(assignee=shift.anna), shift.ticket(assignee=shift.anna)
    update_ticket(urgent, by=TEST, set={"priority": 4})
    assert hand_over() == 0
    time_machine.move_to(datetime(2026, 3, 3, 16, 5, tzinfo=UTC), tick=False)
    assert (hand_over(), hand_over()) == (1, 0)
    assert why(urgent) == ["off"] and why(calm) == []
    assert Ticket.objects.get(pk=calm.pk).assignee == shift.anna
    page = shift.browser(shift.ada).get("/settings/attendance/").content.decode()
    assert "Anna Kowalczyk was off duty" in page


def test_what_he_takes_while_he_is_off_duty_stays_his(shift: Cast, time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 3, 3, 18, tzinfo=UTC), tick=False)
    ticket = shift.ticket()
    update_ticket(ticket, by=Actor.agent(shift.anna), set={"priority": 4, "assignee": shift.anna})
    assert hand_over() == 0


def test_an_answer_to_whoever_is_away_goes_on_at_once(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 3, 3, 9, tzinfo=UTC), tick=False)
    ticket = cast.ticket(assignee=cast.anna)
    update_ticket(ticket, by=TEST, set={"ball": "customer"})
    time_machine.move_to(datetime(2026, 3, 3, 10, tzinfo=UTC), tick=False)
    set_state(cast.anna, state="away", until=None, by=TEST)
    assert hand_over() == 0  # it is the customer's turn
    time_machine.move_to(datetime(2026, 3, 3, 11, tzinfo=UTC), tick=False)
    add_received(ticket, by=TEST, contact=cast.carol, content=Content("?"), channel="mail", trust="authenticated")
    drain("default")
    assert Ticket.objects.get(pk=ticket.pk).assignee is None and why(ticket) == ["away"]


def test_nobody_who_left_the_desk_keeps_an_open_ticket(cast: Cast) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    cast.anna.user.is_active = False
    cast.anna.user.save()
    assert hand_over() == 1 and why(ticket) == ["left"]


def test_off_duty_until_further_notice_is_until_the_next_shift(shift: Cast, time_machine: Any) -> None:
    calm, urgent = shift.ticket(assignee=shift.anna), shift.ticket(assignee=shift.anna)
    update_ticket(urgent, by=TEST, set={"priority": 4})
    time_machine.move_to(datetime(2026, 3, 3, 15, 40, tzinfo=UTC), tick=False)
    set_state(shift.anna, state="off", by=TEST)
    assert hand_over() == 1 and why(urgent) == ["off"] and why(calm) == []


def test_a_substitute_who_is_off_duty_gets_nothing(shift: Cast, time_machine: Any) -> None:
    update_ticket(shift.ticket(assignee=shift.piotr), by=TEST, set={"priority": 4})
    today = datetime(2026, 3, 3).date()
    time_machine.move_to(datetime(2026, 3, 3, 18, tzinfo=UTC), tick=False)
    add_absence(shift.piotr, kind="holiday", starts_on=today, ends_on=today, substitute=shift.anna, by=TEST)
    assert (hand_over(), hand_over()) == (1, 0)
    ticket = Ticket.objects.get()
    assert ticket.assignee is None and why(ticket) == ["absence"]


def test_a_substitute_whose_day_has_not_begun_gets_what_is_not_due_before_it(shift: Cast, time_machine: Any) -> None:
    calm, urgent = (shift.ticket(assignee=shift.piotr) for _ in range(2))
    update_ticket(urgent, by=TEST, set={"priority": 4})
    day = datetime(2026, 3, 4).date()
    add_absence(shift.piotr, kind="holiday", starts_on=day, ends_on=day, substitute=shift.anna, by=TEST)
    time_machine.move_to(datetime(2026, 3, 4, 0, 30, tzinfo=UTC), tick=False)
    assert (hand_over(), hand_over()) == (2, 0)
    assert Ticket.objects.get(pk=calm.pk).assignee == shift.anna and why(calm) == ["absence"]
    assert Ticket.objects.get(pk=urgent.pk).assignee is None


@pytest.mark.parametrize(
    ("takes", "category", "expected"),
    [
        ({}, False, ""),
        ({"cap": 1}, False, "full"),
        ({"channel_caps": {"mail": 1}}, False, "full"),
        ({}, True, "skill"),
        ({"busy": True}, False, "away"),
    ],
)
def test_a_substitute_gets_what_he_can_take(cast: Cast, takes: dict[str, Any], category: bool, expected: str) -> None:
    """Ada stands in for Anna; what she cannot take goes to the pool, and from there to Piotr, who is in the team."""
    network = create_category(names={"en": "Network"}, by=TEST)
    cast.piotr.teams.set([cast.netz])
    set_team(cast.netz, set={"method": "round", "by_skill": True}, by=TEST)
    set_agent(cast.piotr, cap=None, channel_caps={}, skills=[network], languages=[], by=TEST)
    if takes.pop("busy", False):
        set_state(cast.ada, state="busy", by=TEST)
    else:
        set_agent(cast.ada, **{"cap": None, "channel_caps": {}, "skills": [], "languages": [], **takes}, by=TEST)
    cast.ticket(assignee=cast.ada, team=cast.orders)
    ticket = cast.ticket(assignee=cast.anna, set={"category": network} if category else {})
    today = clock.now().date()
    days = {"starts_on": today - timedelta(days=1), "ends_on": today + timedelta(days=1)}
    add_absence(cast.anna, kind="holiday", substitute=cast.ada, **days, by=TEST)
    assert hand_over() == 1
    assert Ticket.objects.get(pk=ticket.pk).assignee == (cast.piotr if expected else cast.ada)
    told = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk, kind="ticket.assigned").order_by("pk")
    assert told[0].changes["why"].get("cannot", "") == expected
    if expected == "full":
        page = words(tree(cast.browser(cast.ada).get(f"/desk/tickets/{ticket.number}/")).body)
        assert "back to the team: Anna Kowalczyk is absent, Ada Berg, who stands in, has enough" in page


def test_who_does_not_work_in_the_team_stands_in_for_nothing_there(cast: Cast) -> None:
    hers, theirs = cast.ticket(assignee=cast.anna), cast.ticket(assignee=cast.anna, team=cast.orders)
    days = {"starts_on": clock.now().date() - timedelta(days=1), "ends_on": clock.now().date() + timedelta(days=1)}
    add_absence(cast.anna, kind="holiday", substitute=cast.piotr, **days, by=TEST)
    assert hand_over() == 2
    assert Ticket.objects.get(pk=theirs.pk).assignee == cast.piotr
    assert Ticket.objects.get(pk=hers.pk).assignee is None
    page = words(tree(cast.browser(cast.ada).get(f"/desk/tickets/{hers.number}/")).body)
    assert "Piotr Wieczorek, who stands in, does not work on tickets of this team" in page


def test_what_others_gave_to_whoever_is_away_goes_on_and_what_he_took_himself_stays(cast: Cast) -> None:
    set_state(cast.anna, state="away", by=TEST)
    by_rule, by_ada, taken_back, by_herself = (cast.ticket() for _ in range(4))
    cause = Event.objects.filter(kind="ticket.created").first()
    assert cause is not None
    rule = Actor.rule(cast.orders, cause=cause)
    update_ticket(by_rule, by=rule, set={"assignee": cast.anna})
    update_ticket(by_ada, by=Actor.agent(cast.ada), set={"assignee": cast.anna})
    update_ticket(taken_back, by=Actor.agent(cast.ada), set={"assignee": cast.piotr})
    update_ticket(taken_back, by=rule, set={"assignee": cast.anna})
    update_ticket(by_herself, by=Actor.agent(cast.anna), set={"assignee": cast.anna})
    assert hand_over() == 3
    assert [why(one) for one in (by_rule, by_ada, taken_back, by_herself)] == [["away"], ["away"], ["away"], []]


def test_an_answer_that_comes_back_to_whoever_is_away_goes_on(cast: Cast, time_machine: Any) -> None:
    time_machine.move_to(datetime(2026, 3, 3, 9, tzinfo=UTC), tick=False)
    update_team(cast.orders, set={"level": 2}, by=TEST)
    ticket = cast.ticket(assignee=cast.anna)
    escalate(ticket, by=Actor.agent(cast.anna), agent=cast.anna, level=2, package=Package(needed="Look."))
    time_machine.move_to(datetime(2026, 3, 3, 10, tzinfo=UTC), tick=False)
    set_state(cast.anna, state="away", by=TEST)
    hand_back(ticket, by=Actor.agent(cast.piotr), agent=cast.piotr, answer="Mended.")
    assert hand_over() == 1 and Ticket.objects.get().assignee is None
