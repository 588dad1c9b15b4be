"""The palette: finds actions, views, tickets and people by a few letters; nothing one may not see or do."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from tests.cast import Cast
from tresen.faces.desk.palette.matching import match

HTMX = {"HX-Request": "true"}


def found(client: Client, q: str = "", **more: str) -> list[Any]:
    answer = client.get(f"/desk/palette/?{urlencode({'q': q, **more})}", headers=HTMX)
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    return LexborHTMLParser(answer.content.decode()).css("[role=option]")


def said(options: list[Any]) -> list[str]:
    return [" ".join(option.css_first(".name").text().split()) for option in options if option.css_first(".name")]


@pytest.mark.parametrize(
    ("typed", "name", "answers"),
    [
        ("stat", "Change the status", True),
        ("change stat", "Change the status", True),
        ("lodz", "Zgłoszenie z Łodzi", True),
        ("cts", "Change the status", True),
        ("sttaus", "Change the status", True),
        ("statis", "Change the status", True),
        ("stxyus", "Change the status", False),
        ("status colour", "Change the status", False),
        ("ch", "Each ticket", False),
        ("", "Change the status", False),
        ("!?", "Change the status", False),
    ],
)
def test_a_name_answers_its_beginnings_initials_and_one_slip(typed: str, name: str, answers: bool) -> None:
    assert bool(match(typed, name)) is answers


def test_the_better_answer_stands_first() -> None:
    assert match("tag", "Tags") > match("tag", "Change the tags") > match("tag", "Vantage")


def test_actions_are_found_by_their_name_where_they_apply(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    assert "Change the status" in said(found(client, "status", at="ticket"))
    assert "Change the status" not in said(found(client, "status", at="list"))
    option = found(client, "status", at="ticket")[0]
    assert option.attributes["data-run"] == "status"
    assert option.css_first("kbd").text() == "s"


def test_views_and_teams_lead_to_their_place(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    (team,) = [o for o in found(client, cast.netz.name) if o.attributes.get("href", "").startswith("/desk/teams/")]
    assert client.get(team.attributes["href"]).status_code == 200
    assert "/desk/views/solved/" in [o.attributes.get("href") for o in found(client, "solved")]


def test_the_settings_are_found_by_those_who_may_open_them(cast: Cast) -> None:
    assert "Mailboxes" in said(found(cast.browser(cast.ada), "mailbox"))
    assert "Mailboxes" not in said(found(cast.browser(cast.anna), "mailbox"))


def test_tickets_are_found_by_number_and_by_words_by_those_who_see_them(cast: Cast) -> None:
    ticket = cast.ticket(subject="Zwiebelkuchen brennt", team=cast.netz)
    for typed in (ticket.number, ticket.number[1:-1], ticket.number[:3], f"#{ticket.number[1:]}", "zwiebel"):
        assert "Zwiebelkuchen brennt" in said(found(cast.browser(cast.anna), typed)), typed
        assert "Zwiebelkuchen brennt" not in said(found(cast.browser(cast.piotr), typed)), typed


def test_what_was_used_last_comes_first_as_long_as_one_may_see_it(cast: Cast) -> None:
    ticket = cast.ticket(subject="Zwiebelkuchen", team=cast.netz)
    recent = f"tags {ticket.number} nonsense"
    assert said(found(cast.browser(cast.anna), at="ticket", recent=recent))[:2] == ["Change the tags", "Zwiebelkuchen"]
    assert "Zwiebelkuchen" not in said(found(cast.browser(cast.piotr), at="ticket", recent=recent))


def test_a_colleague_a_team_and_a_status_are_set_in_one_step(cast: Cast) -> None:
    ticket = cast.ticket(team=cast.netz)
    client = cast.browser(cast.anna)
    options = found(client, "solved", at="ticket", ticket=ticket.number)
    (solve,) = [o for o in options if "data-post" in o.attributes]
    assert solve.attributes["data-post"] == f"/desk/tickets/{ticket.number}/change/"

    values = json.loads(solve.attributes["data-values"])
    assert client.post(solve.attributes["data-post"], values, headers=HTMX).status_code == 200
    ticket.refresh_from_db()
    assert ticket.status.slug == "solved"
    stranger = cast.browser(cast.piotr)
    assert not [o for o in found(stranger, "solved", at="ticket", ticket=ticket.number) if "data-post" in o.attributes]


def test_signs_narrow_it_to_actions_numbers_or_people(cast: Cast) -> None:
    ticket = cast.ticket(subject="Take it to Carol", team=cast.netz)
    client = cast.browser(cast.anna)
    assert said(found(client, "> take", at="ticket")) == ["Take it myself"]
    assert said(found(client, f"#{ticket.number}")) == ["Take it to Carol"]
    assert said(found(client, "@carol")) == [cast.carol.name]


def test_what_was_typed_comes_back_escaped(cast: Cast) -> None:
    answer = cast.browser(cast.anna).get("/desk/palette/", {"q": '"><img src=x onerror=1>', "recent": "<b>"})
    assert b"<img" not in answer.content and b"<b>" not in answer.content


def test_whoever_is_no_agent_finds_no_palette(cast: Cast) -> None:
    assert Client().get("/desk/palette/", headers=HTMX).status_code == 401


@pytest.mark.parametrize("typed", ["", "an", "T2", "vpn"])
def test_it_asks_the_database_little(cast: Cast, django_assert_max_num_queries: Any, typed: str) -> None:
    ticket = cast.ticket(team=cast.netz)
    client = cast.browser(cast.anna)
    found(client, typed)
    with django_assert_max_num_queries(18):
        found(client, typed, at="list ticket", ticket=ticket.number, recent=f"tags {ticket.number}")


def test_a_sign_alone_says_what_it_looks_for(cast: Cast) -> None:
    client = cast.browser(cast.anna)
    for typed, hint in (("#", "A ticket by its number"), ("@", "People: type some letters"), ("@c", "People: type")):
        [option] = found(client, typed)
        assert hint in option.text() and option.attributes["aria-disabled"] == "true", typed
    assert "Nothing found" in found(client, "@qq")[0].text()
    assert said(found(client, "@carol"))
