"""Impact × urgency → priority by a brand's table; a VIP makes a difference, and the ticket says why."""

from __future__ import annotations

import pytest

from tests.cast import TEST, Cast, json
from tests.desk.conftest import tree, words
from tresen.core.people.organisations import update_organisation
from tresen.core.people.principals import Principal
from tresen.core.people.services import update_contact
from tresen.core.tickets.choices import Impact, Priority, Urgency
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.priorities import PriorityTable
from tresen.core.tickets.priority_settings import change_table
from tresen.core.tickets.services import update_ticket
from tresen.service.search.services import apply_query

FLAT = ((1, 1, 1), (2, 2, 2), (3, 3, 3))


def now(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


@pytest.mark.parametrize(
    ("vip", "priorities"), [("step", (2, 3, 4, 4)), ("high", (3, 3, 3, 4)), ("none", (1, 2, 3, 4))]
)
def test_what_a_vip_makes_of_a_priority(vip: str, priorities: tuple[int, ...]) -> None:
    table = PriorityTable(vip=vip)
    places = ((Impact.ONE, Urgency.LOW), (Impact.ONE, Urgency.MEDIUM), (Impact.ONE, Urgency.HIGH), (Impact.ALL, 3))
    assert tuple(table.priority(*place, is_vip=True) for place in places) == priorities
    assert tuple(table.priority(*place, is_vip=False) for place in places) == (1, 2, 3, 4)


def test_the_table_of_the_brand_counts_from_then_on(cast: Cast) -> None:
    old = cast.ticket(impact=1, urgency=3)
    change_table(cast.brand, table=PriorityTable(FLAT, "none"), by=TEST)
    cast.brand.refresh_from_db()
    assert (now(old).priority, cast.ticket(impact=1, urgency=3, brand=cast.brand).priority) == (3, 1)
    update_ticket(old, by=TEST, set={"impact": 2})
    assert now(old).priority == 2


def test_a_vip_is_seen_and_counts_until_somebody_sets_the_priority_by_hand(cast: Cast) -> None:
    cast.dave = update_contact(cast.dave, set={"is_vip": True}, by=TEST)
    plain, by_hand = cast.ticket(), cast.ticket()
    update_ticket(by_hand, by=TEST, set={"priority": 1})
    for ticket in (plain, by_hand):
        update_ticket(ticket, by=TEST, set={"requester": cast.dave})
    assert (now(plain).priority, now(by_hand).priority) == (Priority.HIGH, Priority.LOW)
    ada = cast.browser(cast.ada)
    page = tree(ada.get(f"/desk/tickets/{plain.number}/"))
    told = words(page.css_first("#prop-priority + .menu .why"))
    assert told == "By the table: Normal. Dave is a VIP: High instead of Normal."
    assert "VIP" in words(page.css_first("#context .person"))
    page = tree(ada.get(f"/desk/tickets/{by_hand.number}/"))
    assert words(page.css_first("#prop-priority + .menu .why")).startswith("Set by hand; the table says High.")
    update_ticket(plain, by=TEST, set={"requester": cast.carol})
    assert now(plain).priority == Priority.NORMAL


def test_the_people_of_an_organisation_can_be_vips(cast: Cast) -> None:
    update_organisation(cast.faehrholm, set={"is_vip": True}, by=TEST)
    ticket, other = cast.ticket(), cast.ticket(requester=cast.dave)
    assert (ticket.priority, other.priority) == (Priority.HIGH, Priority.NORMAL)
    principal = Principal.of_agent(cast.ada)
    for line, found in (("is:vip", ticket), ("-is:vip", other)):
        assert list(apply_query(Ticket.objects.visible_to(principal), line, principal)) == [found]
    listed = tree(cast.browser(cast.ada).get("/desk/views/open/"))
    assert [words(row.css_first(".req b.vip")) for row in listed.css("li.row") if row.css_first(".req b.vip")] == [
        "VIP"
    ]
    caller = cast.calls(cast.ada)
    assert json(caller.patch(f"/organisations/{cast.faehrholm.pk}", {"vip": False}), 200)["vip"] is False
    assert json(caller.patch(f"/contacts/{cast.carol.pk}", {"vip": True}), 200)["vip"] is True


def test_the_settings_change_the_table_and_name_the_vips(cast: Cast) -> None:
    ada = cast.browser(cast.ada)
    address = f"/settings/priorities/{cast.brand.pk}/"
    form = tree(ada.get(address))
    sent = {select.attributes["name"]: "4" for select in form.css("table select")} | {
        "vip": "high", "mark": form.css_first("input[name=mark]").attributes["value"]
    }  # fmt: skip
    assert ada.post(address, sent).status_code == 302
    assert ada.post(address, sent | {"vip": "none"}).status_code == 409
    cast.brand.refresh_from_db()
    assert PriorityTable.read(cast.brand.priorities) == PriorityTable(((4, 4, 4),) * 3, "high")
    assert ada.post("/settings/priorities/vip/", {"organisation": "nobody"}).status_code == 422
    ada.post("/settings/priorities/vip/", {"organisation": "fährholm logistik"})
    cast.faehrholm.refresh_from_db()
    assert cast.faehrholm.is_vip
    assert ada.post("/settings/priorities/vip/", {"remove": "9" * 5000}).status_code == 404
    ada.post("/settings/priorities/vip/", {"remove": cast.faehrholm.pk})
    cast.faehrholm.refresh_from_db()
    assert not cast.faehrholm.is_vip
