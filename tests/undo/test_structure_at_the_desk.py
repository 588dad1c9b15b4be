"""Merging, splitting, linking, answering children and deleting on their pages, as plain HTML; and by the interface."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import Cast, json
from tests.desk.conftest import tree, words
from tests.undo.conftest import now
from tests.undo.test_merging import texts, write
from tests.undo.test_relating import family
from tresen.core.people.models import User
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.structure_models import Relation


@pytest.fixture
def anna(cast: Cast) -> Client:
    return cast.browser(cast.anna)


def post(client: Client, path: str, **form: object) -> str:
    """What the next page says on top, after a form was sent."""
    response = client.post(path, form, follow=True)
    assert response.redirect_chain, response.content[:3000]
    return words(tree(response).css_first(".toast"))


def spoken(ticket: Ticket) -> str:
    """Its number as it stands on a page."""
    return ticket.shown_number.replace("\xa0", " ")


def test_a_merge_shows_both_ways_and_its_undo_stands_on_the_target(cast: Cast, anna: Client) -> None:
    one, two = cast.ticket("Printer", text="one"), cast.ticket("VPN", text="two")
    page = tree(anna.get(f"/desk/tickets/{one.number}/connect/"))
    assert page.css_first(f'button[name="with"][value="{two.number}"]')
    page = tree(anna.get(f"/desk/tickets/{one.number}/connect/?with={two.number}"))
    assert "1 message moves to" in words(page.css_first(".two-ways")) and not page.css_first("[name=sure]")
    form = {"with": two.number, "act": "merge_into", "sure": "9" * 5000}
    said = post(anna, f"/desk/tickets/{one.number}/connect/", **form)
    assert spoken(one) in said and "Undo" in said
    assert anna.get(f"/desk/tickets/{one.number}/")["Location"] == f"/desk/tickets/{two.number}/"
    assert "went into another one" in words(tree(anna.get(f"/desk/tickets/{one.number}/?own=1")).css_first(".banner"))
    page = tree(cast.browser(cast.ada).get(f"/desk/tickets/{two.number}/"))
    assert "merged into this one" in words(page.css_first("#context"))
    parts = page.css_first("#context .pair form").attributes["action"]
    cast.browser(cast.ada).post(str(parts))
    assert texts(now(one)) == ["one"] and texts(now(two)) == ["two"]
    assert anna.get(f"/desk/tickets/{one.number}/").status_code == 200


def test_an_agent_who_does_not_see_the_target_gets_no_way_there(cast: Cast, anna: Client) -> None:
    one, two = cast.ticket(), cast.ticket()
    post(anna, f"/desk/tickets/{one.number}/connect/", **{"with": two.number, "act": "merge_into"})
    Ticket.objects.filter(pk=two.pk).update(team=cast.orders)
    response = anna.get(f"/desk/tickets/{one.number}/")
    assert response.status_code == 200 and f"/desk/tickets/{two.number}/".encode() not in response.content


def test_the_requesters_old_address_leads_to_the_target(cast: Cast, anna: Client) -> None:
    one, two = cast.ticket(), cast.ticket("VPN, again")
    cast.carol.user = User.objects.create(email="carol@faehrholm.example", name="Carol")
    cast.carol.save()
    portal = Client()
    portal.force_login(cast.carol.user)
    post(anna, f"/desk/tickets/{one.number}/connect/", **{"with": two.number, "act": "merge_into"})
    assert "VPN, again" in portal.get(f"/requests/{one.number}/").content.decode()
    assert portal.get("/requests/").content.decode().count("VPN") == 1


def test_a_search_for_the_old_number_leads_to_the_target(cast: Cast, anna: Client) -> None:
    one, two = cast.ticket(), cast.ticket()
    post(anna, f"/desk/tickets/{one.number}/connect/", **{"with": two.number, "act": "merge_into"})
    response = anna.get(f"/desk/search/?q={one.number}", follow=True)
    assert response.redirect_chain[-1][0] == f"/desk/tickets/{two.number}/"


def test_messages_are_split_off_from_one_on(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket(text="VPN")
    asked, more = write(ticket, "Printer?"), write(ticket, "The red one.")
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/split/?from={asked.pk}"))
    chosen = [box.attributes["value"] for box in page.css("[name=message][checked]")]
    assert chosen == [str(asked.pk), str(more.pk)]
    said = post(anna, f"/desk/tickets/{ticket.number}/split/", message=chosen, subject="Printer")
    assert spoken(ticket) in said
    assert texts(Ticket.objects.get(subject="Printer")) == ["Printer?", "The red one."]
    everything = [message.pk for message in ticket.messages.all()]
    for wrong in ([], everything, ["x"], [more.pk]):
        assert anna.post(f"/desk/tickets/{ticket.number}/split/", {"message": wrong}).status_code == 422


def test_links_stand_on_both_tickets_and_are_taken_away(cast: Cast, anna: Client) -> None:
    one, two = cast.ticket("Cable"), cast.ticket("No network")
    said = post(anna, f"/desk/tickets/{one.number}/connect/", **{"with": two.number, "act": "parent"})
    assert f"Linked with {spoken(two)}" in said
    parent, child = (tree(anna.get(f"/desk/tickets/{t.number}/")).css_first("#context") for t in (one, two))
    assert "a child of this one" in words(parent) and "the parent of this one" in words(child)
    assert parent.css_first(f'a[href="/desk/tickets/{one.number}/children/"]')
    again = anna.post(f"/desk/tickets/{one.number}/connect/", {"with": two.number, "act": "parent"})
    assert again.status_code == 409 and "linked like this already" in words(tree(again).css_first(".banner.bad"))
    anna.post(str(child.css_first(".pair form").attributes["action"]))
    assert not Relation.objects.exists()


def test_all_children_are_answered_after_a_second_look(cast: Cast, anna: Client) -> None:
    parent, children = family(cast, 2)
    path = f"/desk/tickets/{parent.number}/children/"
    page = tree(anna.get(path))
    assert len(page.css("[name=child][checked]")) == 2
    form = {"child": [child.number for child in children], "text": "The cable is mended.", "status": "solved"}
    look = tree(anna.post(path, form))
    assert "2 tickets" in words(look.css_first("h1")) and words(look.css_first("main")).count("faehrholm") == 2
    assert not children[0].messages.filter(kind="reply").exists()
    said = post(anna, path, sure="1", **form)
    assert "2 tickets are being answered." in said
    assert {now(child).status.slug for child in children} == {"solved"}
    operation = Operation.objects.get(kind="answer")
    assert "Taken back." in post(anna, f"/desk/operations/{operation.pk}/undo/")
    for wrong in ({"child": []}, {"child": form["child"]}):
        assert anna.post(path, wrong).status_code == 422


def test_a_ticket_goes_into_the_bin_and_comes_back(cast: Cast, anna: Client) -> None:
    ticket, ada = cast.ticket("Spam"), cast.browser(cast.ada)
    path = f"/desk/tickets/{ticket.number}/delete/"
    assert anna.get(path).status_code == 403 and anna.post(path).status_code == 403
    assert anna.get("/desk/bin/").status_code == 403
    assert "30 days" in words(tree(ada.get(path)).css_first("main"))
    assert "is in the bin" in post(ada, path)
    assert anna.get(f"/desk/tickets/{ticket.number}/").status_code == 404
    page = tree(ada.get("/desk/bin/"))
    assert "Spam" in words(page.css_first(".did"))
    assert "is back" in post(ada, str(page.css_first(".did form").attributes["action"]))
    post(ada, path)
    operation = Operation.objects.filter(kind="delete").latest("pk")
    assert "Taken back." in post(ada, f"/desk/operations/{operation.pk}/undo/")
    assert anna.get(f"/desk/tickets/{ticket.number}/").status_code == 200


def test_the_interface_merges_splits_and_takes_back(cast: Cast) -> None:
    calls, one, two = cast.calls(cast.anna), cast.ticket(text="one"), cast.ticket(text="two")
    merged = json(calls.post(f"/tickets/{one.number}/merge", {"into": two.shown_number}, idempotency_key="a"), 200)
    again = json(calls.post(f"/tickets/{one.number}/merge", {"into": two.shown_number}, idempotency_key="a"), 200)
    assert merged == again and merged["ticket"] == two.number
    assert json(calls.get(f"/tickets/{one.number}"), 200)["merged_into"] == two.number
    assert json(calls.post(f"/tickets/{one.number}/merge", {"into": two.number}), 409)["why"] == "merged"
    back = json(calls.post(f"/tickets/{two.number}/undo", {"operation": merged["operation"]}), 200)
    assert sorted(back["tickets"]) == sorted([one.number, two.number]) and back["left"] == []
    assert json(calls.post(f"/tickets/{two.number}/undo", {"operation": merged["operation"]}), 409)["why"] == "over"
    more = write(two, "more")
    split = json(calls.post(f"/tickets/{two.number}/split", {"messages": [more.pk], "subject": "Other"}), 200)
    assert texts(Ticket.objects.get(number=split["ticket"])) == ["more"]
    assert calls.post(f"/tickets/{one.number}/undo", {"operation": split["operation"]}).status_code == 404
    json(calls.post(f"/tickets/{two.number}/undo", {"operation": split["operation"]}), 200)
    assert texts(now(two)) == ["two", "more"]
