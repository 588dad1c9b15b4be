"""S27: merge, split, link, move and parent with rights on one side only are refused; a merge never shows one requester
the other's history without an explicit confirm (P4)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast, json, make_cast
from tests.desk.conftest import tree
from tresen.core.people.models import User
from tresen.core.tickets import merging
from tresen.core.tickets.content import Content
from tresen.core.tickets.links import mint_link, open_link
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.moving import move_messages
from tresen.core.tickets.services import add_note, add_received
from tresen.core.tickets.structure_models import Relation
from tresen.faces.api.limits import requests_of_tokens
from tresen.kit import clock
from tresen.spine.events.models import Event

pytestmark = pytest.mark.django_db
SECRET = "Zaunkönig"


@pytest.fixture
def cast(db: None) -> Cast:
    requests_of_tokens.forget()
    return make_cast()


def places() -> dict[int, int]:
    """Where every message is."""
    return dict(Message.objects.values_list("pk", "ticket"))


def unseen_of(anna: Cast) -> tuple[Ticket, Ticket]:
    """A ticket of anna's team, and one that she does not see."""
    return anna.ticket("VPN"), anna.ticket(SECRET, SECRET, requester=anna.dave, team=anna.orders)


def test_s27_rights_on_one_side_only_are_refused_by_the_interface(cast: Cast) -> None:
    mine, theirs = unseen_of(cast)
    before, calls = places(), cast.calls(cast.anna)
    unknown = calls.post(f"/tickets/{mine.number}/merge", {"into": "T999990", "confirm": True})
    refused = calls.post(f"/tickets/{mine.number}/merge", {"into": theirs.number, "confirm": True})
    assert refused.status_code == unknown.status_code == 400 and refused.content == unknown.content
    assert calls.post(f"/tickets/{theirs.number}/merge", {"into": mine.number, "confirm": True}).status_code == 404
    message = theirs.messages.get().pk
    assert calls.post(f"/tickets/{theirs.number}/split", {"messages": [message]}).status_code == 404
    stranger = calls.post(f"/tickets/{mine.number}/split", {"messages": [message]})
    nothing = calls.post(f"/tickets/{mine.number}/split", {"messages": [999999]})
    assert stranger.status_code == 400 and stranger.content == nothing.content
    read_only = cast.calls(cast.anna, "read")
    other = cast.ticket("Other")
    assert read_only.post(f"/tickets/{mine.number}/merge", {"into": other.number, "confirm": True}).status_code == 403
    assert places() == before | {other.messages.get().pk: other.pk}


@pytest.mark.parametrize("act", ["merge_into", "merge_here", "related", "duplicate", "caused", "child", "parent"])
def test_s27_rights_on_one_side_only_are_refused_at_the_desk(cast: Cast, act: str) -> None:
    mine, theirs = unseen_of(cast)
    before, anna = places(), cast.browser(cast.anna)
    exposed = f"{cast.carol.pk},{cast.dave.pk}"
    answers = []
    for number in (theirs.number, "T999990"):
        form = {"with": number, "act": act, "sure": exposed}
        answer = anna.post(f"/desk/tickets/{mine.number}/connect/", form)
        assert answer.status_code == 422 and SECRET.encode() not in answer.content
        answers.append(answer.content.replace(number.encode(), b""))
    assert len(answers[0]) == len(answers[1])
    for path in ("connect", "split", "children"):
        assert anna.post(f"/desk/tickets/{theirs.number}/{path}/", {"with": mine.number, "act": act}).status_code == 404
    assert places() == before and not Relation.objects.exists()
    assert not Event.objects.filter(kind__in=["ticket.merged", "ticket.linked", "ticket.split"]).exists()


def test_s27_one_requester_never_reads_the_others_history_without_a_confirm(cast: Cast) -> None:
    carols = cast.ticket("VPN", "Carol's words")
    daves = cast.ticket("Printer", f"{SECRET} in Dave's words", requester=cast.dave)
    add_note(daves, by=TEST, agent=cast.anna, content=Content("inside"))
    for calls, path in ((cast.calls(cast.anna), f"/tickets/{daves.number}/merge"),):
        refused = calls.post(path, {"into": carols.number})
        assert sorted(json(refused, 409)["people"]) == ["Carol", "Dave"]
    desk = cast.browser(cast.anna)
    form = {"with": carols.number, "act": "merge_into"}
    for sure in ({}, {"sure": ""}, {"sure": str(cast.carol.pk)}, {"sure": "all"}):
        assert desk.post(f"/desk/tickets/{daves.number}/connect/", {**form, **sure}).status_code == 409
    assert seen_by(cast, cast.carol, daves) == seen_by(cast, cast.dave, carols) == 404
    sure = f"{cast.carol.pk},{cast.dave.pk}"
    assert desk.post(f"/desk/tickets/{daves.number}/connect/", {**form, "sure": sure}).status_code == 302
    assert seen_by(cast, cast.carol, carols) == seen_by(cast, cast.dave, carols) == 200


