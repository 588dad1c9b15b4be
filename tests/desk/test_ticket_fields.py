"""Changing the fields of a ticket from its page."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, value, words
from tresen.core.tickets.models import Status, Tag, Ticket
from tresen.core.tickets.services import update_ticket
from tresen.spine.events.models import Event


def change(client: Client, ticket: Ticket, *, htmx: bool = False, **data: object):  # type: ignore[no-untyped-def]
    """Sends the form of a field."""
    return client.post(f"/desk/tickets/{ticket.number}/change/", data, headers=HTMX if htmx else {})


@pytest.mark.parametrize(
    ("field", "sent", "expected"),
    [
        ("subject", "  VPN  in Bremen ", "VPN in Bremen"),
        ("priority", "4", 4),
        ("impact", "2", 2),
        ("urgency", "3", 3),
        ("type", "problem", "problem"),
        ("ball", "third_party", "third_party"),
    ],
)
def test_each_plain_field_is_changed_and_told(
    cast: Cast, anna: Client, field: str, sent: str, expected: object
) -> None:
    ticket = cast.ticket()
    response = change(anna, ticket, field=field, value=sent)
    assert response.status_code == 302 and response["Location"] == f"/desk/tickets/{ticket.number}/"
    assert getattr(Ticket.objects.get(pk=ticket.pk), field) == expected
    event = Event.objects.filter(kind="ticket.changed").get()
    assert event.actor_name == "Anna Kowalczyk" and field in event.changes


def test_status_team_assignee_and_tags_are_changed(cast: Cast, anna: Client) -> None:
    ticket, known = cast.ticket(), Tag.objects.create(name="vpn")
    cast.anna.teams.add(cast.orders)
    change(anna, ticket, field="status", value="solved")
    change(anna, ticket, field="team", value=cast.orders.pk)
    change(anna, ticket, field="assignee", value=cast.piotr.pk)
    change(anna, ticket, field="tags", value=["VPN"], new="Bremen, , update 11")
    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.status_category, now.team, now.assignee) == ("solved", cast.orders, cast.piotr)
    assert [tag.name for tag in now.tags.all()] == ["Bremen", "update 11", "vpn"]
    assert known in now.tags.all()
    change(anna, ticket, field="tags")
    change(anna, ticket, field="assignee", value="")
    change(anna, ticket, field="team", value="")
    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.team, now.assignee, now.tags.count()) == (None, None, 0)


def test_the_parts_that_changed_come_back_for_the_pane(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    response = change(anna, ticket, htmx=True, field="assignee", value="me", was="")
    page = tree(response)
    assert page.css_first("#t-head").attributes["hx-swap-oob"] == "true"
    assert "Anna Kowalczyk" in words(page.css_first("#prop-assignee"))
    assert "taken over" in words(page.css_first("#timeline-tail"))
    assert page.css_first("#composer") is None, "what is typed there must stay"
    triggers = json.loads(response["HX-Trigger"])
    assert triggers["ticket-changed"] == {"number": ticket.number}
    assert triggers["tresen:announce"] == {"text": "Assignee: Anna Kowalczyk"}


def test_two_agents_who_set_the_same_field_are_shown_both_values(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    was = value(page, "#prop-status + form input[name=was]")
    ada = cast.browser(cast.ada)
    assert change(ada, ticket, field="status", value="solved", was=was).status_code == 302
    refused = change(anna, ticket, htmx=True, field="status", value="waiting", was=was)
    assert refused.status_code == 409
    banner = tree(refused).css_first("#conflict")
    assert "Ada Berg set it to “Solved”." in words(banner)
    assert "You wanted “Waiting for customer”." in words(banner)
    assert Ticket.objects.get(pk=ticket.pk).status_category == "solved"
    again = {node.attributes["name"]: node.attributes["value"] for node in banner.css("input[name]")}
    assert change(anna, ticket, **again).status_code == 302
    assert Ticket.objects.get(pk=ticket.pk).status_category == "waiting"


@pytest.mark.parametrize(("field", "theirs", "mine"), [("subject", "VPN Kiel", "VPN Bremen"), ("priority", 4, "1")])
def test_a_stale_value_of_a_plain_field_is_not_written_over_theirs(
    cast: Cast, anna: Client, field: str, theirs: object, mine: str
) -> None:
    ticket = cast.ticket()
    was = str(getattr(ticket, field))
    update_ticket(ticket, by=TEST, set={field: theirs})
    refused = change(anna, ticket, field=field, value=mine, was=was)
    assert refused.status_code == 409
    assert getattr(Ticket.objects.get(pk=ticket.pk), field) == theirs
    again = {n.attributes["name"]: n.attributes["value"] for n in tree(refused).css("#conflict input[name]")}
    change(anna, ticket, **again)
    assert str(getattr(Ticket.objects.get(pk=ticket.pk), field)) == mine


def test_stale_tags_keep_both_lists(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    update_ticket(ticket, by=TEST, set={"tags": [Tag.objects.create(name="kiel")]})
    refused = change(anna, ticket, field="tags", new="bremen", was="")
    assert refused.status_code == 409
    banner = tree(refused).css_first("#conflict")
    assert "kiel" in words(banner) and "bremen" in words(banner)
    again: dict[str, list[str]] = {}
    for node in banner.css("input[name]"):
        again.setdefault(str(node.attributes["name"]), []).append(str(node.attributes["value"]))
    assert change(anna, ticket, **again).status_code == 302
    assert [tag.name for tag in Ticket.objects.get(pk=ticket.pk).tags.all()] == ["bremen"]


@pytest.mark.parametrize(
    ("field", "sent"),
    [
        ("status", "nonsense"), ("status", "\0"), ("priority", "9"), ("priority", "³"), ("impact", ""),
        ("type", "\0"), ("team", "9" * 15), ("team", "x"), ("assignee", "-1"), ("subject", "   "), ("number", "T1"),
        ("version", "1"), ("", ""),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused_in_words(cast: Cast, anna: Client, field: str, sent: str) -> None:
    ticket = cast.ticket()
    response = change(anna, ticket, field=field, value=sent)
    assert response.status_code == 422
    assert tree(response).css_first("#t-head .banner.bad") is not None
    assert Ticket.objects.get(pk=ticket.pk).version == ticket.version


def test_what_leaves_my_sight_leads_back_to_the_list(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    response = change(anna, ticket, htmx=True, field="team", value=cast.orders.pk)
    assert (response.status_code, response["HX-Redirect"]) == (204, "/desk/")
    assert change(anna, ticket, field="team", value=cast.netz.pk).status_code == 404


def test_nothing_is_changed_by_looking_or_without_a_token(cast: Cast) -> None:
    ticket = cast.ticket()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.anna.user)
    assert strict.get(f"/desk/tickets/{ticket.number}/change/?field=priority&value=4").status_code == 405
    assert strict.post(f"/desk/tickets/{ticket.number}/change/", {"field": "priority", "value": "4"}).status_code == 403
    assert Ticket.objects.get(pk=ticket.pk).priority == ticket.priority


@pytest.mark.parametrize(("field", "first"), [("team", "No team"), ("assignee", "Anna Kowalczyk"), ("tags", None)])
def test_long_menus_are_fetched_as_a_part_and_work_as_a_page(
    cast: Cast, anna: Client, field: str, first: str | None
) -> None:
    ticket = cast.ticket()
    part, page = (anna.get(f"/desk/tickets/{ticket.number}/fields/{field}/", headers=h) for h in (HTMX, {}))
    assert "<html" not in part.content.decode() and "<html" in page.content.decode()
    form = tree(page).css_first("main form[action$='/change/']")
    assert form.attributes["action"] == f"/desk/tickets/{ticket.number}/change/"
    if first:
        assert words(form.css_first("button.item span:last-of-type")).startswith(first)
    assert anna.get(f"/desk/tickets/{ticket.number}/fields/status/").status_code == 404


def test_a_status_that_is_out_of_use_cannot_be_chosen(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    Status.objects.filter(slug="on_hold").update(is_active=False)
    slug = Status.objects.get(category="on_hold").slug
    Status.objects.filter(category="on_hold").update(is_active=False)
    assert change(anna, ticket, field="status", value=slug).status_code == 422
