"""Settings, service levels: promised in minutes and hours, tried before they count, nothing overwritten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.beside import Beside
from tests.cast import TEST, Cast
from tresen.core.calendars.models import Calendar
from tresen.core.calendars.services import create_calendar
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.services import update_ticket
from tresen.kit.fingerprint import fingerprint
from tresen.service.sla.models import Clock, Policy, PolicyTrial
from tresen.service.sla.services import change_policy, create_policy, policy_values
from tresen.service.sla.trials import start_trial
from tresen.spine.jobs.worker import drain

ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@pytest.fixture
def always(cast: Cast) -> Calendar:
    return create_calendar(set={"name": "Round the clock", "timezone": "UTC", "weekly": ALWAYS}, by=TEST)


@pytest.fixture
def typed(always: Calendar) -> dict[str, Any]:
    return {
        "name": "Gold", "calendar": always.pk, "organisations": "fährholm logistik\n", "priorities": ["4", "3"],
        "types": ["incident"], "pauses_for": ["customer"], "warn_percent": "80", "is_active": "on",
        "t-first_response-4": "30", "t-first_response-3": "1:30", "t-resolution-4": "4 h 30 min",
    }  # fmt: skip


def test_a_policy_is_made_as_people_write_times(ada: Client, cast: Cast, typed: dict[str, Any]) -> None:
    assert ada.get("/settings/service-levels/").status_code == 200
    assert ada.get("/settings/service-levels/new/").status_code == 200
    answer = ada.post("/settings/service-levels/new/", typed)
    assert answer.status_code == 302, answer.content.decode()
    made = Policy.objects.get()
    assert made.targets == {"first_response": {"3": 90, "4": 30}, "resolution": {"4": 270}}
    assert made.conditions == {"organisations": [cast.faehrholm.pk], "priorities": [3, 4], "types": ["incident"]}
    assert (made.pauses_for, made.warn_percent, made.is_active) == (["customer"], 80, True)
    page = ada.get(f"/settings/service-levels/{made.pk}/").content.decode()
    assert "Fährholm Logistik" in page and "1 h 30 min" in page and "4 h 30 min" in page
    assert "30 min · 1 h 30 min" in ada.get("/settings/service-levels/").content.decode()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"t-resolution-4": "soon"}, "is not a time"), ({"t-resolution-4": "0"}, "is not a time"),
        ({"t-resolution-4": "99999 h"}, "is not a time"), ({"organisations": "Nobody Ltd"}, "called Nobody Ltd"),
        ({"warn_percent": "100"}, "99"), ({"calendar": "999"}, "valid"), ({"name": "Silver"}, "already a policy"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    ada: Client, typed: dict[str, Any], always: Calendar, wrong: dict[str, str], told: str
) -> None:
    create_policy(set={"name": "Silver", "calendar": always}, by=TEST)
    answer = ada.post("/settings/service-levels/new/", {**typed, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422 and told in page and "1:30" in page
    assert Policy.objects.count() == 1


def test_nobody_overwrites_in_silence_and_a_used_calendar_stays_in_use(
    ada: Client, typed: dict[str, Any], always: Calendar
) -> None:
    values = {"name": "Gold", "calendar": always, "targets": {"resolution": {"4": 60}}, "is_active": True}
    made = create_policy(set=values, by=TEST)
    mark = fingerprint(policy_values(made))
    change_policy(made, set={"targets": {"resolution": {"4": 120}}}, by=TEST)
    answer = ada.post(f"/settings/service-levels/{made.pk}/", {**typed, "mark": mark})
    assert answer.status_code == 409 and "“2 h” meanwhile" in answer.content.decode()
    form = {"name": "Round the clock", "timezone": "UTC", "hours-mon": "8-12"}
    rest = ada.post(f"/settings/calendars/{always.pk}/", form)
    assert rest.status_code == 422 and "Gold" in rest.content.decode()


def test_a_policy_is_tried_on_what_was_before_it_is_switched_on(
    ada: Client, cast: Cast, typed: dict[str, Any], always: Calendar, time_machine: Any
) -> None:
    tickets: list[Ticket] = []
    solved = Status.objects.default_of("solved")
    begin = Ticket._meta.get_field("created_at").to_python("2026-03-02T08:00:00+00:00")
    for hours in (1, 3, 9, None):
        time_machine.move_to(begin, tick=False)
        ticket = cast.ticket(impact=2, urgency=3)
        tickets.append(ticket)
        if hours:
            time_machine.move_to(begin + timedelta(hours=hours), tick=False)
            update_ticket(ticket, by=TEST, set={"status": solved})
    cast.ticket(requester=cast.dave)
    time_machine.move_to(begin + timedelta(hours=2), tick=False)
    made = create_policy(
        set={"name": "Try", "calendar": always, "targets": {"resolution": {"4": 240}},
             "conditions": {"organisations": [cast.faehrholm.pk]}}, by=TEST,
    )  # fmt: skip
    time_machine.move_to(begin + timedelta(hours=12), tick=False)
    assert ada.post(f"/settings/service-levels/{made.pk}/trial/").status_code == 302
    assert "of 5 tickets" in ada.get(f"/settings/service-levels/{made.pk}/trial/").content.decode()
    drain("default")
    page = ada.get(f"/settings/service-levels/{made.pk}/").content.decode()
    assert "Of 5 tickets 4 would have come under it" in page
    assert "2 kept, 2 missed, 0 open" in page and "50 %" in page
    assert page.index(tickets[3].shown_number) < page.index(tickets[2].shown_number)
    assert not Clock.objects.exists()


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_two_clicks_on_try_at_once_make_one_trial() -> None:
    always = create_calendar(set={"name": "Round the clock", "timezone": "UTC", "weekly": ALWAYS}, by=TEST)
    policy = create_policy(set={"name": "Gold", "calendar": always}, by=TEST)
    with Beside() as beside, transaction.atomic():
        first = start_trial(policy)
        beside.start(lambda: start_trial(policy))
    assert PolicyTrial.objects.get().pk != first.pk
