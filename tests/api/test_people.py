"""Contacts, organisations, agents, teams, brands, statuses and tags through the interface."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Cast, json
from tresen.core.people.models import Contact, Organisation, Team
from tresen.core.people.services import create_contact
from tresen.spine.events.models import Event


def test_a_contact_is_made_with_its_addresses(cast: Cast) -> None:
    wanted = {
        "name": "Nina Möller",
        "emails": ["nina@shop.example", "n.moeller@shop.example"],
        "phones": ["+49 30 1234"],
        "language": "de",
        "organisation": cast.faehrholm.pk,
        "notes": "calls late",
    }
    made = cast.calls(cast.anna).post("/contacts", wanted)
    body = json(made, 201)
    assert (body["name"], body["email"], body["language"], body["version"]) == (
        "Nina Möller",
        "nina@shop.example",
        "de",
        1,
    )
    assert [(i["kind"], i["value"], i["main"]) for i in body["identities"]] == [
        ("mail", "nina@shop.example", True),
        ("mail", "n.moeller@shop.example", False),
        ("phone", "+49 30 1234", True),
    ]
    assert body["organisation"]["name"] == "Fährholm Logistik"
    assert json(cast.calls(cast.anna).get(made.headers["Location"]), 200) == body


def test_an_address_belongs_to_one_contact(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    body = json(anna.post("/contacts", {"name": "Twin", "email": "Carol@faehrholm.example"}), 409)
    assert body["contact"]["id"] == cast.carol.pk
    refused = anna.patch(f"/contacts/{cast.dave.pk}", {"emails": ["carol@faehrholm.example"]})
    assert refused.status_code == 409
    assert Contact.objects.count() == 2


def test_a_contact_is_changed_and_a_stale_change_refused(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    path = f"/contacts/{cast.carol.pk}"
    etag = anna.get(path).headers["ETag"]
    change = {"name": "Carol B.", "emails": ["cb@faehrholm.example"], "timezone": "Europe/Warsaw", "organisation": None}
    body = json(anna.patch(path, change, if_match=etag), 200)
    assert (body["name"], body["email"], body["timezone"], body["organisation"]) == (
        "Carol B.",
        "cb@faehrholm.example",
        "Europe/Warsaw",
        None,
    )
    refused = anna.patch(path, {"name": "Caroline"}, if_match=etag)
    assert json(refused, 412)["current"]["name"] == "Carol B."


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"emails": ["nobody"]}, "emails.0"),
        ({"emails": "a@b.example"}, "emails"),
        ({"phones": ["call me"]}, "phones.0"),
        ({"phones": ["+49 30 1234", "room 1234"]}, "phones.1"),
        ({"phones": ["1" * 21]}, "phones.0"),
        ({"timezone": "Moon/Crater"}, "timezone"),
        ({"language": "xx"}, "language"),
        ({"organisation": 999999}, "organisation"),
        ({"name": " "}, "name"),
        ({"user": 1}, "user"),
        ({"version": 7}, "version"),
    ],
)
def test_a_wrong_field_of_a_contact_is_named(cast: Cast, change: dict[str, Any], field: str) -> None:
    body = json(cast.calls(cast.anna).patch(f"/contacts/{cast.carol.pk}", change), 400)
    assert [error["field"] for error in body["errors"]] == [field]


def test_contacts_are_found_by_a_part_of_name_or_address(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    assert [c["name"] for c in json(anna.get("/contacts?query=harrow"), 200)["items"]] == ["Dave"]
    assert [c["name"] for c in json(anna.get("/contacts?sort=name"), 200)["items"]] == ["Carol", "Dave"]


def test_a_list_of_contacts_costs_few_queries(cast: Cast) -> None:
    for number in range(30):
        create_contact(name=f"C{number}", mails=[f"c{number}@x.example"], organisation=cast.faehrholm, by=TEST)
    anna = cast.calls(cast.anna)
    anna.get("/teams")
    with CaptureQueriesContext(connection) as queries:
        assert len(json(anna.get("/contacts"), 200)["items"]) == 32
    assert len(queries) <= 8


def test_an_organisation_is_made_and_changed(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    made = anna.post("/organisations", {"name": "Zielony Wiatrak", "domains": ["Wiatrak.example"]})
    assert json(made, 201)["domains"] == ["wiatrak.example"]
    path = made.headers["Location"]
    etag = made.headers["ETag"]
    assert json(anna.patch(path, {"notes": "pays late"}, if_match=etag), 200)["notes"] == "pays late"
    assert json(anna.patch(path, {"notes": "pays"}, if_match=etag), 412)["current"]["notes"] == "pays late"
    assert json(anna.patch(path, {"domains": ["no domain"]}), 400)["errors"][0]["field"] == "domains"
    assert [o["name"] for o in json(anna.get("/organisations?query=wiatr"))["items"]] == ["Zielony Wiatrak"]
    assert set(Event.objects.filter(stream_kind="organisation").values_list("kind", flat=True)) == {
        "organisation.created",
        "organisation.changed",
    }


def test_agents_are_listed_with_their_teams(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    items = json(anna.get("/agents"), 200)["items"]
    assert [(a["name"], a["role"], [t["slug"] for t in a["teams"]]) for a in items] == [
        ("Anna Kowalczyk", "agent", ["netz"]),
        ("Piotr Wieczorek", "agent", ["orders"]),
        ("Ada Berg", "admin", []),
    ]
    assert json(anna.get(f"/agents/{cast.ada.pk}"), 200)["email"] == "ada@lindhafen.example"


def test_only_administrators_change_teams(cast: Cast) -> None:
    for caller in (cast.calls(cast.anna), cast.calls(cast.ada, "write")):
        assert caller.post("/teams", {"name": "Field"}).status_code == 403
        assert caller.patch(f"/teams/{cast.netz.pk}", {"name": "X"}).status_code == 403
    ada = cast.calls(cast.ada)
    made = ada.post("/teams", {"name": "Außendienst Łódź", "description": "on the road"})
    assert json(made, 201)["slug"] == "aussendienst-lodz"
    assert json(ada.patch(made.headers["Location"], {"active": False}), 200)["active"] is False
    assert ada.post("/teams", {"name": "Netz"}).status_code == 409
    assert json(ada.patch(f"/teams/{cast.netz.pk}", {"slug": "Not A Slug"}), 400)["errors"][0]["field"] == "slug"
    assert Team.objects.get(pk=cast.netz.pk).name == "Netz"


def test_brands_statuses_and_tags_can_be_read(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    assert json(anna.get("/brands"), 200)["items"][0]["letters"] == "T"
    assert json(anna.get(f"/brands/{cast.brand.pk}"), 200)["name"] == "Lindhafen IT"
    statuses = json(anna.get("/statuses", accept_language="de"), 200)["items"]
    assert [s["slug"] for s in statuses] == ["new", "open", "waiting", "on-hold", "solved", "closed"]
    assert statuses[4]["name"] == "Gelöst"
    ticket = cast.ticket()
    anna.patch(f"/tickets/{ticket.number}", {"tags": ["vpn", "printer"]})
    assert [t["name"] for t in json(anna.get("/tags"), 200)["items"]] == ["printer", "vpn"]
    assert [t["name"] for t in json(anna.get("/tags?query=vp"), 200)["items"]] == ["vpn"]


def test_what_is_not_there_is_404_everywhere(cast: Cast) -> None:
    anna = cast.calls(cast.anna)
    bodies = set()
    for path in (
        "/tickets/T999999", "/tickets/nonsense", "/contacts/999999", "/contacts/0", "/contacts/abc",
        "/contacts/" + "9" * 30,
        "/organisations/999999", "/agents/999999", "/teams/999999", "/brands/999999", "/nothing", "/tickets/",
        "/attachments/00000000-0000-0000-0000-000000000000", "/attachments/abc",
    ):  # fmt: skip
        response = anna.get(path)
        assert response.status_code == 404, path
        assert response.headers["Content-Type"] == "application/problem+json"
        bodies.add(response.content)
    assert len(bodies) == 1
    assert Organisation.objects.count() == 2
