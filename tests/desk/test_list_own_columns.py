"""Fields of the desk's own as columns of lists and saved views: shown, sorted over all pages, for one query."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, words
from tests.desk.test_list_sorting import numbers, walk
from tresen.core.tickets.custom_fields import change_field, create_field
from tresen.core.tickets.field_models import CustomField, FieldKind
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import update_ticket
from tresen.faces.desk.lists import pane, reading
from tresen.service.views.models import SavedView, ViewChoice

SITES = [{"names": {"en": name}} for name in ("Poznan", "Berlin", "Rome")]
VALUES: dict[str, list[Any]] = {
    "rack": [12, None, 7, -0.5, 12, 100, None],
    "site": ["rome", "berlin", None, "poznan", "berlin", None, "rome"],
    "seen": ["2026-12-24T09:30:00Z", None, "2025-01-01T00:00:00Z", None, "2026-12-24T09:30:01Z", None, None],
    "room": ["B <2>", "a", None, "Ä 1", "b", "c", "a"],
    "parts": [["rome", "poznan"], None, None, None, None, None, None],
}


@pytest.fixture
def seven(cast: Cast, monkeypatch: Any) -> list[Ticket]:
    """More than two pages, with and without values of each kind."""
    monkeypatch.setattr(reading, "PAGE", 3)
    monkeypatch.setattr(reading._page_keys, "_ready", {})
    monkeypatch.setattr(pane, "PAGE", 3)
    kinds = {"rack": "number", "site": "choice", "seen": "date_time", "room": "text", "parts": "choices"}
    for place, (name, kind) in enumerate(kinds.items()):
        choices = SITES if "choice" in kind else []
        create_field(names={"en": name, "de": f"{name} (de)"}, kind=kind, choices=choices, position=place, by=TEST)
    made = [cast.ticket(f"n {n}") for n in range(7)]
    for n, ticket in enumerate(made):
        update_ticket(ticket, by=TEST, set={"fields": {name: VALUES[name][n] for name in VALUES}})
    return made


def keep(client: Client, *columns: str, sort: str = "newest", status: int = 302) -> Any:
    sent = {"sort": sort, "grouping": "", "columns": ["number", *columns]}
    answer = client.post("/desk/views/all/edit/", sent)
    assert answer.status_code == status
    return answer


def test_fields_are_columns_of_a_list_and_of_each_row_that_comes_anew(seven: list[Ticket], anna: Client) -> None:
    keep(anna, "f-site", "f-rack", "f-parts", "f-room")
    page = tree(anna.get("/desk/views/all/"))
    assert page.css_first("#list").attributes["data-columns"] == "number f1 f2 f3 f4"
    assert [words(page.css_first(f".cols .c-f{n}")) for n in (1, 2, 3, 4)] == ["rack", "site", "room", "parts"]
    page = tree(anna.get("/desk/views/all/?sort=oldest"))
    first = page.css_first("li.row")
    assert [first.css_first(f".more.f{n}").text() for n in (1, 2, 3, 4)] == ["12", "Rome", "B <2>", "Poznan, Rome"]
    row = tree(anna.get(f"/desk/rows/{seven[3].number}/?view=all"))
    assert row.css_first(".more.f1").text() == "-0.5"
    live = tree(anna.get(f"/desk/live/rows/?view=all&n={seven[5].number}"))
    assert live.css_first(".more.f1").text() == "100" and live.css_first(".more.f2").text() == ""


def test_a_list_is_sorted_by_a_field_over_all_its_pages_and_those_without_stand_last(
    seven: list[Ticket], anna: Client
) -> None:
    keep(anna, "f-rack", "f-site", "f-parts")
    ordered: dict[str, Any] = {"rack": (-0.5, 7, 12, 100), "site": ("poznan", "berlin", "rome"),
               "seen": ("2025-01-01T00:00:00Z", "2026-12-24T09:30:00Z", "2026-12-24T09:30:01Z")}  # fmt: skip
    by_number = {ticket.number: n for n, ticket in enumerate(seven)}
    for name, values in ordered.items():
        for sort, wanted in ((f"f-{name}", values), (f"-f-{name}", values[::-1])):
            shown = walk(anna, f"/desk/views/all/?sort={sort}")
            assert sorted(shown) == sorted(by_number), sort
            found = [VALUES[name][by_number[number]] for number in shown]
            filled = [value for value in found if value is not None]
            assert found == [*filled, *[None] * found.count(None)], sort
            assert list(dict.fromkeys(filled)) == list(wanted), sort
    rooms = [VALUES["room"][by_number[number]] for number in walk(anna, "/desk/views/all/?sort=f-room")]
    assert rooms[:2] == ["a", "a"] and rooms[-1] is None, "no text is no first one"
    assert sorted(map(str, rooms)) == sorted(map(str, VALUES["room"]))
    page = tree(anna.get("/desk/views/all/"))
    assert page.css_first(".c-f1 a").attributes["href"] == "/desk/views/all/?sort=f-rack"
    assert page.css_first(".c-f3 a") is None  # several choices have no order
    page = tree(anna.get("/desk/views/all/?sort=f-rack", headers=HTMX))
    assert page.css_first(".c-f1").attributes["aria-sort"] == "ascending"
    assert "by “rack”" in words(page.css_first("h2")) and len(page.css("[aria-sort]")) == 1


def test_the_next_ticket_is_the_one_below_in_that_order(seven: list[Ticket], anna: Client) -> None:
    for sort in ("f-rack", "f-room"):
        keep(anna, sort, sort=sort)
        shown = walk(anna, "/desk/views/all/")
        for here, below in ((shown[0], shown[1]), (shown[3], shown[4]), (shown[5], shown[6])):
            seen = Ticket.objects.get(number=here).messages.latest("pk").pk
            note = {"kind": "note", "note_text": "Seen.", "then": "send", "seen": seen, "list": "view=all"}
            answer = anna.post(f"/desk/tickets/{here}/write/", {**note, "after": "next"})
            assert f"/{below}/" in answer["Location"]


def test_a_saved_view_keeps_them_and_outlives_a_field_that_rests(seven: list[Ticket], cast: Cast, anna: Client) -> None:
    sent = {"name": "Racks", "query": "rack>0", "audience": "private", "icon": "flag", "sort": "-f-rack",
            "grouping": "", "columns": ["number", "f-rack", "f-site"]}  # fmt: skip
    place = anna.post("/desk/views/new/", sent)["Location"]
    view = SavedView.objects.get()
    assert (view.sort, view.columns) == ("-f-rack", ["number", "f-rack", "f-site"])
    assert walk(anna, place)[0] == seven[5].number
    change_field(CustomField.objects.get(slug="rack"), set={"is_active": False}, by=TEST)
    assert walk(anna, place)[0] == seven[5].number
    form = tree(anna.get(f"{place}edit/"))
    assert form.css_first("select[name=sort] option[selected]").attributes["value"] == "-f-rack"
    too_many = {**sent, "columns": [f"f-{name}" for name in VALUES]}
    assert anna.post("/desk/views/new/", too_many).status_code == 422
    assert anna.post("/desk/views/new/", {**sent, "columns": ["f-nothing"]}).status_code == 422
    assert anna.post("/desk/views/new/", {**sent, "sort": "f-parts"}).status_code == 422
    assert anna.get(f"{place}?sort=f-nothing").status_code == 200  # an address of yesterday


def test_they_cost_one_query_where_there_are_some_and_none_elsewhere(seven: list[Ticket], anna: Client) -> None:
    def asked(url: str) -> list[str]:
        anna.get(url)
        with CaptureQueriesContext(connection) as found:
            assert anna.get(url).status_code == 200
        return [query["sql"] for query in found]

    before = asked("/desk/views/all/")
    assert not any("customfield" in sql or "fieldvalue" in sql for sql in before)
    keep(anna, "f-rack", "f-site", "f-room", sort="f-rack")
    assert len(asked("/desk/views/all/")) == len(before) + 1
    assert len(numbers(tree(anna.get("/desk/views/mine/")))) == 0 and ViewChoice.objects.count() == 1
    assert not any("customfield" in sql for sql in asked("/desk/views/mine/"))


def test_what_is_written_in_a_field_stays_text_in_a_row(cast: Cast, anna: Client) -> None:
    create_field(names={"en": "rack"}, kind=FieldKind.LONG_TEXT, by=TEST)
    update_ticket(cast.ticket(), by=TEST, set={"fields": {"rack": '"><script>alert(1)</script>{{7*7}}\n' + "x" * 500}})
    keep(anna, "f-rack")
    cell = tree(anna.get("/desk/views/all/")).css_first("li.row .more.f1")
    assert cell.text().startswith('"><script>alert(1)</script>{{7*7}}') and len(cell.text()) == 200
