"""What the desk shows after an action: the ticket, the next one of its list, the list; for each person and list."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.services import update_ticket
from tresen.service.preferences.after_action import after_action, choose_after_action
from tresen.service.preferences.models import AfterAction
from tresen.service.views.models import ViewChoice
from tresen.spine.events.models import Event

REPLY = {"kind": "reply", "reply_text": "It works again.", "to": "carol@faehrholm.example", "then": "send"}


@pytest.fixture
def three(cast: Cast) -> list[Ticket]:
    """Three tickets of the team, the newest first as in its list."""
    return [cast.ticket(subject=name, assignee=cast.anna) for name in ("first", "second", "third")][::-1]


def write(client: Client, ticket: Ticket, headers: dict[str, str] | None = None, **data: object) -> Any:
    last = ticket.messages.order_by("-pk").values_list("pk", flat=True)[0]
    return client.post(f"/desk/tickets/{ticket.number}/write/", {"seen": last, **REPLY, **data}, headers=headers or {})


def at(ticket: Ticket, view: str = "mine") -> str:
    return f"/desk/tickets/{ticket.number}/?view={view}"


def test_without_a_choice_one_stays(three: list[Ticket], anna: Client) -> None:
    answer = write(anna, three[0], list="view=mine")
    assert answer["Location"].startswith(f"/desk/tickets/{three[0].number}/")


def test_the_next_ticket_is_the_one_below_in_the_list(three: list[Ticket], anna: Client) -> None:
    answer = write(anna, three[0], list="view=mine", after="next")
    assert answer["Location"] == at(three[1])
    assert "The reply is on its way." in anna.get(answer["Location"]).content.decode()
    # The choice is remembered for this list.
    assert write(anna, three[1], list="view=mine")["Location"] == at(three[2])
    # The last one leads back to the list.
    assert write(anna, three[2], list="view=mine")["Location"] == "/desk/views/mine/"


def test_each_list_has_its_own_choice(cast: Cast, three: list[Ticket], anna: Client) -> None:
    choose_after_action(cast.anna, then="next", by=TEST)
    choose_after_action(cast.anna, then="list", by=TEST, view="open")
    assert write(anna, three[0], list="view=open")["Location"] == "/desk/views/open/"
    assert write(anna, three[0], list="view=team-netz")["Location"] == at(three[1], "team-netz")
    # A choice for all lists ends those for single ones.
    choose_after_action(cast.anna, then="stay", by=TEST)
    assert not AfterAction.objects.exclude(view="").exists()
    assert after_action(cast.anna, "open") == "stay"
    facts = [event.changes for event in Event.objects.filter(kind="profile.changed").order_by("pk")]
    assert facts[1] == {"after_action": ["next", "list"], "view": "open"}


def test_a_note_and_closing_lead_on_as_well(cast: Cast, three: list[Ticket], anna: Client) -> None:
    choose_after_action(cast.anna, then="next", by=TEST)
    note = {"kind": "note", "note_text": "Ask Mira.", "then": "note", "list": "view=mine"}
    assert write(anna, three[0], **note)["Location"] == at(three[1])
    change = f"/desk/tickets/{three[1].number}/change/"
    assert anna.post(change, {"field": "status", "value": "solved", "list": "view=mine"})["Location"] == at(three[2])
    change = f"/desk/tickets/{three[2].number}/change/"
    stays = anna.post(change, {"field": "priority", "value": "3", "list": "view=mine"})
    assert stays["Location"] == f"/desk/tickets/{three[2].number}/"


def test_found_tickets_are_a_list_too(three: list[Ticket], anna: Client) -> None:
    answer = write(anna, three[0], list="q=VPN", after="next")
    assert answer["Location"] in {f"/desk/tickets/{t.number}/?q=VPN" for t in three} | {"/desk/search/?q=VPN"}
    assert write(anna, three[0], list="q=second", after="list")["Location"] == "/desk/search/?q=second"


def test_what_is_refused_leads_nowhere(three: list[Ticket], anna: Client) -> None:
    answer = write(anna, three[0], list="view=mine", after="next", reply_text="")
    assert answer.status_code == 422
    assert Message.objects.filter(kind="reply").count() == 0


def test_a_partial_answer_tells_where_to_go_on(three: list[Ticket], anna: Client) -> None:
    page = {**HTMX, "HX-Current-URL": f"http://testserver{at(three[0])}"}
    answer = write(anna, three[0], headers=page, after="next", list="view=mine")
    told = json.loads(answer["HX-Trigger-After-Settle"])["desk:go-on"]
    assert (told["url"], told["number"], told["from"]) == (at(three[1]), three[1].number, three[0].number)
    assert tree(answer).css_first("#reply-text").text() == ""


def test_a_ticket_that_left_ones_sight_leads_on_all_the_same(cast: Cast, three: list[Ticket], anna: Client) -> None:
    choose_after_action(cast.anna, then="next", by=TEST)
    update_ticket(three[0], by=TEST, set={"assignee": None})
    change = f"/desk/tickets/{three[0].number}/change/"
    before = {"field": "team", "value": str(cast.orders.pk), "list": "view=team-netz"}
    assert anna.post(change, before)["Location"] == "/desk/"


def test_the_switch_stands_where_there_is_a_list(cast: Cast, three: list[Ticket], anna: Client) -> None:
    choose_after_action(cast.anna, then="list", by=TEST, view="mine")
    page = tree(anna.get(at(three[0])))
    assert page.css_first("input[name=after][checked]").attributes["value"] == "list"
    assert tree(anna.get(f"/desk/tickets/{three[0].number}/")).css_first("input[name=after]") is None
    assert anna.post("/desk/after/", {"after": "stay", "list": "view=mine"}, headers=HTMX).status_code == 204
    assert after_action(cast.anna, "mine") == "stay"
    assert anna.post("/desk/after/", {"after": "stay"}, headers=HTMX).status_code == 404


def test_the_choice_for_all_lists_stands_in_ones_account(cast: Cast, anna: Client) -> None:
    choose_after_action(cast.anna, then="list", by=TEST, view="open")
    profile = {"name": "Anna Kowalczyk", "language": "en", "timezone": "Europe/Berlin", "theme": "system"}
    assert anna.post("/me/", {**profile, "after_action": "stay"}).status_code == 302
    assert after_action(cast.anna, "open") == "list"
    assert anna.post("/me/", {**profile, "after_action": "next"}).status_code == 302
    assert (after_action(cast.anna), after_action(cast.anna, "open")) == ("next", "next")
    assert tree(anna.get("/me/")).css_first("input[name=after_action][checked]").attributes["value"] == "next"
    assert anna.post("/me/", profile).status_code == 302
    assert after_action(cast.anna) == "next"


@pytest.mark.parametrize("grouping", ["team", "assignee", "status", "priority", "organisation", "age"])
def test_the_next_one_is_found_under_headings_too(cast: Cast, three: list[Ticket], anna: Client, grouping: str) -> None:
    ViewChoice.objects.create(agent=cast.anna, slug="mine", grouping=grouping)
    shown = tree(anna.get("/desk/views/mine/")).css("li.row")
    numbers = [row.attributes["data-number"] for row in shown]
    first = Ticket.objects.get(number=numbers[0])
    answer = write(anna, first, list="view=mine", after="next", then="waiting")
    assert answer["Location"] == f"/desk/tickets/{numbers[1]}/?view=mine"
