"""The search box while somebody types: how the line could go on, what is found already, and where a fault is."""

from __future__ import annotations

from typing import Any

from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from tests.cast import TEST, Cast
from tests.desk.test_list_views import tree
from tresen.core.people.organisations import create_organisation


def options(client: Client, line: str, **more: str) -> Any:
    answer = client.get("/desk/search/complete/", {"q": line, **more})
    assert answer.status_code == 200
    return LexborHTMLParser(answer.content.decode())


def texts(found: Any) -> list[str]:
    return [node.attributes["data-text"] for node in found.css("[data-text]")]


def links(found: Any, group: str) -> list[str]:
    return [node.attributes["data-href"] for node in found.css(f"[role=group][aria-label={group}] [role=option]")]


def test_a_beginning_offers_fields_and_a_field_its_values(cast: Cast) -> None:
    anna = cast.browser(cast.anna)
    assert texts(options(anna, "prio")) == ["priority:", "priority>="]
    assert texts(options(anna, "priority:hi")) == ["high"]
    assert texts(options(anna, "vpn sta rest", at="7")) == ["status:", "is:"]
    assert texts(options(anna, "vpn ", asked="1"))[0] == "number:"


def test_what_is_found_already_stands_below(cast: Cast) -> None:
    ticket = cast.ticket("Faehrholm has no VPN")
    create_organisation(name="Werft Süd", by=TEST)
    found = options(cast.browser(cast.anna), "werf")
    assert links(found, "Organisations") == ["/desk/search/?q=organisation%3A%22Werft+S%C3%BCd%22"]
    assert links(options(cast.browser(cast.anna), "vpn"), "Tickets") == [f"/desk/tickets/{ticket.number}/"]
    assert links(options(cast.browser(cast.anna), "caro"), "People") == [f"/desk/contacts/{cast.carol.pk}/"]
    assert links(options(cast.browser(cast.anna), ticket.number), "Tickets") == [f"/desk/tickets/{ticket.number}/"]


def test_nothing_is_shown_that_one_may_not_see(cast: Cast) -> None:
    cast.ticket("Faehrholm has no VPN")
    assert links(options(cast.browser(cast.piotr), "vpn"), "Tickets") == []


def test_odd_places_of_the_caret_do_no_harm(cast: Cast) -> None:
    anna = cast.browser(cast.anna)
    for at in ("-1", "99999", "x", "٣", ""):
        options(anna, "status:o", at=at)
    assert len(options(anna, "\0" * 600 + "x").css("[role=option]")) <= 8
    assert options(anna, "colour:red").css("[role=option]") == []


def test_the_place_of_a_fault_is_marked(cast: Cast) -> None:
    page = tree(cast.browser(cast.anna), "/desk/search/?q=vpn+priorty%3Ehigh+x", status=400)
    assert "Did you mean “priority:”?" in page.css_first("#search-fault").text()
    assert page.css_first("#search-fault mark").text() == "priorty"
    assert page.css_first("#search-fault code").text() == "vpn priorty>high x"


def test_typing_costs_few_questions(cast: Cast, django_assert_max_num_queries: Any) -> None:
    cast.ticket("Faehrholm has no VPN")
    anna = cast.browser(cast.anna)
    options(anna, "fähr")
    with django_assert_max_num_queries(9):
        options(anna, "fähr")
