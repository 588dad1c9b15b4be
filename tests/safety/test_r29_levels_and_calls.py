"""R29: whatever the machine's clock does, a ticket goes up once, its leads and whoever is on call are called once for a
moment, and a rule of time acts once; no time is negative (P19)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from tests.cast import TEST, make_cast
from tresen.core.calendars.services import create_calendar
from tresen.core.people.teams import update_team
from tresen.core.tickets.level_models import Level, LevelStay
from tresen.core.tickets.models import Ticket
from tresen.service.levels.figures import figures_since, time_on_levels
from tresen.service.levels.models import Handover
from tresen.service.notifications.models import Notification
from tresen.service.oncall.calling import acknowledge
from tresen.service.oncall.models import Alert, AlertCall
from tresen.service.oncall.services import add_layer, create_rota
from tresen.service.rules.jobs import watch as watch_rules
from tresen.service.rules.models import RuleRun
from tresen.service.rules.services import create_rule
from tresen.service.sla.jobs import watch as watch_clocks
from tresen.service.sla.services import create_policy
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain

ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
BEGIN = datetime(2026, 5, 4, 6, tzinfo=UTC)
At = Callable[[int], None]


@pytest.fixture
def at(time_machine: Any) -> At:
    """Sets the clock so many minutes after the beginning, or before it."""
    return lambda minutes: time_machine.move_to(BEGIN + timedelta(minutes=minutes), tick=False)


@pytest.fixture
def ticket(db: None, at: At) -> Ticket:
    """On the first level, which has an hour and then hands up by itself; on the second piotr and ada are called every
    ten minutes; after an hour a rule tags it."""
    at(0)
    cast = make_cast()
    update_team(cast.orders, set={"level": 2}, by=TEST)
    Level.objects.filter(number=1).update(climbs=True)
    always = create_calendar(set={"name": "Always", "timezone": "UTC", "weekly": ALWAYS}, by=TEST)
    targets = {"level-1": {"2": 60}, "level-2": {"2": 6000}}
    create_policy(set={"name": "All", "calendar": always, "targets": targets, "is_active": True}, by=TEST)
    turns = {"starts_on": date(2020, 1, 1), "hands_over_at": time(9), "days": 7, "timezone": "UTC"}
    rota = create_rota(set={"name": "Nights", "level": 2, "keeper": cast.ada}, by=TEST)
    for rank, agent in ((1, cast.piotr), (2, cast.ada)):
        add_layer(rota, set={"rank": rank, "people": [agent.pk], **turns}, by=TEST)
    create_rule(by=TEST, set={"name": "Old", "since": "created", "minutes": 60, "condition": "", "is_active": True,
                              "actions": [{"do": "add_tags", "value": "old"}]})  # fmt: skip
    return cast.ticket(assignee=cast.anna)


def look() -> None:
    """All that looks at the time, twice, as two that look at once; and the jobs that came of it."""
    for _ in range(2):
        watch_clocks()
        watch_rules()
        drain("default")


def seen(ticket: Ticket) -> tuple[int, int, int, list[str]]:
    """How often it was handed up, its leads were told, the rule acted; and who was called, in order."""
    events = Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk)
    assert events.filter(kind="rule.came_due").count() == RuleRun.objects.count()
    return (
        Handover.objects.count(), events.filter(kind="manager.told").count(), RuleRun.objects.count(),
        [call.agent.user.name for call in AlertCall.objects.order_by("pk").select_related("agent__user")],
    )  # fmt: skip


PIOTR, ADA = "Piotr Wieczorek", "Ada Berg"


def test_r29_a_clock_that_jumps_hands_up_calls_and_lets_rules_of_time_act_once(at: At, ticket: Ticket) -> None:
    for minute, wanted in (
        (46, (0, 1, 0, [])),  # the warning
        (-14, (0, 1, 0, [])),  # an hour back: the warning comes a second time by the clock on the wall
        (46, (0, 1, 0, [])),
        (61, (1, 1, 1, [PIOTR])),  # over: it goes up, the rule acts, the first is called
        (1, (1, 1, 1, [PIOTR])),
        (61, (1, 1, 1, [PIOTR])),
        (70, (1, 1, 1, [PIOTR])),
        (130, (1, 1, 1, [PIOTR, ADA])),  # an hour ahead: the second is called, once
        (70, (1, 1, 1, [PIOTR, ADA])),
        (130, (1, 1, 1, [PIOTR, ADA])),
        (139, (1, 1, 1, [PIOTR, ADA])),
    ):
        at(minute)
        look()
        assert seen(ticket) == wanted, minute
    assert Alert.objects.count() == 1 and Ticket.objects.get(pk=ticket.pk).level == 2
    assert Notification.objects.filter(kind="oncall").count() == 2


def test_r29_a_machine_that_slept_makes_up_once_for_what_it_slept_through(at: At, ticket: Ticket) -> None:
    at(55)
    look()
    at(85)  # half an hour later: the end of the level, and two calls, were slept through
    look()
    assert seen(ticket) == (1, 1, 1, [PIOTR])
    at(95)
    look()
    assert seen(ticket) == (1, 1, 1, [PIOTR, ADA])


def test_r29_no_time_of_a_level_or_a_call_is_negative(at: At, ticket: Ticket) -> None:
    at(61)
    look()
    at(1)
    alert = Alert.objects.get()
    acknowledge(alert, agent=alert.calls.get().agent, by=Actor.agent(alert.calls.get().agent))
    assert Event.objects.get(kind="oncall.acknowledged").changes["seconds"] == 0
    found = Ticket.objects.get(pk=ticket.pk)
    spent = time_on_levels(found, found.stays.all(), now=BEGIN + timedelta(minutes=1))
    assert spent == {1: timedelta(minutes=61), 2: timedelta()}
    assert all(stay.ended_at > stay.started_at for stay in LevelStay.objects.all())
    assert all((row.stay or timedelta()) >= timedelta() for row in figures_since(BEGIN - timedelta(days=1)).values())
    at(200)
    look()
    assert seen(ticket) == (1, 0, 1, [PIOTR]), "acknowledged: nobody else is called, whatever the clock says"
