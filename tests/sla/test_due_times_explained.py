"""The page that the strip leads to: each clock with its pieces, policy and calendar, and what had it reckoned anew."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connection
from django.test.utils import CaptureQueriesContext
from selectolax.lexbor import LexborNode

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tests.sla.conftest import status
from tresen.core.calendars.models import Calendar
from tresen.core.calendars.services import change_calendar
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import add_received, add_reply, update_ticket
from tresen.service.sla.models import Policy
from tresen.service.sla.services import change_policy
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.worker import drain

Wall = Callable[[str], datetime]


def pieces(section: LexborNode) -> list[str]:
    return [words(row) for row in section.css("tbody tr")]


def test_each_piece_says_why_it_ran_or_rested_and_what_it_counted(
    cast: Cast, policy: Policy, office: Calendar, wall: Wall
) -> None:
    wall("2026-04-30 06:00")  # Thursday before the first of May, 08:00 in Berlin
    ticket = cast.ticket()
    wall("2026-04-30 08:00")
    add_reply(ticket, by=TEST, agent=cast.anna, content=Content("Which one?"), set={"status": status("waiting")})
    wall("2026-05-04 07:00")  # Monday: a holiday and a weekend later
    add_received(ticket, by=TEST, contact=cast.carol, content=Content("VPN."), channel="mail", trust="authenticated")
    wall("2026-05-04 08:30")
    update_ticket(ticket, by=Actor.agent(cast.anna), set={"priority": 4})
    change_policy(policy, set={"warn_percent": 80}, by=Actor.agent(cast.ada))
    change_calendar(office, set={"own_days": [["2026-05-05", "Works outing"]]}, by=TEST)
    drain("default")
    wall("2026-05-04 08:50")
    anna = cast.browser(cast.anna)
    strip = tree(anna.get(f"/desk/tickets/{ticket.number}/")).css(".t-head .targets a")
    assert [one.attributes["href"] for one in strip] == [
        f"/desk/tickets/{ticket.number}/clocks/#{slug}" for slug in ("first_response", "next_response", "resolution")
    ]  # fmt: skip
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/clocks/"))
    solve = page.css_first("section#resolution")
    assert solve is not None and pieces(solve) == [
        "Thursday 30 April 2026, 08:00 Thursday 30 April 2026, 10:00 runs: our turn 2 h",
        "Thursday 30 April 2026, 10:00 Monday 4 May 2026, 09:00 rests: the customer’s turn –",
        "Monday 4 May 2026, 09:00 now runs: our turn 1 h 50 min",
    ]  # fmt: skip
    said = words(solve)
    assert "4 h of open time, by the policy “Usual”" in said and "Due Monday 4 May 2026, 11:00" in said
    assert "calendar “Office”; all times here are those of Europe/Berlin" in said
    assert "Used up 3 h 50 min Left 10 min" in said and "1 May 2026 (" in said
    anew = [words(row) for row in page.css("#anew li")]
    assert len(anew) == 3
    assert "calendar “Office” changed Tresen" in anew[0] and "policy “Usual” changed Ada Berg" in anew[1]
    assert "Priority: Normal → Urgent Anna Kowalczyk" in anew[2]


def test_times_are_those_of_the_calendar_wherever_one_sits(cast: Cast, policy: Policy, wall: Wall) -> None:
    cast.anna.user.timezone = "Pacific/Chatham"
    cast.anna.user.save()
    wall("2026-05-04 06:00")
    ticket = cast.ticket()
    page = tree(cast.browser(cast.anna).get(f"/desk/tickets/{ticket.number}/clocks/"))
    assert "Due Monday 4 May 2026, 12:00" in words(page.css_first("section#first_response"))


def test_earlier_clocks_fold_up_and_the_page_asks_as_much_for_many_as_for_few(
    cast: Cast, policy: Policy, wall: Wall
) -> None:
    wall("2026-05-04 06:00")
    ticket, asked = cast.ticket(), []
    for hour in range(6, 11):
        wall(f"2026-05-04 {hour:02}:00")
        add_reply(ticket, by=TEST, agent=cast.anna, content=Content("Try."))
        wall(f"2026-05-04 {hour:02}:10")
        add_received(ticket, by=TEST, contact=cast.carol, content=Content("No."), channel="mail", trust="claimed")
        anna = cast.browser(cast.anna)
        with CaptureQueriesContext(connection) as queries:
            page = tree(anna.get(f"/desk/tickets/{ticket.number}/clocks/"))
        asked.append(len(queries))
    assert asked[1] == asked[4] and asked[4] <= 14, asked
    assert len(page.css("details.clock")) == 4 and len(page.css("section#next_response")) == 1
    assert "Next response, earlier" in words(page.css_first("details.clock summary"))


def test_where_nothing_is_promised_it_says_so_and_nobody_else_sees_it(cast: Cast, wall: Wall) -> None:
    wall("2026-05-04 06:00")
    ticket: Ticket = cast.ticket()
    path = f"/desk/tickets/{ticket.number}/clocks/"
    assert "Nothing is promised on this ticket" in words(tree(cast.browser(cast.anna).get(path)).body)
    assert cast.browser(cast.piotr).get(path).status_code == 404
