"""Saved views: made from a search, for whom, how they look, in which order they stand, and that they can come back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast, json
from tests.desk.conftest import tree, words
from tresen.core.people.models import Agent
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Ticket
from tresen.faces.desk.lists.column import Column
from tresen.faces.desk.lists.reading import PAGE
from tresen.faces.desk.lists.table import LASTING, VIEWS
from tresen.kit import clock
from tresen.service.views.models import SavedView
from tresen.service.views.services import create_view, sweep_views

FORM = {"name": "Nobody's", "query": "status:new assignee:none", "audience": "private", "icon": "flag",
        "sort": "oldest", "grouping": ""}  # fmt: skip


def save(client: Client, path: str = "/desk/views/new/", status: int = 302, **more: Any) -> Any:
    """Sends the form of a view; the answer."""
    answer = client.post(path, {**FORM, **more})
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


def subjects(client: Client, path: str) -> list[str]:
    """The subjects of a list and the headings between them, in order."""
    page = tree(client.get(path))
    return [
        f"= {node.text()}" if "group" in node.attributes["class"] else node.css_first(".subject").attributes["title"]
        for node in page.css("ol.rows > li.row, ol.rows > li.group")
    ]


def in_column(client: Client) -> dict[str, str]:
    """The saved views in the column, with their counts."""
    links = tree(client.get("/desk/views/mine/")).css(".views a[data-action^=go-saved]")
    return {link.css("span")[0].text(): link.css_first(".n").text() for link in links}


def test_a_search_is_kept_as_a_view_with_its_count_in_the_column(cast: Cast, anna: Client) -> None:
    cast.ticket("first"), cast.ticket("second"), cast.ticket("taken", assignee=cast.anna)
    page = tree(anna.get("/desk/search/?q=status:new assignee:none"))
    link = page.css_first(".list-head a[href^='/desk/views/new/']").attributes["href"] or ""
    form = tree(anna.get(link))
    assert form.css_first("[name=query]").attributes["value"] == FORM["query"]
    path = save(anna).headers["Location"]
    assert subjects(anna, path) == ["first", "second"]
    assert in_column(anna) == {"Nobody's": "2"}
    view = tree(anna.get(path))
    assert words(view.css_first("#list-title")) == "Nobody's 2 tickets, oldest first"
    assert view.css_first(".search .input").attributes["value"] == FORM["query"]


def test_rows_know_the_view_they_stand_in(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket("first")
    slug = save(anna).headers["Location"].split("/")[-2]
    beside = tree(anna.get(f"/desk/tickets/{ticket.number}/?view={slug}"))
    assert beside.css_first("li.row[aria-current]") and beside.css_first("#ticket .back").attributes["href"].endswith(
        f"/desk/views/{slug}/"
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", " "), ("query", "colour:red"), ("query", " "), ("audience", "all"), ("audience", "team-999"),
     ("icon", "../x"), ("sort", "id; drop"), ("grouping", "nothing"), ("columns", ["subject"])],
)  # fmt: skip
def test_what_cannot_be_is_said_at_its_field_and_nothing_typed_is_lost(anna: Client, field: str, value: Any) -> None:
    page = tree(save(anna, status=422, **{field: value}))
    assert page.css_first(".banner.bad")
    assert page.css_first("[name=name]").attributes.get("value") == (value if field == "name" else FORM["name"])
    assert SavedView.objects.count() == 0


def test_a_view_is_for_oneself_for_a_team_or_for_all(cast: Cast, anna: Client) -> None:
    piotr, ada = cast.browser(cast.piotr), cast.browser(cast.ada)
    save(anna, name="Mine alone")
    save(anna, name="The team's", audience=f"team-{cast.netz.pk}")
    save(anna, name="Not my team's", audience=f"team-{cast.orders.pk}", status=422)
    save(ada, name="Everybody's", audience="all")
    assert set(in_column(anna)) == {"Mine alone", "The team's", "Everybody's"}
    assert set(in_column(piotr)) == {"Everybody's"}
    assert set(in_column(ada)) == {"Everybody's", "The team's"}


def test_only_who_may_keep_a_view_changes_it(cast: Cast, anna: Client) -> None:
    piotr, ada = cast.browser(cast.piotr), cast.browser(cast.ada)
    everybodys = save(ada, name="Everybody's", audience="all").headers["Location"]
    own = save(anna).headers["Location"]
    assert anna.get(f"{everybodys}edit/").status_code == 403
    assert anna.post(f"{everybodys}delete/").status_code == 403
    for path in (own, f"{own}edit/"):
        assert piotr.get(path).status_code == 404
    assert piotr.post(f"{own}delete/").status_code == 404
    save(ada, f"{everybodys}edit/", name="Everybody's", audience="private")
    assert in_column(anna) == {"Nobody's": "0"}


def test_me_is_whoever_looks(cast: Cast) -> None:
    ada, piotr = cast.browser(cast.ada), cast.browser(cast.piotr)
    path = save(ada, query="assignee:me", audience="all").headers["Location"]
    cast.ticket("piotr's", assignee=cast.piotr, team=cast.orders), cast.ticket("ada's", assignee=cast.ada)
    assert subjects(ada, path) == ["ada's"] and subjects(piotr, path) == ["piotr's"]


def test_two_who_save_the_same_view_are_told(cast: Cast, anna: Client) -> None:
    path = save(anna, audience=f"team-{cast.netz.pk}").headers["Location"] + "edit/"
    version = tree(anna.get(path)).css_first("[name=version]").attributes["value"]
    save(anna, path, name="Faster", version=version)
    page = tree(save(anna, path, name="Slower", version=version, status=409))
    assert "Faster" in words(page.css_first(".banner.warn"))
    save(anna, path, name="Slower", version=page.css_first("[name=version]").attributes["value"])
    assert set(in_column(anna)) == {"Slower"}


def test_a_deleted_view_comes_back_by_one_button(anna: Client) -> None:
    path = save(anna).headers["Location"]
    page = tree(anna.post(f"{path}delete/", follow=True))
    assert in_column(anna) == {} and anna.get(path).status_code == 404
    anna.post(page.css_first(".banner form").attributes["action"])
    assert in_column(anna) == {"Nobody's": "0"}


def test_a_deleted_view_is_gone_for_good_after_a_month(cast: Cast, anna: Client, monkeypatch: Any) -> None:
    anna.post(save(anna).headers["Location"] + "delete/")
    assert sweep_views() == 0
    later = clock.now() + timedelta(days=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert sweep_views() == 1


def test_a_view_is_copied_for_oneself(cast: Cast, anna: Client) -> None:
    path = save(cast.browser(cast.ada), audience="all").headers["Location"]
    answer = anna.post(f"{path}copy/")
    assert answer.headers["Location"].endswith("/edit/")
    assert set(in_column(anna)) == {"Nobody's", "Nobody's (copy)"}
    assert SavedView.objects.get(name="Nobody's (copy)").audience == "private"


def test_views_are_put_in_order_by_buttons_or_all_at_once(anna: Client) -> None:
    for name in ("A", "B", "C"):
        save(anna, name=name)
    slugs = {view.name: view.slug for view in SavedView.objects.all()}
    anna.post("/desk/views/order/", {"down": slugs["A"]})
    assert list(in_column(anna)) == ["B", "A", "C"]
    anna.post("/desk/views/order/", {"up": slugs["B"]})
    assert list(in_column(anna)) == ["B", "A", "C"]
    anna.post("/desk/views/order/", {"slug": [slugs["C"], slugs["A"], slugs["B"]]})
    assert list(in_column(anna)) == ["C", "A", "B"]
    anna.post("/desk/views/order/", {"up": "open"})
    links = tree(anna.get("/desk/views/mine/")).css(".views > ul a")
    assert [link.attributes["data-action"] for link in links][:2] == ["go-mine", "go-unassigned"]
    assert list(in_column(anna)) == ["C", "A", "B"]


def test_a_line_that_means_nothing_any_more_says_so_and_breaks_nothing(cast: Cast, anna: Client) -> None:
    path = save(anna, query="team:netz").headers["Location"]
    cast.netz.name = cast.netz.slug = "Networks"
    cast.netz.save()
    assert in_column(anna) == {"Nobody's": ""}
    page = tree(anna.get(path))
    assert "netz" in words(page.css_first("#search-fault"))


def test_a_view_with_words_is_counted_when_it_is_opened_only(cast: Cast, anna: Client) -> None:
    cast.ticket("VPN down")
    path = save(anna, query="VPN").headers["Location"]
    assert in_column(anna) == {"Nobody's": ""}
    assert "1 ticket" in words(tree(anna.get(path)).css_first("#list-title"))


def test_programs_read_the_views_their_agent_has(cast: Cast, anna: Client) -> None:
    save(anna, name="Mine alone", grouping="team")
    save(cast.browser(cast.ada), name="Everybody's", audience="all")
    items = json(cast.calls(cast.anna, "read").get("/views"), 200)["items"]
    assert [(view["name"], view["audience"], view["grouping"]) for view in items] == [
        ("Everybody's", "all", None), ("Mine alone", "private", "team")
    ]  # fmt: skip
    assert [view["name"] for view in json(cast.calls(cast.piotr, "read").get("/views"))["items"]] == ["Everybody's"]


# Sort, headings, columns


@pytest.mark.parametrize("grouping", ["", "status", "team", "assignee", "priority", "organisation", "age"])
def test_pages_show_every_ticket_once_in_every_order_and_grouping(cast: Cast, anna: Client, grouping: str) -> None:
    ticket = cast.ticket("n")
    copies = []
    for n in range(PAGE + 3):
        copy = Ticket.objects.get(pk=ticket.pk)
        copy.pk, copy.number, copy.subject, copy.priority = None, f"X{n}", f"n{n}", n % 4 + 1
        copy.assignee, copy.team = (cast.anna, None)[n % 2], (cast.netz, None)[n % 3 == 0]
        copies.append(copy)
    Ticket.objects.bulk_create(copies)
    for sort in ("changed", "stale", "waiting", "priority", "newest", "oldest"):
        path = save(anna, query="status:new", sort=sort, grouping=grouping).headers["Location"]
        older = tree(anna.get(path)).css_first(".older a").attributes["href"] or ""
        found = subjects(anna, path) + subjects(anna, older)
        tickets = [line for line in found if not line.startswith("= ")]
        assert len(tickets) == len(set(tickets)) == PAGE + 4
        headings = [line for line in found if line.startswith("= ")]
        assert len(headings) == len(set(headings)), "a heading stands once, over the edge of the page too"
        assert bool(headings) == bool(grouping)


def test_columns_are_chosen_for_a_view(cast: Cast, anna: Client) -> None:
    cast.ticket("first")
    path = save(anna, columns=["number", "type"]).headers["Location"]
    page = tree(anna.get(path))
    assert page.css_first("#list").attributes["data-columns"] == "number type"
    row = page.css_first("li.row")
    assert "Incident" in words(row) and "Carol" not in words(row) and row.css_first(".age") is None


def test_a_built_in_view_looks_as_one_wants_and_as_it_was(cast: Cast, anna: Client) -> None:
    cast.ticket("mine", assignee=cast.anna)
    look = {"sort": "oldest", "grouping": "priority", "columns": ["number", "tags"]}
    assert anna.post("/desk/views/mine/edit/", look).headers["Location"] == "/desk/views/mine/"
    assert subjects(anna, "/desk/views/mine/") == ["= Normal", "mine"]
    assert subjects(cast.browser(cast.ada), "/desk/views/open/") == ["mine"]
    anna.post("/desk/views/mine/edit/", {**look, "reset": "1"})
    assert subjects(anna, "/desk/views/mine/") == ["mine"]


# What counting costs


def test_ten_saved_views_are_counted_in_the_same_query(cast: Cast, django_assert_num_queries: Any) -> None:
    anna = cast.browser(cast.anna)
    anna.get("/desk/views/mine/")
    principal = Principal.of_agent(cast.anna)
    for n in range(10):
        wanted = {**FORM, "name": f"{n}", "query": f"status:open assignee:none number:{cast.ticket().number}"}
        create_view(by=principal.actor, principal=principal, set=wanted)
    column = Column(principal)
    assert len(column.saved) == 10 and column.built_in and column.teams
    with django_assert_num_queries(1):
        assert len(column.counts) == len(VIEWS) + 1 + 10


def test_a_count_that_is_put_together_once_does_not_depend_on_the_time(cast: Cast, monkeypatch: Any) -> None:
    principal = Principal.of_agent(Agent.objects.get(pk=cast.anna.pk))
    lasting = [view for view in VIEWS if view.where in LASTING]
    assert len(lasting) > 5
    before = [str(view.where(principal)) for view in lasting]
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert [str(view.where(principal)) for view in lasting] == before
