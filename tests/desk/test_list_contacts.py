"""The list of contacts: everybody once, found by name, address or number."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.test_list_views import tree
from tresen.core.people.services import create_contact
from tresen.faces.desk.lists.contacts import PAGE


def names(client: Client, path: str) -> list[str]:
    """The names of the list."""
    return [n.text().strip() for n in tree(client, path).css("tbody td:first-child a")]


def test_every_contact_stands_there_once_and_in_order(cast: Cast) -> None:
    for n in range(PAGE + 4):
        create_contact(name=f"Same {n // 2:03}", mails=[f"c{n}@x.example"], by=TEST)
    anna = cast.browser(cast.anna)
    first = names(anna, "/desk/contacts/")
    older = tree(anna, "/desk/contacts/").css_first(".pager a[rel=next]").attributes["href"] or ""
    found = first + names(anna, older)
    assert len(found) == PAGE + 6 and sorted(found) == found
    assert tree(anna, older).css_first(".pager a[rel=prev]").attributes["href"] == "/desk/contacts/"
    assert names(anna, older + "x") == first


@pytest.mark.parametrize("typed", ["Carol", "carol@faehr", "0421 555"])
def test_a_contact_is_found_by_name_address_or_number(cast: Cast, typed: str) -> None:
    from tresen.core.people.services import update_contact

    update_contact(cast.carol, set={"phones": ["+49 421 5550173"]}, by=TEST)
    assert any("Carol" in name for name in names(cast.browser(cast.anna), f"/desk/contacts/?q={typed}"))


def test_nobody_found_says_what_to_try(cast: Cast) -> None:
    page = tree(cast.browser(cast.anna), "/desk/contacts/?q=xyzzy")
    assert page.css_first(".empty h2").text() == "Nobody found"
    assert page.css_first("input[name=q]").attributes["value"] == "xyzzy"
