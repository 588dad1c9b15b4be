"""Days off out of a feed: whole days alone, with what repeats; fetched through the guard, kept when it is gone."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.cast import make_cast
from tresen.core.calendars.feeds import read_days
from tresen.core.calendars.hours import closed_days, opening_of
from tresen.core.calendars.jobs import read_feed, read_feeds
from tresen.core.calendars.models import Calendar
from tresen.core.calendars.services import change_calendar, create_calendar
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.models import Job

FEED = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
SUMMARY:Betriebs\r
 ausflug\\, alle\r
DTSTART;VALUE=DATE:20260612\r
DTEND;VALUE=DATE:20260614\r
BEGIN:VALARM\r
DTSTART:20260101\r
END:VALARM\r
END:VEVENT\r
BEGIN:VEVENT\r
SUMMARY:Lunch\r
DTSTART:20260615T100000Z\r
END:VEVENT\r
BEGIN:VEVENT\r
SUMMARY:Inventur\r
DTSTART;VALUE=DATE:20200701\r
RRULE:FREQ=YEARLY\r
EXDATE;VALUE=DATE:20270701\r
END:VEVENT\r
BEGIN:VEVENT\r
SUMMARY:Never\r
DTSTART;VALUE=DATE:20260101\r
RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r
END:VEVENT\r
BEGIN:VEVENT\r
SUMMARY:Called off\r
STATUS:CANCELLED\r
DTSTART;VALUE=DATE:20260616\r
END:VEVENT\r
END:VCALENDAR\r
"""
OFFICE = {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def test_whole_days_and_what_repeats_are_read() -> None:
    assert read_days(FEED, "2026-01-01", "2028-12-31") == [
        ["2026-01-01", "Never"], ["2026-06-12", "Betriebsausflug, alle"], ["2026-06-13", "Betriebsausflug, alle"],
        ["2026-07-01", "Inventur"], ["2028-07-01", "Inventur"],
    ]  # fmt: skip


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b"END:VCALENDAR", b"BEGIN:VEVENT"])
def test_what_is_no_calendar_is_said_to_be_none(body: bytes) -> None:
    assert read_days(body, "2026-01-01", "2026-12-31") is None


@pytest.mark.parametrize(
    "line",
    ["RRULE:FREQ=SECONDLY", "RRULE:FREQ=YEARLY;BYMONTH=99", "RRULE:", "RRULE:FREQ=DAILY;UNTIL=x", "DTEND:99999999",
     "RRULE:FREQ=DAILY;COUNT=0", "RRULE:FREQ=WEEKLY;INTERVAL=0;COUNT=5", "EXDATE:x,,y",
     "END:VEVENT\nBEGIN:VEVENT\nSUMMARY:the end of time\nDTSTART:99991231"],
)  # fmt: skip
def test_nonsense_in_a_rule_costs_nothing_but_itself(line: str) -> None:
    feed = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260612\nSUMMARY:x\n{line}\nEND:VEVENT\nEND:VCALENDAR"
    assert ["2026-06-12", "x"] in (read_days(feed.encode(), "2026-06-01", "2026-06-30") or []) or "COUNT" in line


class Feed:
    """A server of the outside with one feed."""

    status, body, asked = 200, FEED, 0


@pytest.fixture
def feed(settings: Any) -> Iterator[tuple[Feed, str]]:
    given = Feed()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            given.asked += 1
            self.send_response(given.status)
            self.end_headers()
            self.wfile.write(given.body)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.OUTBOUND_ALLOW = ("127.0.0.0/8",)
    yield given, f"http://127.0.0.1:{server.server_address[1]}/days.ics"
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_a_feed_closes_days_and_keeps_them_when_it_cannot_be_read(
    feed: tuple[Feed, str], settings: Any, time_machine: Any
) -> None:
    time_machine.move_to(datetime(2026, 5, 4, 9, tzinfo=UTC), tick=True)
    given, url = feed
    by = Actor.agent(make_cast().ada)
    values = {"name": "Office", "timezone": "Europe/Berlin", "weekly": OFFICE, "feed_url": url}
    calendar = create_calendar(set=values, by=by)
    assert Job.objects.filter(name="calendars.read_feed").count() == 1
    read_feeds()
    assert Job.objects.filter(name="calendars.read_feed").count() == 1
    read_feed(calendar_id=calendar.pk)
    calendar.refresh_from_db()
    assert calendar.feed_fault == "" and calendar.feed_read_at
    assert not opening_of(calendar).is_open(datetime(2026, 6, 12, 10, tzinfo=UTC))
    assert (date(2026, 6, 12), "Betriebsausflug, alle") in closed_days(calendar, date(2026, 6, 1), 30)

    given.body = b"<html>Sign in"
    read_feed(calendar_id=calendar.pk)
    calendar.refresh_from_db()
    assert calendar.feed_fault == "no calendar" and len(calendar.feed_days) > 2
    settings.OUTBOUND_ALLOW = ()
    asked = given.asked
    read_feed(calendar_id=calendar.pk)
    calendar.refresh_from_db()
    assert (calendar.feed_fault, given.asked) == ("unreached", asked)

    change_calendar(calendar, set={"feed_url": ""}, by=by)
    calendar.refresh_from_db()
    assert calendar.feed_days == [] and opening_of(calendar).is_open(datetime(2026, 6, 12, 10, tzinfo=UTC))
    read_feed(calendar_id=calendar.pk)
    assert given.asked == asked


@pytest.mark.django_db
def test_own_days_close_once_or_every_year() -> None:
    calendar = Calendar(
        name="x", timezone="Europe/Warsaw", weekly=OFFICE, country="PL",
        own_days=[["2026-12-28", "Bridge"], ["12-24", "Wigilia"]],
    )  # fmt: skip
    opening = opening_of(calendar)
    noon = datetime(2026, 12, 24, 11, tzinfo=UTC)
    assert not opening.is_open(noon) and not opening.is_open(noon + timedelta(days=4))
    assert opening.is_open(noon + timedelta(days=5)) and not opening.is_open(noon.replace(year=2029))
    assert [name for _day, name in closed_days(calendar, date(2026, 12, 23), 7)][-1] == "Bridge"