def test_s27_who_joins_meanwhile_was_not_confirmed(cast: Cast) -> None:
    one, two = cast.ticket(), cast.ticket("Printer", SECRET, requester=cast.carol)
    desk = cast.browser(cast.anna)
    assert desk.get(f"/desk/tickets/{two.number}/connect/?with={one.number}").status_code == 200
    one.participants.create(contact=cast.dave, role="cc", trust="claimed", joined_at=one.created_at)
    form = {"with": one.number, "act": "merge_into"}
    assert desk.post(f"/desk/tickets/{two.number}/connect/", form).status_code == 409
    assert two.messages.exists()


def test_s27_nobody_parts_what_he_may_not_see(cast: Cast) -> None:
    one, two = cast.ticket("VPN"), cast.ticket("Printer")
    merged = json(cast.calls(cast.anna).post(f"/tickets/{one.number}/merge", {"into": two.number}), 200)
    Ticket.objects.filter(pk=two.pk).update(team=cast.orders, assignee=None)
    url = f"/desk/operations/{merged['operation']}/undo/"
    assert cast.browser(cast.piotr).post(url).status_code == 404
    cast.browser(cast.anna).post(url)
    one.refresh_from_db()
    assert one.merged_into == two, "anna did it, but she sees the other side no longer"
    assert SECRET.encode() not in cast.browser(cast.anna).get(f"/desk/tickets/{one.number}/").content


def test_s27_a_held_message_of_a_stranger_stays_held_over_merge_and_split(cast: Cast) -> None:
    one, two = cast.ticket(), cast.ticket()
    held = add_received(
        one, by=TEST, contact=cast.dave, content=Content(SECRET), channel="mail", trust="claimed", is_held=True
    )
    cast.calls(cast.anna).post(f"/tickets/{one.number}/merge", {"into": two.number})
    held.refresh_from_db()
    assert held.is_held and held.ticket == two
    cast.calls(cast.anna).post(f"/tickets/{two.number}/split", {"messages": [held.pk]})
    held.refresh_from_db()
    assert held.is_held and held.ticket not in (one, two)


def guests(cast: Cast) -> tuple[Ticket, str]:
    """A request that somebody wrote in carol's name without proof, and his browser's link to it."""
    ticket = cast.ticket("Hello", "Not Carol's words", is_unconfirmed=True)
    return ticket, mint_link(ticket, cast.carol, by_mail=False)


@pytest.mark.parametrize("act", ["merge_into", "merge_here"])
def test_s27_a_merge_opens_nothing_to_a_browser_that_has_proven_nothing(cast: Cast, act: str) -> None:
    real, (ticket, token), desk = cast.ticket("VPN", SECRET), guests(cast), cast.browser(cast.anna)
    by_mail = mint_link(ticket, cast.carol, by_mail=True)
    assert Client().get(f"/t/{token}/").status_code == 200
    form = {"with": real.number, "act": act}
    assert desk.post(f"/desk/tickets/{ticket.number}/connect/", form).status_code == 302
    gone = Client().get(f"/t/{token}/")
    assert gone.status_code == 404 and SECRET.encode() not in gone.content
    assert SECRET.encode() in Client().get(f"/t/{by_mail}/").content, "who reads her mail is carol"
    assert seen_by(cast, cast.carol, real if act == "merge_into" else ticket) == 200
    desk.post(f"/desk/operations/{Event.objects.get(kind='ticket.merged').step.operation_id}/undo/")
    ticket.refresh_from_db()
    assert ticket.merged_into is None and ticket.is_unconfirmed and open_link(token) is None


@pytest.mark.parametrize("how", ["move", "undone split"])
def test_s27_nor_does_a_message_that_comes_from_elsewhere(cast: Cast, how: str) -> None:
    (ticket, token), desk = guests(cast), cast.calls(cast.anna)
    if how == "move":
        real = cast.ticket("VPN", SECRET)
        move_messages([real.messages.get()], to=ticket, by=TEST)
    else:
        said = add_received(
            ticket, by=TEST, contact=cast.carol, content=Content("Me too"), channel="web", trust="anonymous"
        )
        split = json(desk.post(f"/tickets/{ticket.number}/split", {"messages": [said.pk]}), 200)
        new = Ticket.objects.get(number=split["ticket"])
        add_received(new, by=TEST, contact=cast.carol, content=Content(SECRET), channel="mail", trust="claimed")
        json(desk.post(f"/tickets/{ticket.number}/undo", {"operation": split["operation"]}), 200)
    assert ticket.messages.filter(text=SECRET).exists()
    assert SECRET.encode() not in Client().get(f"/t/{token}/").content and open_link(token) is None


