"""Categories: a tree with names in three languages; on tickets, in lists, search lines, macros, bulk, undo and REST."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from tests.cast import TEST, Cast, json
from tests.desk.conftest import HTMX, tree, value, words
from tests.desk.test_bulk import ask, finish, start
from tresen.core.people.models import Brand
from tresen.core.people.principals import Principal
from tresen.core.people.refusals import InUse
from tresen.core.tickets import operations, undoing
from tresen.core.tickets.categories import WrongPlace, change_category, create_category, with_all_below
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import update_ticket
from tresen.core.tickets.staged import fields_on
from tresen.service.search.services import apply_query
from tresen.spine.events.models import Event


@pytest.fixture
def network(cast: Cast) -> Category:
    return create_category(names={"en": "Network", "de": "Netz", "pl": "Sieć"}, by=TEST)


@pytest.fixture
def wifi(network: Category) -> Category:
    return create_category(names={"en": "Wi-Fi", "de": "WLAN", "pl": ""}, parent=network, by=TEST)


def now(ticket: Ticket) -> Ticket:
    return Ticket.objects.select_related("category").get(pk=ticket.pk)


def found(cast: Cast, line: str) -> list[str]:
    principal = Principal.of_agent(cast.anna)
    tickets = apply_query(Ticket.objects.visible_to(principal), line, principal)
    return [ticket.subject for ticket in tickets.order_by("pk")]


def test_a_tree_speaks_the_readers_language_and_follows_a_new_name(network: Category, wifi: Category) -> None:
    with translation.override("de"):
        assert wifi.trail == "Netz › WLAN"
    with translation.override("pl"):
        assert (wifi.trail, wifi.above, wifi.name) == ("Sieć › Wi-Fi", "Sieć", "Wi-Fi")
    change_category(network, set={"names": {"en": "Networks", "de": "Netze", "pl": ""}}, by=TEST)
    wifi.refresh_from_db()
    with translation.override("de"):
        assert wifi.trail == "Netze › WLAN"


def test_a_tree_stays_one(cast: Cast, network: Category, wifi: Category) -> None:
    other = Brand.objects.create(name="Other", letters="X")
    deep = create_category(names={"en": "C"}, parent=wifi, by=TEST)
    last = create_category(names={"en": "D"}, parent=deep, by=TEST)
    for wrong, field in ((network, "parent"), (last, "parent")):
        with pytest.raises(WrongPlace) as refused:
            change_category(network, set={"parent": wrong}, by=TEST)
        assert refused.value.field == field
    with pytest.raises(WrongPlace):
        create_category(names={"en": "E"}, parent=last, by=TEST)
    with pytest.raises(WrongPlace):
        change_category(wifi, set={"brand": other}, by=TEST)
    change_category(network, set={"brand": other, "is_active": False}, by=TEST)
    below = Category.objects.exclude(pk=network.pk)
    assert {(row.brand, row.is_active) for row in below} == {(other, False)}
    with pytest.raises(InUse):
        change_category(wifi, set={"is_active": True}, by=TEST)


def test_a_ticket_takes_what_its_brand_offers(cast: Cast, wifi: Category) -> None:
    other = Brand.objects.create(name="Other", letters="X")
    foreign = create_category(names={"en": "Guests"}, brand=other, by=TEST)
    ticket = cast.ticket()
    with pytest.raises(WrongValue):
        update_ticket(ticket, by=TEST, set={"category": foreign})
    update_ticket(ticket, by=TEST, set={"brand": other, "category": foreign})
    update_ticket(ticket, by=TEST, set={"brand": cast.brand})
    assert now(ticket).category is None
    update_ticket(ticket, by=TEST, set={"category": wifi})
    change_category(wifi, set={"is_active": False}, by=TEST)
    update_ticket(ticket, by=TEST, set={"subject": "It stays"})
    assert now(ticket).category == wifi
    with pytest.raises(WrongValue):
        update_ticket(cast.ticket(), by=TEST, set={"category": now(ticket).category})


def test_a_brand_that_goes_back_takes_its_categories_along(cast: Cast, wifi: Category) -> None:
    other = Brand.objects.create(name="Other", letters="X")
    foreign = create_category(names={"en": "Guests"}, brand=other, by=TEST)
    own = create_category(names={"en": "Own"}, brand=cast.brand, by=TEST)
    for before, since, after in ((own, foreign, own), (None, foreign, None), (own, wifi, wifi)):
        ticket = cast.ticket()
        update_ticket(ticket, by=TEST, set={"category": before})
        operation = operations.start("change", agent=cast.ada)
        update_ticket(ticket, by=TEST, set={"brand": other, "urgency": 3}, operation=operation)
        update_ticket(ticket, by=TEST, set={"category": since})
        ada = Principal.of_agent(cast.ada)
        left = undoing.undo(operation, by=ada.actor, principal=ada).left
        assert (now(ticket).brand, now(ticket).urgency, now(ticket).category) == (cast.brand, 2, after)
        assert [one.what for one in left] == (["category"] if after == wifi else [])
    ticket = cast.ticket()
    update_ticket(ticket, by=TEST, set={"category": own})
    operation = operations.start("change", agent=cast.ada)
    update_ticket(ticket, by=TEST, set={"category": None, "urgency": 3}, operation=operation)
    update_ticket(ticket, by=TEST, set={"brand": other})
    left = undoing.undo(operation, by=ada.actor, principal=ada).left
    assert (now(ticket).urgency, now(ticket).category) == (2, None) and [one.why for one in left] == ["gone"]


def test_it_is_chosen_on_the_page_told_in_words_and_taken_back(cast: Cast, network: Category, wifi: Category) -> None:
    ticket, anna = cast.ticket(), cast.browser(cast.anna)
    menu = tree(anna.get(f"/desk/tickets/{ticket.number}/fields/category/", headers=HTMX))
    assert [words(item) for item in menu.css("button.item")] == ["No category", "Network", "Wi-Fi Network"]
    was = value(menu, "input[name=was]")
    sent = {"field": "category", "value": wifi.pk, "was": was}
    page = tree(anna.post(f"/desk/tickets/{ticket.number}/change/", sent, headers=HTMX))
    assert "Wi-Fi" in words(page.css_first("#prop-category"))
    assert "Category: – → Network › Wi-Fi" in words(page.css_first("#timeline-tail"))
    assert anna.post(f"/desk/tickets/{ticket.number}/change/", sent).status_code == 409
    assert Event.objects.get(kind="ticket.changed").changes["category"] == [None, "wi-fi"]
    operation = operations.recent_of(cast.anna)[0]
    undoing.undo(operation, by=TEST, principal=Principal.of_agent(cast.anna))
    assert now(ticket).category is None


def test_a_search_line_means_a_part_of_the_tree(cast: Cast, network: Category, wifi: Category) -> None:
    for subject, category in (("a", network), ("b", wifi), ("c", None)):
        update_ticket(cast.ticket(subject=subject), by=TEST, set={"category": category})
    for line in ("category:network", "kategorie:Netz", "kategoria:siec"):
        assert found(cast, line) == ["a", "b"]
    assert found(cast, "category:WLAN") == ["b"]
    assert found(cast, "category:none") == ["c"]
    assert found(cast, "-category:wi-fi") == ["a", "c"]


def test_many_tickets_and_staged_changes_take_it(cast: Cast, wifi: Category) -> None:
    anna, tickets = cast.browser(cast.anna), [cast.ticket(), cast.ticket()]
    shown = words(ask(anna, tickets, step="preview", category=str(wifi.pk)).body)
    assert "Network › Wi-Fi" in shown
    start(anna, tickets, category=str(wifi.pk))
    finish()
    assert [now(ticket).category for ticket in tickets] == [wifi, wifi]
    principal = Principal.of_agent(cast.anna)
    assert fields_on(cast.ticket(), {"category": wifi.pk}, principal) == {"category": wifi}


def test_programs_read_and_set_it_by_its_short_name(cast: Cast, wifi: Category) -> None:
    caller = cast.calls(cast.anna)
    body: dict[str, Any] = {"subject": "x", "body_text": "y", "requester": {"id": cast.carol.pk}, "category": "wi-fi"}
    made = json(caller.post("/tickets", body), 201)
    assert made["category"] == "wi-fi"
    assert json(caller.patch(f"/tickets/{made['number']}", {"category": None}), 200)["category"] is None
    refused = json(caller.patch(f"/tickets/{made['number']}", {"category": "nope"}), 400)
    assert refused["errors"][0]["field"] == "category"
    listed = json(caller.get("/categories"), 200)["items"]
    assert [(row["slug"], row["parent"], row["trail"]) for row in listed] == [
        ("network", None, "Network"), ("wi-fi", "network", "Network › Wi-Fi")
    ]  # fmt: skip


def test_the_settings_keep_the_tree(cast: Cast) -> None:
    ada = cast.browser(cast.ada)
    names = {"name_en": "Network", "name_de": "Netz", "name_pl": ""}
    assert ada.post("/settings/categories/new/", {**names, "position": 1}).status_code == 302
    top = Category.objects.get()
    below = tree(ada.get(f"/settings/categories/new/?below={top.pk}"))
    chosen = below.css_first("select[name=parent] option[selected]")
    assert chosen is not None and chosen.attributes["value"] == str(top.pk)
    ada.post("/settings/categories/new/", {"name_en": "VPN", "parent": top.pk, "position": 1})
    page = tree(ada.get(f"/settings/categories/{top.pk}/"))
    mark = value(page, "input[name=mark]")
    sent = {**names, "name_en": "Networks", "position": 2, "is_active": "on", "mark": mark}
    assert ada.post(f"/settings/categories/{top.pk}/", sent).status_code == 302
    assert ada.post(f"/settings/categories/{top.pk}/", sent).status_code == 409
    assert [row.trail for row in Category.objects.order_by("pk")] == ["Networks", "Networks › VPN"]
    assert "Networks" in words(tree(ada.get("/settings/categories/")).css_first("table"))


def test_a_large_tree_is_gone_through_once() -> None:
    class Rows(list[Category]):
        times = 0

        def __iter__(self) -> Any:
            self.times += 1
            return super().__iter__()

    rows = Rows(Category(pk=key, parent_id=key // 10 or None) for key in range(1, 1000))
    assert [row.pk for row in with_all_below(rows, 1)][:12] == [1, *range(10, 20), 100]
    assert rows.times == 1
