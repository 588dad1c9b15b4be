"""Who is at work: what one says oneself, hours, absences with a substitute; seen where people are picked."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.formats import date_format

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, words
from tresen.core.attendance.models import Absence, Attendance
from tresen.core.attendance.services import (
    WrongAbsence,
    WrongShift,
    add_absence,
    add_shift,
    remove_absence,
    remove_shift,
    set_hours,
    set_state,
)
from tresen.core.attendance.standing import standing_of, standings
from tresen.core.calendars.services import create_calendar
from tresen.core.people.models import Agent, Role
from tresen.kit import clock

OFFICE = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def state(agent: Agent, text: str) -> tuple[str, datetime | None]:
    row = Attendance.objects.select_related("calendar").filter(agent=agent).first()
    found = standing_of(agent, row, list(agent.absences.all()), at(text))
    return found.state, found.until


def test_hours_are_meant_in_the_agents_own_zone(cast: Cast) -> None:
    assert state(cast.anna, "2026-11-28T03:00") == ("available", None)
    set_hours(cast.anna, weekly=OFFICE, calendar=None, by=TEST)
    assert state(cast.anna, "2026-11-27T08:30")[0] == "available"  # 9:30 in Berlin
    assert state(cast.anna, "2026-11-27T11:15") == ("off", at("2026-11-27T12:00"))  # the lunch break
    assert state(cast.anna, "2026-11-27T16:00") == ("off", at("2026-11-30T08:00"))  # Friday evening
    assert state(cast.anna, "2026-07-01T07:00")[0] == "available"  # summer time


def test_what_one_says_goes_before_the_hours_until_its_time(cast: Cast) -> None:
    until = clock.now() + timedelta(hours=2)
    row = set_state(cast.anna, state="busy", until=until, by=TEST)
    assert standing_of(cast.anna, row, [], clock.now()).state == "busy"
    assert standing_of(cast.anna, row, [], until).state == "available"
    with pytest.raises(ValueError, match="passed"):
        set_state(cast.anna, state="away", until=clock.now() - timedelta(hours=1), by=TEST)


def test_available_needs_no_time_whatever_stands_there(cast: Cast) -> None:
    page, anna = f"/settings/attendance/{cast.anna.pk}/", cast.browser(cast.anna)
    for until in ("2020-01-01T10:00", "9999-12-30T23:00"):
        assert anna.post(page, {"what": "state", "state": "available", "until": until}).status_code == 302
    assert Attendance.objects.get(agent=cast.anna).until is None


def test_who_was_busy_is_here_since_that_ended(cast: Cast) -> None:
    at = clock.now()
    row = set_state(cast.anna, state="busy", until=at + timedelta(hours=3), by=TEST)
    later = standing_of(cast.anna, row, [], at + timedelta(hours=4))
    assert (later.state, later.since) == ("available", at + timedelta(hours=3))


def test_an_absence_is_whole_days_with_somebody_who_stands_in(cast: Cast) -> None:
    days = {"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 3)}
    made = add_absence(cast.anna, kind="holiday", substitute=cast.ada, **days, by=TEST)
    assert [state(cast.anna, f"2026-12-{day}")[0] for day in ("01T00:00", "03T22:00", "03T23:00")] == [
        "away", "away", "available"
    ]  # fmt: skip
    for field, wrong in (
        ("starts_on", {"agent": cast.anna}), ("substitute", {"agent": cast.ada, "substitute": cast.anna}),
        ("substitute", {"agent": cast.ada, "substitute": cast.ada}),
        ("ends_on", {"agent": cast.ada, "ends_on": date(2026, 11, 30)}),
    ):  # fmt: skip
        with pytest.raises(WrongAbsence) as refused:
            add_absence(**{"kind": "other", **days, **wrong}, by=TEST)
        assert refused.value.field == field
    remove_absence(made, by=TEST)
    assert state(cast.anna, "2026-12-02T12:00")[0] == "available"


def test_many_are_read_in_two_queries(cast: Cast, django_assert_num_queries: object) -> None:
    agents = list(Agent.objects.select_related("user"))
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert {found.state for found in standings(agents).values()} == {"available"}


def test_it_stands_where_people_are_picked(cast: Cast) -> None:
    today = clock.now().date()
    add_absence(
        cast.anna, kind="sickness", starts_on=today, ends_on=today + timedelta(days=2), substitute=cast.ada, by=TEST
    )
    ada, ticket = cast.browser(cast.ada), cast.ticket()
    menu = words(tree(ada.get(f"/desk/tickets/{ticket.number}/fields/assignee/", headers=HTMX)).body)
    assert "Away until" in menu and "Ada Berg stands in" in menu
    assert "Anna Kowalczyk (Away until" in words(tree(ada.get("/desk/new/")).css_first("select[name=assignee]"))


def test_one_says_it_oneself_and_leads_say_it_for_their_teams(cast: Cast) -> None:
    anna, piotr = cast.browser(cast.anna), cast.browser(cast.piotr)
    assert anna.get("/settings/attendance/me/")["Location"] == f"/settings/attendance/{cast.anna.pk}/"
    page = f"/settings/attendance/{cast.anna.pk}/"
    assert anna.post(page, {"what": "state", "state": "busy", "until": ""}).status_code == 302
    for until in ("2020-01-01T10:00", "0001-01-01T00:00", "9999-12-31T23:00"):
        assert anna.post(page, {"what": "state", "state": "busy", "until": until}).status_code == 422
    assert anna.post(page, {"what": "hours", "mon": "9-17"}).status_code == 302
    cast.anna.refresh_from_db()
    assert (cast.anna.attendance.state, cast.anna.attendance.weekly) == ("busy", {"mon": [["09:00", "17:00"]]})
    assert piotr.get(page).status_code == 404 == piotr.get("/settings/attendance/").status_code
    Agent.objects.filter(pk=cast.piotr.pk).update(role=Role.TEAM_LEAD)
    assert piotr.get(page).status_code == 404, "she is in none of his teams"
    cast.piotr.teams.add(cast.netz)
    absence = {"what": "absence", "kind": "sickness", "starts_on": "2027-01-04", "ends_on": "2027-01-05"}
    assert piotr.post(page, absence).status_code == 302
    assert "Sickness" in words(tree(piotr.get("/settings/attendance/")).body)
    found = Absence.objects.get()
    cast.piotr.teams.remove(cast.netz)
    assert piotr.post(f"/settings/attendance/absences/{found.pk}/remove/").status_code == 404
    assert anna.post(f"/settings/attendance/absences/{found.pk}/remove/").status_code == 302
    assert not Absence.objects.exists()


EARLY, LATE = ({day: [hours] for day in ("mon", "tue", "wed", "thu", "fri")}
               for hours in (["06:00", "14:00"], ["14:00", "22:00"]))  # fmt: skip


def test_an_early_and_a_late_week_in_turn_and_a_night_for_once(cast: Cast) -> None:
    set_hours(cast.anna, weekly=OFFICE, calendar=None, by=TEST)
    for weekly, first in ((EARLY, date(2026, 11, 2)), (LATE, date(2026, 11, 11))):  # the weeks from the 2nd and the 9th
        add_shift(cast.anna, starts_on=first, ends_on=None, every=2, weekly=weekly, by=TEST)
    assert state(cast.anna, "2026-10-30T08:30")[0] == "available"  # before both: the fixed week, 9:30 in Berlin
    assert state(cast.anna, "2026-11-03T05:30") == ("available", None)
    assert state(cast.anna, "2026-11-03T14:00") == ("off", at("2026-11-04T05:00"))
    assert state(cast.anna, "2026-11-10T08:30")[0] == "available"  # the late weeks begin on the 11th
    assert state(cast.anna, "2026-11-12T08:30") == ("off", at("2026-11-12T13:00"))
    assert state(cast.anna, "2026-11-17T05:30")[0] == "available"
    night = {"starts_on": date(2026, 11, 17), "ends_on": date(2026, 11, 17), "weekly": {"tue": [["22:00", "06:00"]]}}
    made = add_shift(cast.anna, **night, by=TEST)  # type: ignore[arg-type]
    assert state(cast.anna, "2026-11-17T05:30") == ("off", at("2026-11-17T21:00"))
    assert state(cast.anna, "2026-11-18T04:30")[0] == "available", (
        "the night runs into the next day, with his early one"
    )
    remove_shift(cast.anna, key=made.key, by=TEST)
    assert state(cast.anna, "2026-11-17T05:30")[0] == "available"
    with pytest.raises(WrongShift):
        add_shift(cast.anna, starts_on=date(2026, 12, 2), ends_on=date(2026, 12, 1), weekly=EARLY, by=TEST)


def test_the_holidays_of_a_calendar_are_free_for_who_has_no_hours_of_his_own(cast: Cast) -> None:
    free = create_calendar(
        set={"name": "Berlin", "timezone": "Europe/Berlin", "weekly": OFFICE, "country": "DE"}, by=TEST
    )
    set_hours(cast.anna, weekly={}, calendar=free, by=TEST)
    assert state(cast.anna, "2026-12-24T22:00")[0] == "available"
    assert state(cast.anna, "2026-12-25T10:00") == ("off", at("2026-12-26T23:00"))  # both days of Christmas
    early = {day: [["06:00", "14:00"]] for day in ("fri", "sun")}
    add_shift(cast.anna, starts_on=date(2026, 12, 21), ends_on=date(2026, 12, 27), weekly=early, by=TEST)
    assert state(cast.anna, "2026-12-25T10:00")[0] == "off" and state(cast.anna, "2026-12-27T10:00")[0] == "available"


def test_shifts_are_entered_and_removed_on_the_page(cast: Cast) -> None:
    anna, page = cast.browser(cast.anna), f"/settings/attendance/{cast.anna.pk}/"
    days = {f"shift-{day}": "6-14" for day in ("mon", "tue", "fri")}
    sent = {"what": "shift", "shift-starts_on": "2027-01-04", "shift-ends_on": "2027-02-28", "shift-every": "2", **days}
    assert anna.post(page, {**sent, "shift-ends_on": "2027-01-01"}).status_code == 422
    assert anna.post(page, {"what": "shift", "shift-starts_on": "2027-01-04", "shift-every": "1"}).status_code == 422
    assert anna.post(page, sent).status_code == 302
    shown = words(tree(anna.get(page)).css_first("section[aria-labelledby=shifts]"))
    assert "every second week: Monday–Tuesday 06:00–14:00, Friday 06:00–14:00" in shown
    key = Attendance.objects.get(agent=cast.anna).shifts[0]["key"]
    assert anna.post(page, {"what": "shift-remove", "key": key}).status_code == 302
    assert Attendance.objects.get(agent=cast.anna).shifts == []


def test_an_absence_is_said_with_its_last_day(cast: Cast) -> None:
    last = clock.now().date() + timedelta(days=5)
    add_absence(cast.anna, kind="sickness", substitute=None, starts_on=clock.now().date(), ends_on=last, by=TEST)
    said = standings([cast.anna])[cast.anna.pk].label
    assert said.endswith(f"until {date_format(last, 'SHORT_DATE_FORMAT')}"), said
