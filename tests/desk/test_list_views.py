"""The views of the desk: what stands in them, in which order, and that their counts tell the truth."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from tests.cast import TEST, Cast
from tests.desk.conftest import words
from tresen.core.teamwork.snoozing import snooze
from tresen.core.tickets.choices import Ball, Delivery, StatusCategory, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.marks import mark_read
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.services import (
    add_note,
    add_participant,
    add_received,
    add_reply,
    set_delivery,
    update_ticket,
)
from tresen.faces.desk.lists.reading import PAGE
from tresen.faces.desk.lists.table import VIEWS
from tresen.kit import clock
from tresen.service.sla.models import Clock
from tresen.spine.events.actors import Actor


def tree(client: Client, path: str, status: int = 200) -> LexborHTMLParser:
    """The parsed page."""
    answer = client.get(path)
    assert answer.status_code == status
    return LexborHTMLParser(answer.content.decode())


def subjects(client: Client, path: str) -> list[str]:
    """The subjects of a list, in its order."""
    return [node.attributes["title"] or "" for node in tree(client, path).css("li.row a.subject")]


def counts(client: Client) -> dict[str, str]:
    """What stands beside the views."""
    found = tree(client, "/desk/views/mine/").css("[data-count]")
    return {node.attributes["data-count"] or "": node.text() for node in found}


def solved(ticket: Ticket) -> Ticket:
    """The ticket, solved."""
    return update_ticket(ticket, by=TEST, set={"status": Status.objects.default_of(StatusCategory.SOLVED)})


@pytest.fixture
def desk(cast: Cast) -> Cast:
    """One ticket for every view, seen from Anna of team Netz."""
    sleeps = cast.ticket("sleeps", assignee=cast.anna)
    snooze(sleeps, agent=cast.anna, until=clock.now() + timedelta(hours=1), by=TEST)
    cast.ticket("mine, our turn", assignee=cast.anna)
    theirs = cast.ticket("mine, their turn", assignee=cast.anna)
    reply = add_reply(theirs, by=TEST, agent=cast.anna, content=Content("Hello."))
    set_delivery(reply, state=Delivery.BOUNCED, by=TEST)
    update_ticket(theirs, by=TEST, set={"ball": Ball.CUSTOMER})
    cast.ticket("nobody's, my team")
    cast.ticket("nobody's, no team", team=None)
    cast.ticket("nobody's, other team", team=cast.orders)
    followed = cast.ticket("followed", team=cast.orders, assignee=cast.piotr)
    add_participant(followed, by=TEST, agent=cast.anna, role="follower")
    add_note(followed, by=TEST, agent=cast.piotr, content=Content("@anna, your part please."))
    add_received(followed, by=TEST, contact=cast.dave, content=Content("Me too."), channel="mail", trust="claimed",
                 is_held=True)  # fmt: skip
    solved(cast.ticket("solved", assignee=cast.anna))
    risk, late = (Ticket.objects.get(subject=subject) for subject in ("mine, our turn", "nobody's, my team"))
    began, due = clock.now() - timedelta(hours=2), clock.now() + timedelta(minutes=30)
    running = {"metric": "resolution", "minutes": 150, "started_at": began}
    Clock.objects.create(ticket=risk, warned_at=clock.now(), due_at=due, **running)
    Clock.objects.create(ticket=late, warned_at=began, due_at=began, breached_at=began, **running)
    return cast


EXPECTED = {
    "mine": ["mine, their turn", "mine, our turn"],
    "unassigned": ["nobody's, no team", "nobody's, my team"],
    "waiting": ["mine, our turn"],
    "mentions": ["followed"],
    "following": ["followed"],
    "at-risk": ["mine, our turn"],
    "overdue": ["nobody's, my team"],
    "snoozed": ["sleeps"],
    "undelivered": ["mine, their turn"],
    "held": ["followed"],
    "open": ["followed", "nobody's, no team", "nobody's, my team", "mine, their turn", "mine, our turn",
             "sleeps"],
    "solved": ["solved"],
    "all": ["solved", "followed", "nobody's, no team", "nobody's, my team", "mine, their turn", "mine, our turn",
            "sleeps"],
}  # fmt: skip


@pytest.mark.parametrize("slug", EXPECTED)
def test_a_view_holds_what_its_name_says_and_counts_it(desk: Cast, slug: str) -> None:
    anna = desk.browser(desk.anna)
    assert subjects(anna, f"/desk/views/{slug}/") == EXPECTED[slug]
    assert counts(anna)[slug] == str(len(EXPECTED[slug]))


def test_every_view_of_the_table_has_an_expectation() -> None:
    assert {view.slug for view in VIEWS} == set(EXPECTED)


def test_a_team_has_a_view_and_a_count_of_its_open_tickets(desk: Cast) -> None:
    anna = desk.browser(desk.anna)
    assert "nobody's, my team" in subjects(anna, "/desk/teams/netz/")
    assert counts(anna)["team-netz"] == str(len(subjects(anna, "/desk/teams/netz/")))
    assert "team-orders" not in counts(anna)


def test_the_view_of_another_team_shows_no_more_than_one_may_see(desk: Cast) -> None:
    assert subjects(desk.browser(desk.anna), "/desk/teams/orders/") == ["followed"]


def test_an_administrator_without_a_team_sees_every_team(desk: Cast) -> None:
    assert {"team-netz", "team-orders"} <= set(counts(desk.browser(desk.ada)))


def test_the_desk_begins_with_mine(cast: Cast) -> None:
    assert cast.browser(cast.anna).get("/desk/").headers["Location"] == "/desk/views/mine/"


def test_who_is_not_signed_in_comes_back_to_the_list_after_signing_in(cast: Cast) -> None:
    answer = Client().get("/desk/views/open/?after=x")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("?next=%2Fdesk%2Fviews%2Fopen%2F%3Fafter%3Dx")


@pytest.mark.parametrize("path", ["/desk/views/nothing/", "/desk/views/team-netz/", "/desk/teams/nothing/"])
def test_a_view_that_does_not_exist_is_not_found(cast: Cast, path: str) -> None:
    assert cast.browser(cast.anna).get(path).status_code == 404


@pytest.mark.parametrize("slug", EXPECTED)
def test_an_empty_view_says_what_it_is_for(cast: Cast, slug: str) -> None:
    page = tree(cast.browser(cast.anna), f"/desk/views/{slug}/")
    assert page.css_first(".empty h2").text() and page.css_first(".empty p").text()


# Pages


def many(cast: Cast, count: int) -> list[str]:
    """So many tickets of Anna's; always three have changed in the same moment. Newest first."""
    made = [cast.ticket(f"number {n}", assignee=cast.anna) for n in range(count)]
    start = clock.now() - timedelta(hours=5)
    for n, ticket in enumerate(made):
        Ticket.objects.filter(pk=ticket.pk).update(
            updated_at=start + timedelta(minutes=n // 3), ball_since=start + timedelta(minutes=n // 3)
        )
    return [f"number {n}" for n in range(count)][::-1]


def walk(client: Client, path: str) -> list[str]:
    """All subjects, page after page by the links."""
    found, url = [], path
    for _page in range(10):
        page = tree(client, url)
        found += [node.attributes["title"] or "" for node in page.css("li.row a.subject")]
        older = page.css_first(".older a")
        if older is None:
            return found
        url = older.attributes["href"] or ""
    raise AssertionError("the pages do not end")


def test_pages_by_key_show_every_ticket_once_and_in_order(cast: Cast) -> None:
    expected = many(cast, 2 * PAGE + 7)
    anna = cast.browser(cast.anna)
    assert walk(anna, "/desk/views/mine/") == expected
    assert walk(anna, "/desk/views/waiting/") == expected[::-1]


def test_a_ticket_that_changes_meanwhile_shifts_no_other_off_the_pages(cast: Cast) -> None:
    expected = many(cast, PAGE + 5)
    anna = cast.browser(cast.anna)
    first = tree(anna, "/desk/views/mine/")
    last = Ticket.objects.get(subject=expected[-1])
    update_ticket(last, by=TEST, set={"priority": 4})
    second = subjects(anna, first.css_first(".older a").attributes["href"] or "")
    assert second == expected[PAGE:-1]


@pytest.mark.parametrize("spoil", [lambda c: c[:-1], lambda c: "x" + c, lambda c: "%00", lambda c: "a" * 5000])
def test_a_spoilt_cursor_shows_the_first_page(cast: Cast, spoil: Any) -> None:
    expected = many(cast, PAGE + 2)
    anna = cast.browser(cast.anna)
    older = tree(anna, "/desk/views/mine/").css_first(".older a").attributes["href"] or ""
    cursor = older.partition("after=")[2]
    assert subjects(anna, older) == expected[PAGE:]
    assert subjects(anna, f"/desk/views/mine/?after={spoil(cursor)}") == expected[:PAGE]


def test_the_cursor_of_one_view_means_nothing_in_another(cast: Cast) -> None:
    expected = many(cast, PAGE + 2)
    anna = cast.browser(cast.anna)
    cursor = (tree(anna, "/desk/views/mine/").css_first(".older a").attributes["href"] or "").partition("after=")[2]
    assert subjects(anna, f"/desk/views/open/?after={cursor}") == expected[:PAGE]


def test_more_rows_come_as_rows_alone(cast: Cast) -> None:
    many(cast, PAGE + 2)
    anna = cast.browser(cast.anna)
    older = tree(anna, "/desk/views/mine/").css_first(".older a").attributes["href"] or ""
    part = anna.get(older, headers={"HX-Request": "true"}).content.decode()
    assert part.count('<li class="row') == 2
    assert "<html" not in part and 'class="list' not in part


def test_a_thousand_tickets_and_more_are_not_counted_out(cast: Cast) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    ticket.pk = None
    copies = []
    for n in range(1000):
        copy = Ticket.objects.get(number=ticket.number)
        copy.pk, copy.number = None, f"X{n}"
        copies.append(copy)
    Ticket.objects.bulk_create(copies)
    assert counts(cast.browser(cast.anna))["mine"] == "999+"


# Rows


def row_of(client: Client, subject: str, path: str = "/desk/views/all/") -> Any:
    """The row of a ticket."""
    for row in tree(client, path).css("li.row"):
        if subject in row.text():
            return row
    raise AssertionError(f"no row {subject!r}")


def test_a_row_says_who_asks_in_which_way_and_whose_it_is(cast: Cast) -> None:
    ticket = cast.ticket("VPN <b>down</b>", assignee=cast.anna)
    row = row_of(cast.browser(cast.anna), "VPN")
    for said in ("VPN <b>down</b>", "Carol", "Fährholm Logistik", ticket.shown_number, "Netz", "You", "Mail", "Normal"):
        assert " ".join(said.split()) in words(row)
    assert "<b>down" not in (row.html or "")


def test_the_last_words_name_whoever_of_us_spoke(cast: Cast) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    add_reply(ticket, by=TEST, agent=cast.anna, content=Content("Please restart it."))
    last = row_of(cast.browser(cast.anna), "VPN").css_first(".last")
    assert last.text() == "You: Please restart it."
    assert row_of(cast.browser(cast.ada), "VPN").css_first(".last").text() == "Anna: Please restart it."


def test_a_message_of_somebody_else_marks_the_row_until_it_is_read(cast: Cast) -> None:
    ticket = cast.ticket()
    anna = cast.browser(cast.anna)
    assert "unread" in row_of(anna, "VPN").attributes["class"]
    mark_read(ticket, agent=cast.anna, message_id=ticket.messages.latest("pk").pk)
    assert "unread" not in row_of(anna, "VPN").attributes["class"]
    add_note(ticket, by=TEST, agent=cast.anna, content=Content("My own words."))
    assert "unread" not in row_of(anna, "VPN").attributes["class"]
    add_received(ticket, by=TEST, contact=cast.carol, content=Content("Again!"), channel="mail", trust=Trust.CLAIMED)
    row = row_of(anna, "VPN")
    assert "unread" in row.attributes["class"] and "Unread:" in row.css_first(".subject").text()


def test_a_finished_ticket_is_no_news(cast: Cast) -> None:
    solved(cast.ticket())
    assert "unread" not in row_of(cast.browser(cast.anna), "VPN").attributes["class"]


def test_one_row_alone_is_for_who_sees_the_ticket(cast: Cast) -> None:
    ticket = cast.ticket()
    path = f"/desk/rows/{ticket.number}/?view=all"
    assert tree(cast.browser(cast.anna), path).css_first("li.row").attributes["data-number"] == ticket.number
    assert cast.browser(cast.piotr).get(path).status_code == 404


# Freshness


def news(client: Client, since: str, view: str = "mine") -> dict[str, Any]:
    """What the list asks for every half minute."""
    answer = client.get("/desk/news/", {"view": view, "since": since})
    found: dict[str, Any] = answer.json()
    return found


def test_the_pill_counts_what_others_have_done_since(cast: Cast) -> None:
    ticket, other = cast.ticket(assignee=cast.anna), cast.ticket(assignee=cast.anna)
    anna, since = cast.browser(cast.anna), clock.now().isoformat()
    assert news(anna, since)["pill"] == ""
    update_ticket(ticket, by=Actor.agent(cast.anna), set={"priority": 4})
    assert news(anna, since)["pill"] == ""
    update_ticket(other, by=Actor.agent(cast.piotr), set={"priority": 4})
    assert news(anna, since)["pill"] == "1 new"
    assert news(anna, clock.now().isoformat())["pill"] == ""


def test_the_counts_and_the_rail_are_brought_up_to_date(cast: Cast) -> None:
    anna = cast.browser(cast.anna)
    assert news(anna, "")["counts"]["waiting"] == "0"
    cast.ticket(assignee=cast.anna)
    fresh = news(anna, "")
    assert fresh["counts"]["waiting"] == fresh["counts"]["team-netz"] == "1"
    assert "1 waiting for you" in fresh["area"]


@pytest.mark.parametrize(
    "since",
    ["nonsense", "2026-11-22", "2026-13-45T99:00:00+00:00", "2026-11-22T10:00:00", "0001-01-01T00:00:00+14:00"],
)
def test_a_time_that_is_none_gives_no_pill(cast: Cast, since: str) -> None:
    cast.ticket(assignee=cast.anna)
    assert news(cast.browser(cast.anna), since)["pill"] == ""


# Beside a ticket


def test_a_ticket_has_its_list_beside_it(desk: Cast) -> None:
    ticket = Ticket.objects.get(subject="mine, our turn")
    page = tree(desk.browser(desk.anna), f"/desk/tickets/{ticket.number}/?view=mine")
    assert [n.attributes["title"] for n in page.css("li.row a.subject")] == EXPECTED["mine"]
    assert page.css_first("li.row[aria-current] a.subject").attributes["title"] == "mine, our turn"
    assert page.css_first("#ticket .back").attributes["href"] == "/desk/views/mine/"
    assert page.css_first("#ticket").attributes["data-ticket"] == ticket.number


@pytest.mark.parametrize("query", ["", "?view=nothing", "?view=team-nothing", "?q="])
def test_a_ticket_without_a_list_stands_alone(desk: Cast, query: str) -> None:
    ticket = Ticket.objects.get(subject="mine, our turn")
    page = tree(desk.browser(desk.anna), f"/desk/tickets/{ticket.number}/{query}")
    assert page.css_first("#list") is None and page.css_first("#ticket")


def test_the_links_of_rows_carry_their_list_along(desk: Cast) -> None:
    anna: Client = desk.browser(desk.anna)
    for path, parameter in (
        ("/desk/views/open/", "view=open"), ("/desk/teams/netz/", "view=team-netz"), ("/desk/search/?q=mine", "q=mine"),
    ):  # fmt: skip
        hrefs = [n.attributes["href"] or "" for n in tree(anna, path).css("li.row a.subject")]
        assert hrefs and all(re.fullmatch(rf"/desk/tickets/\w+/\?{parameter}", href) for href in hrefs)


def test_the_requesters_own_words_need_no_name_others_do(cast: Cast) -> None:
    ticket = cast.ticket()
    anna = cast.browser(cast.anna)
    assert row_of(anna, "VPN").css_first(".last b") is None
    add_received(ticket, by=TEST, contact=cast.dave, content=Content("Me too."), channel="mail", trust=Trust.CLAIMED)
    assert row_of(anna, "VPN").css_first(".last").text() == "Dave: Me too."
