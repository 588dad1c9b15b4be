"""Tickets through the interface."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Cast, json
from tresen.core.people.models import Contact
from tresen.core.teamwork.models import Snooze
from tresen.core.tickets import choices
from tresen.core.tickets.merging import merge
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.tagging import tags_named
from tresen.faces.api.tickets import schemas
from tresen.kit import clock
from tresen.spine.events.models import Event

FIELDS = set(
    "number subject status status_category ball impact urgency priority type language category channel team level "
    "assignee requester organisation brand tags fields created_at updated_at first_response_at solved_at "
    "closed_at merged_into version".split()
)
NEW = {"subject": "Printer", "body_text": "It blinks.", "requester": {"email": "carol@faehrholm.example"}}


def test_a_new_ticket_has_a_number_and_every_field_of_the_contract(cast: Cast) -> None:
    body = json(cast.calls(cast.anna).post("/tickets", NEW), 201)
    assert set(body) == FIELDS
    assert body["number"].startswith("T")
    assert (body["status_category"], body["ball"], body["channel"]) == ("new", "us", "api")
    assert (body["impact"], body["urgency"], body["priority"]) == ("one", "medium", "normal")
    assert (body["level"], body["category"], body["fields"]) == (1, None, {})
    assert body["requester"] == {"id": cast.carol.pk, "name": "Carol", "email": "carol@faehrholm.example"}
    assert body["organisation"] == {"id": cast.faehrholm.pk, "name": "Fährholm Logistik"}
    assert body["created_at"].endswith("Z")


def test_creating_answers_with_address_and_etag(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    made = anna.post("/tickets", NEW)
    seen = anna.get(made.headers["Location"])
    assert json(seen, 200) == json(made)
    assert seen.headers["ETag"] == made.headers["ETag"]
    assert made.headers["ETag"].startswith('"1-')


def test_everything_else_can_be_said_when_creating(cast: Cast) -> None:
    wanted = {
        **NEW,
        "team": "orders",
        "assignee": "piotr@lindhafen.example",
        "impact": "all",
        "urgency": "high",
        "type": "question",
        "channel": "phone",
        "tags": ["vpn", "Site B"],
        "status": "waiting",
        "brand": cast.brand.pk,
    }
    body = json(cast.calls(cast.anna).post("/tickets", wanted), 201)
    assert body["team"] == {"id": cast.orders.pk, "slug": "orders", "name": "Orders"}
    assert body["assignee"] == {"id": cast.piotr.pk, "name": "Piotr Wieczorek", "email": "piotr@lindhafen.example"}
    assert (body["priority"], body["type"], body["channel"]) == ("urgent", "question", "phone")
    assert (body["status"], body["status_category"], body["ball"]) == ("waiting", "waiting", "customer")
    assert body["tags"] == ["Site B", "vpn"]
    assert body["version"] == 1
    assert Event.objects.filter(stream_kind="ticket").count() == 1


@pytest.mark.parametrize(
    "requester", [{"email": "new@shop.example", "name": "Nina"}, {"phone": "+49 30 1234567", "name": "Nina"}]
)
def test_an_unknown_requester_becomes_a_contact(cast: Cast, requester: dict[str, str]) -> None:
    body = json(cast.calls(cast.anna).post("/tickets", {**NEW, "requester": requester}), 201)
    assert body["requester"]["name"] == "Nina"
    assert Contact.objects.filter(pk=body["requester"]["id"], name="Nina").exists()


def test_a_requester_can_be_named_by_id(cast: Cast) -> None:
    body = json(cast.calls(cast.anna).post("/tickets", {**NEW, "requester": {"id": cast.dave.pk}}), 201)
    assert body["requester"]["id"] == cast.dave.pk


def test_a_ticket_from_an_address_nobody_proved_is_marked_so(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    by_api = json(anna.post("/tickets", NEW), 201)["number"]
    by_phone = json(anna.post("/tickets", {**NEW, "channel": "phone"}), 201)["number"]
    cast.carol.identities.update(verified_at="2026-01-01T00:00:00Z")
    proven = json(anna.post("/tickets", NEW), 201)["number"]
    marks = dict(Ticket.objects.values_list("number", "is_unconfirmed"))
    assert (marks[by_api], marks[by_phone], marks[proven]) == (True, False, False)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": 7}, "subject"),
        ({"subject": "x" * 301}, "subject"),
        ({"subject": "nul\0"}, "subject"),
        ({"body_text": "  "}, "body_text"),
        ({"body_text": ["a"]}, "body_text"),
        ({"requester": {}}, "requester"),
        ({"requester": {"email": "no address"}}, "requester.email"),
        ({"requester": {"phone": "ask for 123"}}, "requester.phone"),
        ({"requester": {"id": 999999}}, "requester.id"),
        ({"requester": {"id": "1"}}, "requester.id"),
        ({"requester": {"id": 10**30}}, "requester.id"),
        ({"requester": {"email": "a@b.example", "role": "admin"}}, "requester.role"),
        ({"requester": "carol"}, "requester"),
        ({"impact": 3}, "impact"),
        ({"impact": "most"}, "impact"),
        ({"priority": "4"}, "priority"),
        ({"team": "nowhere"}, "team"),
        ({"team": 999999}, "team"),
        ({"assignee": "nobody@nowhere.example"}, "assignee"),
        ({"status": "lost"}, "status"),
        ({"tags": "vpn"}, "tags"),
        ({"tags": [1]}, "tags.0"),
        ({"attachments": ["not-an-id"]}, "attachments.0"),
        ({"attachments": ["00000000-0000-0000-0000-000000000000"]}, "attachments.0"),
        ({"brand": 999999}, "brand"),
        ({"number": "T1"}, "number"),
        ({"created_at": "2020-01-01T00:00:00Z"}, "created_at"),
        ({"Version": 4}, "Version"),
    ],
)
def test_a_wrong_field_is_named(cast: Cast, change: dict[str, Any], field: str) -> None:
    response = cast.calls(cast.anna).post("/tickets", {**NEW, **change})
    body = json(response, 400)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert [error["field"] for error in body["errors"]] == [field]
    assert body["errors"][0]["pointer"] == "#/" + field.replace(".", "/")
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("kind", ["digit", "swap", "short", "words", "long"])
def test_a_number_that_cannot_be_right_is_an_unknown_ticket(cast: Cast, kind: str) -> None:
    number = cast.ticket().number
    wrong = {
        "digit": f"{number[:-1]}{(int(number[-1]) + 1) % 10}", "swap": "T" + "21", "short": "T", "words": "T%20none",
        "long": "T" + "1" * 300,
    }[kind]  # fmt: skip
    anna = cast.calls(cast.anna)
    bodies = [json(anna.get(f"/tickets/{spoken}"), 404) for spoken in (wrong, "T999999")]
    assert bodies[0]["status"] == 404
    assert {k: v for k, v in bodies[0].items() if k != "instance"} == {
        k: v for k, v in bodies[1].items() if k != "instance"
    }


def test_a_number_can_be_written_as_it_is_spoken(cast: Cast) -> None:
    ticket = cast.ticket()
    anna = cast.calls(cast.anna)
    digits = ticket.number[1:]
    for spoken in (ticket.number, ticket.number.lower(), f"T%20{digits[:-1]}-{digits[-1]}", f"%23{ticket.number}"):
        assert json(anna.get(f"/tickets/{spoken}"), 200)["number"] == ticket.number


def test_a_change_comes_back_changed(cast: Cast) -> None:
    ticket = cast.ticket()
    change = {"subject": "VPN again", "status": "solved", "tags": ["vpn"], "assignee": "me", "urgency": "high"}
    body = json(cast.calls(cast.anna).patch(f"/tickets/{ticket.number}", change), 200)
    assert (body["subject"], body["status"], body["tags"], body["priority"]) == ("VPN again", "solved", ["vpn"], "high")
    assert body["assignee"]["id"] == cast.anna.pk
    assert body["solved_at"]
    assert body["version"] == 2


def test_team_and_assignee_can_be_taken_away(cast: Cast) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    body = json(cast.calls(cast.anna).patch(f"/tickets/{ticket.number}", {"assignee": None, "team": None}), 200)
    assert (body["team"], body["assignee"]) == (None, None)


@pytest.mark.parametrize(
    "field", ["requester", "level", "category", "fields", "status_category", "id", "is_unconfirmed"]
)
def test_what_cannot_be_changed_is_refused(cast: Cast, field: str) -> None:
    ticket = cast.ticket()
    body = json(cast.calls(cast.anna).patch(f"/tickets/{ticket.number}", {field: "open"}), 400)
    assert body["errors"][0]["field"] == field


def test_null_is_refused_where_a_field_cannot_be_empty(cast: Cast) -> None:
    ticket = cast.ticket()
    for field in ("subject", "status", "priority", "tags", "ball"):
        assert (
            json(cast.calls(cast.anna).patch(f"/tickets/{ticket.number}", {field: None}), 400)["errors"][0]["field"]
            == field
        )


def test_a_stale_change_is_refused_with_the_ticket_as_it_is(cast: Cast) -> None:
    ticket = cast.ticket()
    anna = cast.calls(cast.anna)
    etag = anna.get(f"/tickets/{ticket.number}").headers["ETag"]
    assert anna.patch(f"/tickets/{ticket.number}", {"subject": "first"}, if_match=etag).status_code == 200
    refused = anna.patch(f"/tickets/{ticket.number}", {"subject": "second"}, if_match=etag)
    body = json(refused, 412)
    assert body["current"]["subject"] == "first"
    assert refused.headers["ETag"] == anna.get(f"/tickets/{ticket.number}").headers["ETag"] != etag
    assert refused.headers["ETag"].startswith('"2-')
    assert anna.patch(f"/tickets/{ticket.number}", {"subject": "third"}, if_match='W/"2"').status_code == 200
    assert anna.patch(f"/tickets/{ticket.number}", {"subject": "fourth"}, if_match="*").status_code == 200


def test_an_unchanged_ticket_need_not_be_sent_again(cast: Cast) -> None:
    ticket = cast.ticket()
    anna = cast.calls(cast.anna)
    etag = anna.get(f"/tickets/{ticket.number}").headers["ETag"]
    assert anna.get(f"/tickets/{ticket.number}", if_none_match=etag).status_code == 304
    assert anna.get(f"/tickets/{ticket.number}", if_none_match='"0"').status_code == 200


def test_a_ticket_sleeps_and_is_woken(cast: Cast) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    anna, address = cast.calls(cast.anna), f"/tickets/{ticket.number}/snooze"
    until = (clock.now() + timedelta(days=2)).isoformat()
    assert json(anna.post(address, {"until": until, "reason": "Part is ordered"}), 200)["ball"] == "date"
    assert Snooze.objects.get(ended_at=None).reason == "Part is ordered"
    assert json(anna.post(address, {"until": None}), 200)["ball"] == "us"
    assert not Snooze.objects.filter(ended_at=None).exists()
    for wrong in ("2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z", "2027-01-01T00:00:00", "soon"):
        assert json(anna.post(address, {"until": wrong}), 400)["errors"][0]["field"] == "until"
    assert cast.calls(cast.piotr).post(address, {"until": until}).status_code == 404


def test_assigning_gives_to_team_and_agent(cast: Cast) -> None:
    ticket = cast.ticket()
    anna = cast.calls(cast.anna)
    body = json(
        anna.post(f"/tickets/{ticket.number}/assign", {"team": cast.netz.pk, "assignee": {"id": cast.anna.pk}}), 200
    )
    assert (body["team"]["id"], body["assignee"]["id"]) == (cast.netz.pk, cast.anna.pk)
    assert json(anna.post(f"/tickets/{ticket.number}/assign", {}), 400)["errors"][0]["field"] == "assignee"


def test_the_events_of_a_ticket_tell_its_story(cast: Cast) -> None:
    ticket = cast.ticket()
    anna = cast.calls(cast.anna)
    anna.patch(f"/tickets/{ticket.number}", {"priority": "urgent"})
    items = json(anna.get(f"/tickets/{ticket.number}/events"), 200)["items"]
    assert [event["kind"] for event in items] == ["ticket.created", "ticket.changed"]
    assert items[1]["actor"] == {"kind": "agent", "id": cast.anna.pk, "name": "Anna Kowalczyk"}
    assert items[1]["changes"] == {"priority": ["normal", "urgent"]}


def test_a_list_of_fifty_tickets_costs_few_queries(cast: Cast) -> None:
    tags = tags_named(["vpn", "site b"], by=TEST)
    for number in range(52):
        ticket = cast.ticket(f"Ticket {number}", assignee=cast.anna)
        ticket.tags.set(tags)
    anna = cast.calls(cast.anna)
    anna.get("/tickets?limit=1")
    with CaptureQueriesContext(connection) as queries:
        body = json(anna.get("/tickets"), 200)
    assert len(body["items"]) == 50
    assert body["items"][0]["tags"] == ["site b", "vpn"]
    assert len(queries) <= 6, [query["sql"] for query in queries]


@pytest.mark.parametrize("sort", ["-updated_at", "updated_at", "created_at", "-created_at", "priority", "-priority"])
def test_a_cursor_walks_the_whole_list_once(cast: Cast, sort: str) -> None:
    for number in range(7):
        cast.ticket(f"Ticket {number}", urgency=number % 3 + 1)
    anna = cast.calls(cast.anna)
    seen: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next": ""}
    while page["next"] is not None:
        more = f"&cursor={page['next']}" if page["next"] else ""
        page = json(anna.get(f"/tickets?limit=2&sort={sort}{more}"), 200)
        assert len(page["items"]) <= 2
        seen += page["items"]
    assert len({ticket["number"] for ticket in seen}) == len(seen) == 7
    if "priority" in sort:
        ranks = [schemas.PRIORITIES.index(ticket["priority"]) for ticket in seen]
    else:
        ranks = [ticket[sort.removeprefix("-")] for ticket in seen]
    assert ranks == sorted(ranks, reverse=sort.startswith("-"))


def test_a_cursor_is_good_for_its_own_list_only(cast: Cast) -> None:
    for number in range(3):
        cast.ticket(f"Ticket {number}")
    anna = cast.calls(cast.anna)
    cursor = json(anna.get("/tickets?limit=1"))["next"]
    body, _dot, mac = cursor.partition(".")
    wrong = [
        f"/tickets?limit=1&sort=created_at&cursor={cursor}",
        f"/contacts?cursor={cursor}",
        f"/tickets?cursor={body}.{'a' * len(mac)}",
        f"/tickets?cursor={body}",
        "/tickets?cursor=",
        "/tickets?cursor=%00",
        "/tickets?cursor=" + "9" * 2000,
    ]
    for path in wrong:
        assert json(anna.get(path), 400)["errors"][0]["field"] == "cursor", path


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("sort=password", "sort"),
        ("sort=requester__user__password", "sort"),
        ("sort=", "sort"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=many", "limit"),
        ("offset=3", "offset"),
        ("requester__name=x", "requester__name"),
        ("limit=1&limit=2", "limit"),
        ("query=colour:red", "query"),
    ],
)
def test_a_wrong_parameter_is_named(cast: Cast, query: str, field: str) -> None:
    body = json(cast.calls(cast.anna).get(f"/tickets?{query}"), 400)
    assert [error["parameter"] for error in body["errors"]] == [field]


def test_the_list_understands_the_search_line(cast: Cast) -> None:
    cast.ticket("VPN tunnel")
    cast.ticket("Printer")
    anna = cast.calls(cast.anna)
    assert [t["subject"] for t in json(anna.get("/tickets?query=tunnel"))["items"]] == ["VPN tunnel"]
    assert len(json(anna.get("/tickets?query=status:new"))["items"]) == 2
    assert json(anna.get("/search?query=printer"))["items"][0]["ticket"]["subject"] == "Printer"


def test_the_words_of_the_schema_are_those_of_the_tables() -> None:
    assert [w.upper() for w in schemas.IMPACTS] == choices.Impact.names
    assert [w.upper() for w in schemas.URGENCIES] == choices.Urgency.names
    assert [w.upper() for w in schemas.PRIORITIES] == choices.Priority.names


def test_what_is_done_on_a_merged_ticket_is_refused_with_the_number_of_the_one_it_leads_to(cast: Cast) -> None:
    source, target, third = cast.ticket(), cast.ticket(), cast.ticket()
    merge(source, into=target, by=TEST, agent=cast.anna)
    merge(target, into=third, by=TEST, agent=cast.anna)
    anna, at = cast.calls(cast.anna), f"/tickets/{source.number}"
    seen = anna.get(at).headers["ETag"]
    tomorrow = f"{clock.now() + timedelta(days=1):%Y-%m-%dT%H:%M}:00Z"
    posts: list[tuple[str, dict[str, Any]]] = [
        ("assign", {"assignee": "me"}), ("snooze", {"until": tomorrow}), ("snooze", {"until": None}),
        ("split", {"messages": [0]}), ("merge", {"into": cast.ticket().number}),
    ]  # fmt: skip
    acts = [
        anna.patch(at, {"subject": "x"}), anna.patch(at, {"subject": "x"}, if_match=seen),
        *(anna.post(f"{at}/{act}", body) for act, body in posts),
        *(anna.post(f"{at}/messages", {"kind": kind, "body_text": "x"}) for kind in ("reply", "note", "received")),
    ]  # fmt: skip
    told = [json(answer) for answer in acts]
    assert [body["status"] for body in told] == [409] * len(acts), told
    assert all(body["type"].endswith("#merged") and body["merged_into"] == third.number for body in told)
    assert json(anna.patch(at, {"subject": "x"}, if_match='"1"'), 412)["current"]["merged_into"] == target.number
    Ticket.objects.filter(pk=third.pk).update(team=cast.orders)
    assert json(anna.patch(at, {"subject": "x"}), 409)["merged_into"] is None
