"""Work that comes by the calendar: once at each date, after a standstill too, with holes that are shown and filled."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tresen.core.calendars.services import change_calendar, create_calendar
from tresen.core.people.models import Agent, Role
from tresen.core.teamwork.templates import create_template
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.choices import StatusCategory
from tresen.core.tickets.models import Category, Message, Status, Ticket
from tresen.core.tickets.services import update_ticket
from tresen.kit import clock
from tresen.service.recurring.alarms import holes
from tresen.service.recurring.jobs import make
from tresen.service.recurring.making import make_due
from tresen.service.recurring.models import Occurrence, Recurring
from tresen.service.recurring.services import change_recurring, create_recurring
from tresen.service.routing.settings import set_team
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event

ZONE = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 30, 7, 0, tzinfo=ZONE)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets the clock; it begins on a Monday at seven."""

    def stand_at(at: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: at)

    stand_at(MONDAY)
    return stand_at


def backups(cast: Cast, **more: Any) -> Recurring:
    usual: dict[str, Any] = {
        "name": "Backups", "subject": "Check the backups", "text": "Look at the log.", "requester": cast.carol,
        "brand": cast.brand, "team": cast.netz, "frequency": "daily", "at": time(8, 0), "timezone": "Europe/Berlin",
        "starts_on": date(2026, 11, 30),
    }  # fmt: skip
    return create_recurring(set={**usual, **more}, by=TEST)


def test_a_ticket_comes_at_its_date_with_steps_and_an_owner_and_once(cast: Cast, now: Any) -> None:
    set_team(cast.netz, set={"method": "round"}, by=TEST)
    steps = create_template(name="Backup", steps=["Read the log", "Try to restore a file"], by=TEST)
    backups(cast, checklist=steps)
    assert make_due() == 0
    now(MONDAY + timedelta(hours=1))
    make()
    make()
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.team, ticket.assignee) == ("Check the backups", cast.netz, cast.anna)
    assert [item.text for item in ticket.checklist.all()] == steps.steps
    note = Message.objects.get()
    assert note.kind == "note" and note.author_name == "Backups", "the requester hears nothing of it"
    assert Occurrence.objects.get().ticket == ticket
    now(MONDAY + timedelta(days=1, hours=1))
    make()
    assert Ticket.objects.count() == 2


def test_after_a_standstill_the_last_date_is_made_and_the_others_are_holes(cast: Cast, now: Any) -> None:
    row, ada = backups(cast), cast.browser(cast.ada)
    now(MONDAY + timedelta(days=3, hours=5))
    make()
    assert Ticket.objects.count() == 1
    assert [(o.due_at.astimezone(ZONE).day, o.state) for o in Occurrence.objects.all()] == [
        (3, "made"), (2, "missed"), (1, "missed"), (30, "missed"),
    ]  # fmt: skip
    subject, text = next(iter(holes())).words()
    assert "Backups" in subject and "3 tickets" in text
    assert "3 dates missed" in words(tree(ada.get("/settings/recurring/")).body)
    first, second = Occurrence.objects.filter(state="missed").order_by("due_at")[:2]
    assert words(tree(ada.get(f"/settings/recurring/{row.pk}/")).body).count("Missed:") == 3
    for _twice in range(2):
        ada.post(f"/settings/recurring/dates/{first.pk}/", {"act": "make"})
        ada.post(f"/settings/recurring/dates/{second.pk}/", {"act": "waive"})
    assert Ticket.objects.count() == 2 and Occurrence.objects.filter(state="missed").count() == 1
    assert list(Event.objects.filter(kind__in=["recurring.filled", "recurring.waived"]).values_list("kind", flat=True))
    make()
    assert Ticket.objects.count() == 2


def test_every_hole_can_be_reached(cast: Cast, now: Any) -> None:
    row, ada = backups(cast), cast.browser(cast.ada)
    now(MONDAY + timedelta(days=29, hours=5))
    make()
    assert words(tree(ada.get(f"/settings/recurring/{row.pk}/")).body).count("Missed:") == 20
    newest = Occurrence.objects.filter(state="missed").values_list("pk", flat=True)[:20]
    Occurrence.objects.filter(pk__in=list(newest)).update(state="waived")
    assert words(tree(ada.get(f"/settings/recurring/{row.pk}/")).body).count("Missed:") == 9


