"""Lists sorted by the heads of their columns: pages go on by key, the order goes along, and it can be kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, words
from tests.desk.test_list_budget import LIST
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import update_ticket
from tresen.faces.desk.lists import counting, pane, reading
from tresen.service.views.choices import Sort


def numbers(page: Any) -> list[str]:
    """The tickets of the list, from the top."""
    return [row.attributes["data-number"] for row in page.css("li.row")]


def walk(client: Client, url: str) -> list[str]:
    """All pages of a list, one after the other."""
    page, found = tree(client.get(url)), []
    while True:
        found += numbers(page)
        older = page.css_first("li.older a")
        if older is None:
            return found
        page = tree(client.get(older.attributes["href"]))


@pytest.fixture
def seven(cast: Cast, monkeypatch: Any) -> list[Ticket]:
    """Of two people, with and without assignee and team, more than two pages."""
    monkeypatch.setattr(reading, "PAGE", 3)
    # Queries that are kept with the short page in them end with it; those of other tests wait meanwhile.
    monkeypatch.setattr(reading._page_keys, "_ready", {})
    monkeypatch.setattr(pane, "PAGE", 3)
    made = [
        cast.ticket(f"n {n}", requester=(cast.dave, cast.carol)[n % 2], assignee=(None, cast.anna)[n % 3 // 2])
        for n in range(7)
    ]
    update_ticket(made[3], by=TEST, set={"status": _status("solved"), "team": None})
    return [Ticket.objects.get(pk=ticket.pk) for ticket in made]


def _status(category: str) -> Any:
    from tresen.core.tickets.models import Status

    return Status.objects.default_of(category)


KEYS: dict[str, Any] = {
    "status": lambda t: t.status.position,
    "requester": lambda t: t.requester.name,
    "team": lambda t: t.team.name if t.team else "",
    "assignee": lambda t: t.assignee.user.name if t.assignee else "",
}


def test_every_order_shows_every_ticket_once_over_all_pages(seven: list[Ticket], cast: Cast) -> None:
    ada, by_number = cast.browser(cast.ada), {ticket.number: ticket for ticket in seven}
    newest = [ticket.number for ticket in sorted(seven, key=lambda t: -t.pk)]
    wanted = {"newest": newest, "oldest": newest[::-1]}
    for sort in Sort.values:
        shown = walk(ada, f"/desk/views/all/?sort={sort}")
        assert sorted(shown) == sorted(by_number), sort
        assert wanted.get(sort, shown) == shown
        if (name := sort.removeprefix("-")) in KEYS:
            values = [KEYS[name](by_number[number]) for number in shown]
            assert values == sorted(values, reverse=sort.startswith("-")), sort


def test_a_head_says_how_it_is_sorted_and_turns_round(seven: list[Ticket], anna: Client) -> None:
    page = tree(anna.get("/desk/views/all/"))
    assert page.css_first(".c-age").attributes["aria-sort"] == "ascending"
    assert page.css_first(".c-subject a") is None and len(page.css("[aria-sort]")) == 1
    url = page.css_first("#head-requester").attributes["href"]
    page = tree(anna.get(url, headers=HTMX))
    head = page.css_first(".c-requester")
    assert head.attributes["aria-sort"] == "ascending" and "by requester" in words(page.css_first("h2"))
    assert head.css_first("a").attributes["href"] == "/desk/views/all/?sort=-requester"
    assert len(page.css("[aria-sort]")) == 1
    link = page.css_first("a.subject").attributes["href"]
    assert link.endswith("?view=all&sort=requester")
    ticket = tree(anna.get(link))
    assert ticket.css_first(".c-requester[aria-sort]") is not None and numbers(ticket) == numbers(page)


def test_the_order_of_the_moment_can_be_kept(seven: list[Ticket], anna: Client) -> None:
    page = tree(anna.get("/desk/views/all/?sort=-team"))
    keep = page.css(".orders a.item")[-1].attributes["href"]
    form = tree(anna.get(keep))
    assert form.css_first("select[name=sort] option[selected]").attributes["value"] == "-team"
    anna.post(keep, {"sort": "-team", "columns": ["number", "team"]})
    page = tree(anna.get("/desk/views/all/"))
    assert page.css_first(".c-team").attributes["aria-sort"] == "descending"


@pytest.mark.parametrize("cap", [1000, 4])
def test_a_long_list_is_sorted_by_what_has_an_index_alone(
    seven: list[Ticket], anna: Client, monkeypatch: Any, cap: int, django_assert_max_num_queries: Any
) -> None:
    for module in (counting, pane):  # counts end there, below what is sorted
        monkeypatch.setattr(module, "CAP", cap)
    monkeypatch.setattr(pane, "MOST_SORTED", 5)
    monkeypatch.setattr("tresen.faces.desk.lists.heads.MOST_SORTED", 5)
    page = tree(anna.get("/desk/views/all/?sort=requester"))
    assert page.css_first("#head-requester") is None and page.css_first("#head-number") is not None
    assert page.css_first(".c-age").attributes["aria-sort"] == "ascending"
    assert "up to 5 tickets" in words(page.css_first(".orders"))
    with django_assert_max_num_queries(LIST):
        anna.get("/desk/views/all/?sort=requester")
    assert sorted(walk(anna, "/desk/views/all/?sort=requester")) == sorted(ticket.number for ticket in seven)


def test_the_pages_of_a_list_that_grows_long_meanwhile_stay_in_their_order(
    seven: list[Ticket], anna: Client, monkeypatch: Any
) -> None:
    """Whether a list is long may be judged anew between two pages."""
    for number, ticket in enumerate(seven):  # by what is due they stand the other way round
        Ticket.objects.filter(pk=ticket.pk).update(due_at=ticket.due_at.replace(year=2001 + number))
    page = tree(anna.get("/desk/views/all/?sort=due"))
    shown = numbers(page)
    assert shown == [ticket.number for ticket in seven[:3]]
    monkeypatch.setattr(pane, "MOST_SORTED", 5)
    while (older := page.css_first("li.older a")) is not None:
        page = tree(anna.get(older.attributes["href"], headers=HTMX if len(shown) == 3 else {}))
        shown += numbers(page)
    assert shown == [ticket.number for ticket in seven]
    anew = numbers(tree(anna.get("/desk/views/all/?sort=due&after=nonsense")))
    assert anew == numbers(tree(anna.get("/desk/views/all/")))


def test_an_order_that_is_none_and_one_in_a_search_change_nothing(seven: list[Ticket], anna: Client) -> None:
    for odd in ("password", "requester__user", "\0", "-", "status desc"):
        assert numbers(tree(anna.get("/desk/views/all/", {"sort": odd}))) == numbers(tree(anna.get("/desk/views/all/")))
    page = tree(anna.get("/desk/search/?q=n&sort=requester"))
    assert not page.css("[aria-sort]") and not page.css(".cols a")


def test_beside_an_open_ticket_the_whole_page_comes_in_the_new_order(seven: list[Ticket], anna: Client) -> None:
    at = f"http://testserver/desk/tickets/{seven[0].number}/?view=all"
    answer = anna.get("/desk/views/all/?sort=oldest", headers={**HTMX, "HX-Current-URL": at})
    assert answer.headers["HX-Redirect"] == f"/desk/tickets/{seven[0].number}/?view=all&sort=oldest"
    answer = anna.get("/desk/views/all/?sort=oldest", headers={**HTMX, "HX-Current-URL": "http://testserver/desk/"})
    assert answer.headers["HX-Push-Url"] == "/desk/views/all/?sort=oldest"


def test_every_order_has_its_words() -> None:
    assert len({str(sort.label) for sort in Sort}) == len(Sort)
