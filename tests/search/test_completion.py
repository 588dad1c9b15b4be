"""What the search box offers while somebody types, and that it offers nothing he may not see."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from tests.search.conftest import MAIL
from tresen.core.people.organisations import create_organisation
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Tag
from tresen.service.search.completion import complete
from tresen.service.search.query import QueryError
from tresen.service.search.services import parse_query


def offered(desk: Any, line: str, *, who: Any = None, asked: bool = False) -> list[str]:
    """The texts offered at the `|` of the line."""
    text, at = line.replace("|", ""), line.index("|")
    return [one.text for one in complete(text, at, who or Principal.of_agent(desk.anna), asked=asked)]


def taken(desk: Any, line: str, number: int = 0) -> str:
    """The line after one of the offers was taken."""
    text, at = line.replace("|", ""), line.index("|")
    one = complete(text, at, Principal.of_agent(desk.anna))[number]
    return text[: one.start] + one.text + text[one.end :]


def test_an_empty_box_shows_what_there_is(desk: Any) -> None:
    assert offered(desk, "|")[:3] == ["number:", "subject:", "status:"]
    assert offered(desk, "vpn |") == []
    assert len(offered(desk, "vpn |", asked=True)) == 8


def test_a_beginning_becomes_a_field(desk: Any) -> None:
    assert offered(desk, "vpn sta|") == ["status:", "is:"]  # its label is “State”
    assert offered(desk, "prio|") == ["priority:", "priority>="]
    assert offered(desk, "-crea|") == ["created:", "created<"]
    assert offered(desk, "(tea|") == ["team:"]
    assert taken(desk, "vpn sta|tu rest") == "vpn status: rest"


def test_fields_are_offered_by_their_names_in_the_readers_language(desk: Any) -> None:
    with translation.override("de"):
        assert offered(desk, "zust|") == ["assignee:", "is:"]
        (first, *_) = complete("dringl", 6, Principal.of_agent(desk.anna))
        assert (first.text, first.label) == ("urgency:", "Dringlichkeit")


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("priority:|", ["low", "normal", "high", "urgent"]),
        ("priority>=h|", ["high"]),
        ("status:o|", ["open", "on-hold"]),
        ("-status:open,wai|", ["waiting"]),
        ("team:ne|", ['"Netz & Łącza"']),
        ("team:mi|", ["mine"]),
        ('team:"netz &|', ['"Netz & Łącza"']),
        ("assignee:|", ["me", "none", '"Anna Öztürk"', '"Piotr Lis"', '"Ada Berg"']),
        ("zuständig:an|", ['"Anna Öztürk"']),
        ("requester:ca|", ["carol@kunde.example"]),
        ("tag:v|", ["VPN"]),
        ("organisation:müll|", ['"Müller GmbH"']),
        ("created:tod|", ["today"]),
        ("is:un|", ["unread", "undelivered", "unconfirmed"]),
        ("colour:|", []),
        ('"a phrase sta|', []),
        ("10:30|", []),
    ],
)
def test_values_are_offered_behind_a_field(desk: Any, line: str, texts: list[str]) -> None:
    Tag.objects.create(name="VPN")
    create_organisation(name="Müller GmbH", by=MAIL)
    assert offered(desk, line) == texts


def test_an_offer_takes_the_place_of_what_was_typed(desk: Any) -> None:
    create_organisation(name="Müller GmbH", by=MAIL)
    assert taken(desk, "vpn status:op| drucker") == "vpn status:open drucker"
    assert taken(desk, 'organisation:"Müller G|mbH" vpn') == 'organisation:"Müller GmbH" vpn'
    assert taken(desk, "status:new,op|en vpn") == "status:new,open vpn"


def test_whatever_is_offered_is_understood(desk: Any) -> None:
    Tag.objects.create(name='Rot, "grün" (alt)')
    anna = Principal.of_agent(desk.anna)
    for name in offered(desk, "|", asked=True) + ["priority:", "tag:", "assignee:", "created:", "language:", "has:"]:
        for value in offered(desk, f"{name}|"):
            try:
                parse_query(f"{name}{value} ", anna)
            except QueryError as fault:
                raise AssertionError(f"{name}{value}") from fault


def test_a_customer_is_offered_nothing_of_the_desk(desk: Any) -> None:
    carol = Principal.of_contact(desk.carol)
    assert offered(desk, "|", who=carol) == ["number:", "subject:", "status:", "created:", "updated:"]
    for line in ("team:|", "assignee:|", "requester:d|", "tag:|", "as|"):
        assert offered(desk, line, who=carol) == []


def test_offers_take_few_questions(desk: Any, django_assert_max_num_queries: Any) -> None:
    anna = Principal.of_agent(desk.anna)
    for line in ("sta", "team:", "assignee:", "requester:ca", "organisation:m", "tag:", "status:"):
        with django_assert_max_num_queries(3):
            complete(line, len(line), anna)
