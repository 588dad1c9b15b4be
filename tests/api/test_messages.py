"""Messages through the interface: replies, notes, what was received, files on them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Cast, json
from tresen.core.tickets import services
from tresen.core.tickets.choices import Channel, Trust
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message


def test_a_reply_goes_to_everybody_on_the_ticket(cast: Cast) -> None:
    ticket = cast.ticket(copies=[cast.dave])
    anna = cast.calls(cast.anna)
    body = json(anna.post(f"/tickets/{ticket.number}/messages", {"kind": "reply", "body_text": "On it."}), 201)
    assert body["to"] == [{"name": "Carol", "address": "carol@faehrholm.example"}]
    assert body["cc"] == [{"name": "Dave", "address": "dave@harrowmere.example"}]
    assert (body["author"], body["delivery"]) == (
        {"kind": "agent", "id": cast.anna.pk, "name": "Anna Kowalczyk"},
        "queued",
    )
    assert json(anna.get(f"/tickets/{ticket.number}"))["status_category"] == "open"


@pytest.mark.parametrize(
    ("chosen", "to", "cc"),
    [
        ({"to": ["CAROL@faehrholm.example"]}, ["carol@faehrholm.example"], []),
        ({"cc": []}, ["carol@faehrholm.example"], []),
        ({"to": [{"email": "dave@harrowmere.example", "name": "D"}]}, ["dave@harrowmere.example"], []),
        ({"cc": ["dave@harrowmere.example"]}, ["carol@faehrholm.example"], ["dave@harrowmere.example"]),
        ({"to": ["carol@faehrholm.example"], "cc": ["carol@faehrholm.example"]}, ["carol@faehrholm.example"], []),
        ({"to": []}, [], []),
        ({"bcc": ["dave@harrowmere.example"]}, ["carol@faehrholm.example"], []),
        ({"to": ["dave@harrowmere.example"], "bcc": ["carol@faehrholm.example"]}, ["dave@harrowmere.example"], []),
    ],
)
def test_a_reply_goes_to_whom_it_names(cast: Cast, chosen: dict[str, Any], to: list[str], cc: list[str]) -> None:
    ticket = cast.ticket(copies=[cast.dave])
    wanted = {"kind": "reply", "body_text": "On it.", **chosen}
    body = json(cast.calls(cast.anna).post(f"/tickets/{ticket.number}/messages", wanted), 201)
    assert [person["address"] for person in body["to"]] == to
    assert [person["address"] for person in body["cc"]] == cc
    assert [person["address"] for person in body["bcc"]] == chosen.get("bcc", [])


def test_a_reply_is_not_for_blind_copies_alone(cast: Cast) -> None:
    ticket = cast.ticket(copies=[cast.dave])
    wanted = {"kind": "reply", "body_text": "On it.", "bcc": ["carol@faehrholm.example"]}
    refused = json(cast.calls(cast.anna).post(f"/tickets/{ticket.number}/messages", wanted), 400)
    assert refused["errors"][0]["field"] == "bcc" and ticket.messages.count() == 1


@pytest.mark.parametrize("role", ["to", "cc", "bcc"])
def test_a_reply_goes_to_nobody_who_is_not_on_the_ticket(cast: Cast, role: str) -> None:
    ticket = cast.ticket()
    wanted = {"kind": "reply", "body_text": "On it.", role: ["carol@faehrholm.example", "dave@harrowmere.example"]}
    body = json(cast.calls(cast.anna).post(f"/tickets/{ticket.number}/messages", wanted), 400)
    assert body["errors"][0]["field"] == f"{role}.1"
    assert ticket.messages.count() == 1


def test_a_note_stays_inside_and_names_nobody(cast: Cast) -> None:
    ticket = cast.ticket()
    anna = cast.calls(cast.anna)
    body = json(anna.post(f"/tickets/{ticket.number}/messages", {"kind": "note", "body_text": "Call back."}), 201)
    assert (body["kind"], body["to"], body["delivery"]) == ("note", [], "")
    wanted = {"kind": "note", "body_text": "x", "to": ["carol@faehrholm.example"]}
    assert json(anna.post(f"/tickets/{ticket.number}/messages", wanted), 400)["errors"][0]["field"] == "to"


def test_what_was_received_reopens(cast: Cast) -> None:
    ticket = cast.ticket()
    anna = cast.calls(cast.anna)
    anna.patch(f"/tickets/{ticket.number}", {"status": "solved"})
    body = json(anna.post(f"/tickets/{ticket.number}/messages", {"kind": "received", "body_text": "Not yet."}), 201)
    assert body["author"]["kind"] == "contact"
    assert (body["trust"], body["channel"]) == ("claimed", "api")
    now = json(anna.get(f"/tickets/{ticket.number}"))
    assert (now["status_category"], now["ball"]) == ("open", "us")


@pytest.mark.parametrize("kind", ["reply", "note", "received"])
def test_fields_change_with_a_message_in_one_act(cast: Cast, kind: str) -> None:
    ticket = cast.ticket()
    anna = cast.calls(cast.anna)
    wanted = {"kind": kind, "body_text": "Done.", "set": {"status": "waiting", "tags": ["vpn"], "priority": "high"}}
    json(anna.post(f"/tickets/{ticket.number}/messages", wanted), 201)
    now = json(anna.get(f"/tickets/{ticket.number}"))
    assert (now["status"], now["tags"], now["priority"], now["version"]) == ("waiting", ["vpn"], "high", 2)
    assert len(json(anna.get(f"/tickets/{ticket.number}/events"))["items"]) == 2


def test_a_wrong_field_in_set_is_named_and_nothing_is_written(cast: Cast) -> None:
    ticket = cast.ticket()
    anna = cast.calls(cast.anna)
    for change, field in (
        ({"status": "lost"}, "set.status"),
        ({"number": "T1"}, "set.number"),
        ({"tags": [""], "team": "x"}, "set.team"),
    ):
        wanted = {"kind": "reply", "body_text": "Done.", "set": change}
        assert json(anna.post(f"/tickets/{ticket.number}/messages", wanted), 400)["errors"][0]["field"] == field
    assert ticket.messages.count() == 1


def test_a_reply_to_a_ticket_that_has_changed_is_refused(cast: Cast) -> None:
    ticket = cast.ticket()
    anna = cast.calls(cast.anna)
    anna.patch(f"/tickets/{ticket.number}", {"subject": "changed"})
    for kind in ("reply", "note", "received"):
        wanted = {"kind": kind, "body_text": "Done."}
        refused = anna.post(f"/tickets/{ticket.number}/messages", wanted, if_match='"1"')
        assert json(refused, 412)["current"]["subject"] == "changed"
    assert anna.post(f"/tickets/{ticket.number}/messages", wanted, if_match='"2"').status_code == 201


def test_html_is_cleaned_and_read_as_text(cast: Cast) -> None:
    ticket = cast.ticket()
    html = '<p onclick="x()">Dear <b>Carol</b></p><script>alert(1)</script><img src="https://evil.example/p.png">'
    body = json(
        cast.calls(cast.anna).post(f"/tickets/{ticket.number}/messages", {"kind": "reply", "body_html": html}), 201
    )
    assert "<b>Carol</b>" in body["body_html"]
    assert "script" not in body["body_html"] and "onclick" not in body["body_html"] and " src=" not in body["body_html"]
    assert body["body_text"].strip() == "Dear Carol"


def test_html_that_nests_without_end_is_refused(cast: Cast) -> None:
    ticket = cast.ticket()
    wanted = {"kind": "note", "body_html": "<div>" * 5000}
    body = json(cast.calls(cast.anna).post(f"/tickets/{ticket.number}/messages", wanted), 400)
    assert body["errors"][0]["field"] == "body_html"


def test_uploads_are_put_on_a_message_once(cast: Cast) -> None:
    ticket = cast.ticket()
    anna = cast.calls(cast.anna)
    made = anna.send("POST", "/attachments?filename=log.txt", b"line one", content_type="text/plain")
    upload = json(made, 201)
    wanted = {"kind": "reply", "body_text": "See the log.", "attachments": [upload["id"]]}
    body = json(anna.post(f"/tickets/{ticket.number}/messages", wanted), 201)
    assert [(f["id"], f["filename"], f["size"]) for f in body["attachments"]] == [(upload["id"], "log.txt", 8)]
    again = json(anna.post(f"/tickets/{ticket.number}/messages", wanted), 400)
    assert again["errors"][0]["field"] == "attachments.0"


def test_nobody_sends_the_upload_of_somebody_else(cast: Cast) -> None:
    ticket = cast.ticket(team=None)
    made = cast.calls(cast.piotr).send("POST", "/attachments?filename=a.txt", b"secret", content_type="text/plain")
    wanted = {"kind": "reply", "body_text": "x", "attachments": [json(made, 201)["id"]]}
    refused = cast.calls(cast.anna).post(f"/tickets/{ticket.number}/messages", wanted)
    assert json(refused, 400)["errors"][0]["field"] == "attachments.0"


def test_messages_are_listed_oldest_first_and_paged(cast: Cast) -> None:
    ticket = cast.ticket()
    for number in range(4):
        services.add_note(ticket, by=TEST, agent=cast.anna, content=Content(f"note {number}"))
    anna = cast.calls(cast.anna)
    first = json(anna.get(f"/tickets/{ticket.number}/messages?limit=3"), 200)
    rest = json(anna.get(f"/tickets/{ticket.number}/messages?limit=3&cursor={first['next']}"), 200)
    texts = [message["body_text"] for message in first["items"] + rest["items"]]
    assert texts == ["The VPN is down.", "note 0", "note 1", "note 2", "note 3"]
    assert rest["next"] is None


def test_a_held_message_says_so(cast: Cast) -> None:
    ticket = cast.ticket()
    services.add_received(
        ticket,
        by=TEST,
        contact=cast.dave,
        content=Content("me too"),
        channel=Channel.MAIL,
        trust=Trust.CLAIMED,
        is_held=True,
    )
    items = json(cast.calls(cast.anna).get(f"/tickets/{ticket.number}/messages"), 200)["items"]
    assert [message["held"] for message in items] == [False, True]


def test_a_list_of_messages_costs_few_queries(cast: Cast) -> None:
    ticket = cast.ticket()
    for _number in range(30):
        services.add_note(ticket, by=TEST, agent=cast.anna, content=Content("note"))
    anna = cast.calls(cast.anna)
    anna.get("/teams")
    with CaptureQueriesContext(connection) as queries:
        assert len(json(anna.get(f"/tickets/{ticket.number}/messages"), 200)["items"]) == 31
    assert len(queries) <= 8, [query["sql"] for query in queries]


@pytest.mark.parametrize(
    "wanted",
    [{"kind": "reply"}, {"kind": "reply", "body_text": ""}, {"kind": "sms", "body_text": "x"}, {"body_text": "x"}],
)
def test_a_message_needs_kind_and_words(cast: Cast, wanted: dict[str, str]) -> None:
    ticket = cast.ticket()
    assert cast.calls(cast.anna).post(f"/tickets/{ticket.number}/messages", wanted).status_code == 400
    assert Message.objects.count() == 1