def test_s27_the_undo_of_another_requester_opens_nothing_to_it_again(cast: Cast) -> None:
    (ticket, token), desk = guests(cast), cast.browser(cast.anna)
    by_mail = mint_link(ticket, cast.carol, by_mail=True)
    cast.dave.identities.filter(kind="mail").update(verified_at=ticket.created_at)
    form = {"field": "requester", "contact": cast.dave.pk, "was": str(cast.carol)}
    assert desk.post(f"/desk/tickets/{ticket.number}/change/", form).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.requester, ticket.is_unconfirmed) == (cast.dave, False)
    desk.post(f"/desk/operations/{Event.objects.get(kind='ticket.changed').step.operation_id}/undo/")
    ticket.refresh_from_db()
    assert (ticket.requester, ticket.is_unconfirmed) == (cast.carol, True)
    assert open_link(token) is None and open_link(by_mail) is not None


def led_away(cast: Cast) -> tuple[Ticket, Ticket]:
    """A ticket anna sees, merged into one that she does not."""
    mine, theirs = unseen_of(cast)
    merging.merge(mine, into=theirs, by=TEST, agent=cast.piotr, confirmed=merging.preview(mine, theirs).exposed)
    return mine, theirs


def test_s27_a_signpost_gives_no_right_on_the_ticket_it_leads_to_at_the_desk(cast: Cast) -> None:
    mine, theirs = led_away(cast)
    anna, before = cast.browser(cast.anna), places()
    events = Event.objects.filter(stream_kind="ticket", stream_id=theirs.pk).count()
    staged = {"kind": "reply", "text": "", "staged": "priority=4", "once": "a" * 32}
    reply = {
        "kind": "reply",
        "reply_text": "Anna was here",
        "to": "carol@faehrholm.example",
        "then": "send",
        "anyway": "send",
    }
    note = {"kind": "note", "note_text": "Anna was here", "then": "note"}
    for path, sent, code in (
        ("follow", {}, 302), ("follow", {"stop": "1"}, 302), ("snooze", {"until": "tomorrow"}, 302), ("wake", {}, 302),
        ("write", note, 409), ("apply", staged, 409), ("write", reply, 409),
        ("sides/new", {"to": "max@parts.example", "subject": "Router", "text": "Is it in stock?"}, 409),
    ):  # fmt: skip
        answer = anna.post(f"/desk/tickets/{mine.number}/{path}/", sent)
        assert answer.status_code == code, (path, answer.status_code)
        assert SECRET.encode() not in answer.content
        assert code != 409 or b"merged or deleted" in answer.content, path
        assert "write" not in path or "Anna was here" in tree(answer).css_first("#composer").html, sent
    assert anna.get(f"/desk/tickets/{theirs.number}/").status_code == 404 and places() == before
    assert Event.objects.filter(stream_kind="ticket", stream_id=theirs.pk).count() == events


def test_s27_a_signpost_hands_nothing_of_the_ticket_it_leads_to_out_by_the_interface(cast: Cast) -> None:
    mine, _theirs = led_away(cast)
    calls, before = cast.calls(cast.anna), places()
    etag = calls.get(f"/tickets/{mine.number}").headers["ETag"]
    for headers in ({"If-Match": etag}, {}):
        for kind in ("reply", "note", "received"):
            body = {"kind": kind, "body_text": "Anna was here"}
            refused = calls.post(f"/tickets/{mine.number}/messages", body, headers=headers)
            told = json(refused, 409)
            assert told["why"] == "merged" and told["merged_into"] is None
            assert SECRET.encode() not in refused.content and b"Dave" not in refused.content
    until = (clock.now() + timedelta(hours=2)).isoformat()
    for path, body in (("snooze", {"until": until}), ("snooze", {"until": None})):
        assert json(calls.post(f"/tickets/{mine.number}/{path}", body), 409)["merged_into"] is None
    assert places() == before


def seen_by(cast: Cast, contact: Any, ticket: Ticket) -> int:
    """What a contact who is signed in is answered for the ticket's page."""
    user = contact.user or User.objects.create(email=f"{contact.name}@own.example", name=contact.name)
    contact.user = user
    contact.save()
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return int(client.get(f"/requests/{ticket.number}/").status_code)
