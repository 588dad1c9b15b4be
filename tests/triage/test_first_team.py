"""A ticket that names no team goes to that of its category, else to that of its brand, and so to somebody."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast, json
from tests.desk.conftest import tree, words
from tests.portal.conftest import send
from tests.undo.conftest import undo
from tresen.core.people.brands import change_brand
from tresen.core.people.teams import WrongTeam, update_team
from tresen.core.tickets import operations
from tresen.core.tickets.categories import change_category, create_category
from tresen.core.tickets.category_models import Category
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import update_ticket
from tresen.service.routing.settings import set_team
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.worker import drain


@pytest.fixture
def desk(cast: Cast) -> Cast:
    """Netz deals out in turn and gets what names no team."""
    set_team(cast.netz, set={"method": "round"}, by=TEST)
    change_brand(cast.brand, set={"team": cast.netz}, by=TEST)
    return cast


@pytest.fixture
def wifi(cast: Cast) -> Category:
    """A grandchild of a category of the orders team."""
    top = create_category(names={"en": "Shop"}, team=cast.orders, by=TEST)
    middle = create_category(names={"en": "Returns"}, parent=top, by=TEST)
    return create_category(names={"en": "Labels"}, parent=middle, by=TEST)


def now(ticket: Ticket) -> tuple[Any, Any]:
    row = Ticket.objects.get(pk=ticket.pk)
    return row.team, row.assignee


ASKED = {"name": "Erika", "email": "erika@firma.example", "subject": "Printer", "text": "Silent.", "reach": "me"}


def test_a_request_of_the_portal_is_given_to_somebody_and_says_why(desk: Cast) -> None:
    send(Client(), "/requests/new/", **ASKED)
    ticket = Ticket.objects.get()
    assert now(ticket) == (desk.netz, desk.anna)
    page = tree(desk.browser(desk.anna).get(f"/desk/tickets/{ticket.number}/"))
    assert "Tresen: Team Netz, that of the brand Lindhafen IT" in words(page.body)


def test_programs_and_people_who_name_no_team(desk: Cast, wifi: Category) -> None:
    caller, body = desk.calls(desk.ada), {"subject": "x", "body_text": "y", "requester": {"id": desk.carol.pk}}
    assert json(caller.post("/tickets", body), 201)["team"]["slug"] == "netz"
    made = json(caller.post("/tickets", {**body, "category": "labels"}), 201)
    assert (made["team"]["slug"], made["assignee"]) == ("orders", None), "its category goes before its brand"
    assert json(caller.post("/tickets", {**body, "team": None}), 201)["team"] is None, "he said so"
    call = {"name": "Bo", "channel": "phone", "subject": "x", "text": "y", "impact": 1, "urgency": 2, "once": "1"}
    assert desk.browser(desk.anna).post("/desk/new/", call).status_code == 302
    assert now(Ticket.objects.latest("pk")) == (desk.netz, desk.anna)
    assert [row["team"] for row in json(caller.get("/categories"), 200)["items"]] == [None, None, desk.orders.pk]
    assert json(caller.get("/brands"), 200)["items"][0]["team"] == desk.netz.pk


def test_a_category_brings_its_team_to_a_ticket_that_has_none(cast: Cast, wifi: Category) -> None:
    set_team(cast.orders, set={"method": "round"}, by=TEST)
    ticket, other = cast.ticket(team=None), cast.ticket()
    operation = operations.start("change", agent=cast.ada)
    update_ticket(ticket, by=Actor.agent(cast.ada), set={"category": wifi}, operation=operation)
    update_ticket(other, by=TEST, set={"category": wifi})
    drain("default")
    assert (now(ticket), now(other)) == ((cast.orders, cast.piotr), (cast.netz, None))
    page = words(tree(cast.browser(cast.ada).get(f"/desk/tickets/{ticket.number}/")).body)
    assert "Team Orders, that of the category Shop" in page and "Team: – → Orders" not in page
    undo(operation)
    assert now(ticket) == (None, None)
    wifi = change_category(wifi, set={"team": cast.netz}, by=TEST)
    held = cast.ticket(team=None, assignee=cast.piotr)
    update_ticket(held, by=TEST, set={"category": wifi})
    assert now(held) == (cast.netz, cast.piotr), "whoever has it keeps it"


def test_the_settings_name_the_team_and_keep_it_in_use(cast: Cast, wifi: Category) -> None:
    ada = cast.browser(cast.ada)
    page = tree(ada.get(f"/settings/brands/{cast.brand.pk}/"))
    assert "Netz" in words(page.css_first("select[name=team]"))
    sent = {"name_en": "Labels", "parent": wifi.parent_id, "position": 1, "team": cast.netz.pk, "is_active": "on"}
    assert ada.post(f"/settings/categories/{wifi.pk}/", sent).status_code == 302
    assert Category.objects.get(pk=wifi.pk).team == cast.netz
    with pytest.raises(WrongTeam):
        update_team(cast.netz, set={"is_active": False}, by=TEST)
