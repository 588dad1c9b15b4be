"""The clocks on the ticket page, in lists, in the order of lists and in the search line."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from tests.cast import TEST, Cast
from tresen.core.calendars.services import create_calendar
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import add_reply, update_ticket
from tresen.service.sla.jobs import watch
from tresen.service.sla.services import create_policy

ALWAYS = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
TARGETS = {"first_response": {"2": 60, "4": 10, "1": 3000}, "resolution": {"2": 480, "4": 240, "1": 6000}}


@pytest.fixture
def desk(cast: Cast, time_machine: Any) -> Cast:
    """Four tickets made at eight: urgent, normal, low and one that waits. It is half past eight."""
    time_machine.move_to(datetime(2026, 5, 4, 7, 50, tzinfo=UTC), tick=False)
    calendar = create_calendar(set={"name": "Always", "timezone": "UTC", "weekly": ALWAYS}, by=TEST)
    create_policy(set={"name": "All", "calendar": calendar, "targets": TARGETS, "is_active": True}, by=TEST)
    time_machine.move_to(datetime(2026, 5, 4, 8, tzinfo=UTC), tick=False)
    for subject, impact, urgency in (("low", 1, 1), ("urgent", 3, 3), ("normal", 1, 2), ("waits", 1, 2)):
        ticket = cast.ticket(subject, impact=impact, urgency=urgency)
    add_reply(ticket, by=TEST, agent=cast.anna, content=Content("What does it say?"), set={"ball": "customer"})
    time_machine.move_to(datetime(2026, 5, 4, 8, 30, tzinfo=UTC), tick=False)
    watch()
    return cast


def page(client: Client, path: str) -> LexborHTMLParser:
    answer = client.get(path)
    assert answer.status_code == 200
    return LexborHTMLParser(answer.content.decode())


def chips(cast: Cast, subject: str) -> list[str]:
    number = Ticket.objects.get(subject=subject).number
    found = page(cast.browser(cast.anna), f"/desk/tickets/{number}/").css("ul.targets li")
    return [" ".join((node.attributes["class"] or "").split()[2:] + node.text().split()) for node in found]


def test_the_ticket_says_what_is_due_what_rests_and_what_was_kept(desk: Cast) -> None:
    assert chips(desk, "urgent") == ["over First response 20 min over", "Resolution 3 h"]
    assert chips(desk, "normal") == ["First response 30 min", "Resolution 7 h"]
    assert chips(desk, "waits") == ["met First response met", "paused Resolution 8 h left, waits: customer"]
    shown = page(desk.browser(desk.anna), ticket_path("urgent")).css_first("ol.timeline")
    assert shown is not None and "First response was due" in shown.text()


def ticket_path(subject: str) -> str:
    return f"/desk/tickets/{Ticket.objects.get(subject=subject).number}/"


def test_a_missed_target_says_by_how_much(desk: Cast) -> None:
    ticket = Ticket.objects.get(subject="urgent")
    add_reply(ticket, by=TEST, agent=desk.anna, content=Content("On it."))
    assert chips(desk, "urgent")[0] == "missed First response missed by 20 min"


def test_rows_show_what_is_due_next_and_views_are_sorted_by_it(desk: Cast) -> None:
    anna = desk.browser(desk.anna)
    rows = {node.css_first("a.subject").attributes["title"]: node.css_first(".due-cell .due") for node in
            page(anna, "/desk/views/open/").css("li.row")}  # fmt: skip
    assert (rows["urgent"].attributes["class"], rows["urgent"].text()) == ("due over", "Overdue 20 min")
    assert (rows["normal"].attributes["class"], rows["normal"].text()) == ("due", "30 min")
    assert rows["waits"].text() == "Customer"
    anna.post("/desk/views/open/edit/", {"sort": "due", "columns": ["status", "number"], "grouping": ""})
    shown = [node.attributes["title"] for node in page(anna, "/desk/views/open/").css("li.row a.subject")]
    assert shown == ["urgent", "normal", "low", "waits"]
    assert [n.attributes["title"] for n in page(anna, "/desk/views/overdue/").css("li.row a.subject")] == ["urgent"]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("due<1h", {"urgent", "normal"}), ("due>1h", {"low"}), ("due:none", {"waits"}), ("breached:yes", {"urgent"}),
        ("due<=30m -breached:yes", {"normal"}), ("breached:no status:active", {"normal", "low", "waits"}),
        ("due:today", {"urgent", "normal"}), ("fällig<1h", {"urgent", "normal"}), ("przekroczone:tak", {"urgent"}),
    ],
)  # fmt: skip
def test_clocks_can_be_searched_for(desk: Cast, line: str, found: set[str]) -> None:
    answer = desk.calls(desk.anna).get(f"/tickets?query={line.replace('<', '%3C').replace('>', '%3E')}")
    assert {row["subject"] for row in answer.json()["items"]} == found, answer.content


def test_another_priority_shows_at_once(desk: Cast) -> None:
    update_ticket(Ticket.objects.get(subject="low"), by=TEST, set={"priority": 2})
    assert chips(desk, "low") == ["First response 30 min", "Resolution 7 h"]
