"""Settings, calendars: typed as people write hours, drawn before it is saved, nothing lost, nothing overwritten."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast
from tresen.core.calendars.models import Calendar
from tresen.core.calendars.services import calendar_values, change_calendar, create_calendar
from tresen.kit.fingerprint import fingerprint
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event

TYPED = {
    "name": "Office", "timezone": "Europe/Berlin", "country": "DE", "subdivision": "BY", "is_active": "on",
    "own_days": "24.12. Heiligabend\n2026-12-28: Brückentag\n31.12.2027", "feed_url": "webcal://cal.example/days.ics",
    "hours-mon": "8-12, 13:00–17:30", "hours-fri": "22:00-6:00",
}  # fmt: skip


@pytest.fixture
def office(cast: Cast) -> Calendar:
    values = {"name": "Office", "timezone": "Europe/Berlin", "weekly": {"mon": [["08:00", "17:00"]]}}
    return create_calendar(set=values, by=Actor.agent(cast.ada))


def test_a_calendar_is_made_as_people_write_hours(ada: Client) -> None:
    assert ada.get("/settings/calendars/").status_code == 200
    assert "09:00–17:00" in ada.get("/settings/calendars/new/").content.decode()
    answer = ada.post("/settings/calendars/new/", TYPED)
    assert answer.status_code == 302, answer.content.decode()
    made = Calendar.objects.get()
    assert made.weekly == {"mon": [["08:00", "12:00"], ["13:00", "17:30"]], "fri": [["22:00", "06:00"]]}
    assert made.own_days == [["12-24", "Heiligabend"], ["2026-12-28", "Brückentag"], ["2027-12-31", ""]]
    assert (made.country, made.subdivision, made.feed_url) == ("DE", "BY", "https://cal.example/days.ics")
    assert Event.objects.filter(kind="calendar.created", stream_id=made.pk).exists()
    page = ada.get(f"/settings/calendars/{made.pk}/").content.decode()
    assert "24.12. Heiligabend" in page and "08:00–12:00, 13:00–17:30" in page and "Bayern" in page


def test_what_is_typed_is_drawn_before_anything_is_saved(ada: Client, office: Calendar) -> None:
    drawn = ada.post("/settings/calendars/look/", {**TYPED, "country": "PL", "subdivision": "BY"}).content.decode()
    assert "Heiligabend" in drawn and "Mazowieckie" in drawn and "Bayern" not in drawn and "<rect" in drawn
    half = ada.post("/settings/calendars/look/", {**TYPED, "hours-mon": "8-"}).content.decode()
    assert "as soon as" in half
    page = ada.post(f"/settings/calendars/{office.pk}/", {**TYPED, "look": "1"}).content.decode()
    assert "Brückentag" in page and "Next days off" in page
    office.refresh_from_db()
    assert office.country == ""


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"hours-mon": "8 to 5"}, "is not a time"), ({"hours-mon": "", "hours-fri": ""}, "at least one time"),
        ({"own_days": "Christmas"}, "does not begin with a day"), ({"own_days": "30.2."}, "does not begin with a day"),
        ({"feed_url": "ftp://x.example/"}, "not an address of the web"), ({"country": "XX"}, "XX"),
        ({"feed_url": "https://[x"}, "not an address of the web"),
        ({"timezone": "Mars"}, "Mars"), ({"name": ""}, "required"), ({"name": "Office"}, "already a calendar"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
    ada: Client, office: Calendar, wrong: dict[str, str], told: str
) -> None:
    answer = ada.post("/settings/calendars/new/", {**TYPED, "name": "Second", **wrong})
    page = answer.content.decode()
    assert (answer.status_code == 422 and told in page and "24.12. Heiligabend" in page) or "own_days" in wrong
    assert Calendar.objects.count() == 1


def test_nobody_overwrites_in_silence(ada: Client, cast: Cast, office: Calendar) -> None:
    mark = fingerprint(calendar_values(office))
    change_calendar(office, set={"timezone": "Europe/Warsaw"}, by=Actor.agent(cast.ada))
    form: dict[str, Any] = {**TYPED, "mark": mark}
    answer = ada.post(f"/settings/calendars/{office.pk}/", form)
    assert answer.status_code == 409 and "Europe/Warsaw" in answer.content.decode()
    again = ada.post(f"/settings/calendars/{office.pk}/", {**form, "mark": ""})
    assert again.status_code == 302
    office.refresh_from_db()
    assert office.timezone == "Europe/Berlin"
    assert ada.post(f"/settings/calendars/{office.pk}/read/").status_code == 302