def test_a_clock_that_was_set_back_makes_no_date_twice(cast: Cast, now: Any) -> None:
    row = backups(cast)
    now(MONDAY + timedelta(hours=1))
    make()
    now(MONDAY + timedelta(minutes=30))
    for is_active in (False, True):
        change_recurring(row, set={"is_active": is_active}, by=TEST)
    now(MONDAY + timedelta(hours=2))
    make()
    assert Ticket.objects.count() == Occurrence.objects.count() == 1
    now(MONDAY + timedelta(days=1, hours=2))
    make()
    assert Ticket.objects.count() == Occurrence.objects.count() == 2


def test_at_rest_nothing_comes_and_afterwards_no_hole_is_left(cast: Cast, now: Any) -> None:
    row = backups(cast)
    change_recurring(row, set={"is_active": False}, by=TEST)
    now(MONDAY + timedelta(days=5))
    make()
    change_recurring(row, set={"is_active": True}, by=TEST)
    make()
    assert not Ticket.objects.exists() and not Occurrence.objects.exists()
    now(MONDAY + timedelta(days=5, hours=2))
    make()
    assert Ticket.objects.count() == 1


def test_one_that_cannot_be_made_holds_up_no_other(cast: Cast, now: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    backups(cast), backups(cast, name="Updates", subject="Updates")
    whole = "tresen.service.recurring.making.create_ticket"
    from tresen.core.tickets.services import create_ticket

    def broken(**more: Any) -> Ticket:
        if more["subject"] != "Updates":
            raise ValueError("no")
        return create_ticket(**more)

    now(MONDAY + timedelta(hours=1))
    with monkeypatch.context() as patched:
        patched.setattr(whole, broken)
        assert make_due() == 1
    assert make_due() == 1 and Ticket.objects.count() == 2, "and it comes as soon as it can"


def test_a_calendar_that_changes_moves_what_waits_for_open_days(cast: Cast, now: Any) -> None:
    office = create_calendar(
        set={"name": "Office", "timezone": "Europe/Berlin", "weekly": {"tue": [["08:00", "17:00"]]}}, by=TEST
    )
    row = backups(cast, calendar=office, on_closed="skip")
    assert row.next_at and row.next_at.astimezone(ZONE).day == 1
    change_calendar(office, set={"weekly": {"wed": [["08:00", "17:00"]]}}, by=TEST)
    row.refresh_from_db()
    assert row.next_at.astimezone(ZONE).day == 2


FORM = {
    "name": "Rounds", "is_active": "on", "frequency": "monthly", "every": "1", "nth": "-1", "weekdays": ["4"],
    "at": "09:30", "timezone": "Europe/Berlin", "starts_on": "2026-11-01", "on_closed": "keep", "subject": "Rounds",
    "text": "Walk.", "requester": "carol@faehrholm.example", "type": "service_request", "impact": "1", "urgency": "2",
}  # fmt: skip


def test_what_cannot_be_made_is_tried_less_often_then_it_is_a_hole_and_the_desk_says_so(
    cast: Cast, now: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    row, ada, tries = backups(cast), cast.browser(cast.ada), list[int]()
    page = f"/settings/recurring/{row.pk}/"

    def broken(**_: Any) -> Ticket:
        tries.append(minute)
        raise ValueError("the team is gone")

    monkeypatch.setattr("tresen.service.recurring.making.create_ticket", broken)
    for minute in range(60, 180):
        now(MONDAY + timedelta(minutes=minute))
        make()
        if minute == 64:
            assert "It could not be made: ValueError: the team is gone . Tried 3 times." in words(
                tree(ada.get(page)).body
            )
            assert "cannot be made" in words(tree(ada.get("/settings/recurring/")).body)
    assert tries == [60, 61, 62, 65, 72, 87, 118]
    hole = Occurrence.objects.get()
    assert (hole.state, hole.fault) == ("missed", "ValueError: the team is gone")
    row.refresh_from_db()
    assert row.next_at == MONDAY + timedelta(days=1, hours=1) and (row.tries, row.retry_at) == (0, None)
    now(MONDAY + timedelta(minutes=120))
    (alarm,) = holes()
    assert alarm.words() == (
        "“Backups” could not be made",
        "The ticket of “Backups” could not be made for an hour: ValueError: the team is gone."
        " Look at what it names, then make it up.",
    )
    answer = ada.post(f"/settings/recurring/dates/{hole.pk}/", {"act": "make"}, follow=True)
    assert "It cannot be made: ValueError: the team is gone" in words(tree(answer).body)
    monkeypatch.undo()
    ada.post(f"/settings/recurring/dates/{hole.pk}/", {"act": "make"})
    assert Ticket.objects.get().subject == "Check the backups"


def test_it_is_set_up_on_a_page_that_shows_the_next_dates(cast: Cast, now: Any) -> None:
    ada = cast.browser(cast.ada)
    form = {**FORM, "brand": str(cast.brand.pk), "team": str(cast.netz.pk)}
    assert "New recurring ticket" in words(tree(ada.get("/settings/recurring/")).body)
    assert ada.get("/settings/recurring/new/").status_code == 200
    looked = words(tree(ada.post("/settings/recurring/look/", form)).body)
    assert "Friday, 25 December 2026, 09:30 Friday, 29 January 2027" in looked
    assert "Friday" in words(tree(ada.post("/settings/recurring/new/", {**form, "look": "1"})).body)
    end = {"frequency": "daily", "at": "23:30", "timezone": "America/Los_Angeles", "starts_on": "9999-12-31"}
    assert "No date is left" in words(tree(ada.post("/settings/recurring/look/", {**form, **end, "nth": ""})).body)
    for wrong in (
        {"weekdays": []},
        {"requester": "nobody@x.example"},
        {"on_closed": "skip"},
        {"ends_on": "2026-10-01"},
        {"starts_on": "0001-01-01"},
    ):
        assert ada.post("/settings/recurring/new/", {**form, **wrong}).status_code == 422
    ada.post("/settings/recurring/new/", form)
    row = Recurring.objects.get()
    assert row.next_at and row.next_at.astimezone(ZONE) == datetime(2026, 12, 25, 9, 30, tzinfo=ZONE)
    assert "every month · on the last Friday · 09:30" in words(tree(ada.get("/settings/recurring/")).body)
    assert ada.post("/settings/recurring/new/", form).status_code == 422, "the name is taken"
    page = tree(ada.get(f"/settings/recurring/{row.pk}/"))
    mark = page.css_first("[name=mark]").attributes["value"]
    ada.post(f"/settings/recurring/{row.pk}/", {**form, "mark": mark, "nth": "", "weekdays": [], "month_day": "1"})
    row.refresh_from_db()
    assert (row.nth, row.weekdays, row.month_day) == (None, [], 1)
    assert ada.post(f"/settings/recurring/{row.pk}/", {**form, "mark": mark, "name": "X"}).status_code == 409
    assert cast.browser(cast.anna).get("/settings/recurring/").status_code == 404


def test_a_category_that_was_put_to_rest_is_not_lost_by_saving(cast: Cast, now: Any) -> None:
    category, ada = create_category(names={"en": "Backup"}, by=TEST), cast.browser(cast.ada)
    row = backups(cast, category=category)
    Category.objects.update(is_active=False)
    page = tree(ada.get(f"/settings/recurring/{row.pk}/"))
    assert page.css_first("[name=category] option[selected]").attributes["value"] == str(category.pk)


def test_a_round_that_nobody_has_touched_when_the_next_one_comes_is_shown(cast: Cast, now: Any) -> None:
    row = backups(cast)
    ada = cast.browser(cast.ada)
    for day in range(3):
        now(MONDAY + timedelta(days=day, hours=1))
        make()
    first, second, third = Ticket.objects.order_by("pk")
    assert [one.ticket for one in Occurrence.objects.unworked()] == [second, first], "the newest has time"
    assert "2 not worked on" in words(tree(ada.get("/settings/recurring/")).body)
    page = tree(ada.get(f"/settings/recurring/{row.pk}/"))
    assert len(page.css(".banner.warn")) == 2 and words(page.css_first("table")).count("not worked on") == 2
    update_ticket(first, by=Actor.agent(cast.anna), set={"priority": 3})
    assert [one.ticket for one in Occurrence.objects.unworked()] == [second], "somebody has looked at it"
    update_ticket(second, by=TEST, set={"status": Status.objects.default_of(StatusCategory.SOLVED)})
    assert not Occurrence.objects.unworked() and third.status_category == "new"


def test_a_ticket_that_the_reader_may_not_see_is_no_link(cast: Cast, now: Any) -> None:
    row = backups(cast)
    usual = Role.objects.get(key=Role.AGENT).rights
    sorts = Role.objects.create(key="sorts", name="Sorts", rights={**usual, "set_tickets": True})
    Agent.objects.filter(pk=cast.piotr.pk).update(role=sorts)
    for day in range(2):
        now(MONDAY + timedelta(days=day, hours=1))
        make()
    for agent, links in ((cast.ada, 3), (cast.piotr, 0)):
        page = tree(cast.browser(agent).get(f"/settings/recurring/{row.pk}/"))
        assert len(page.css("main a[href^='/desk/tickets/']")) == links, agent
        assert " ".join(Ticket.objects.earliest("pk").shown_number.split()) in words(page.css_first(".banner.warn"))
