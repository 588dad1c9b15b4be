"""S24: a write changes the fields it names and no others: every column of the model is tried (P4)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models
from django.test import Client

from tests.cast import TEST, Cast, make_cast
from tresen.core.people.models import Agent, Brand, Contact, Organisation, Role, Team, User
from tresen.core.tickets.custom_fields import create_field
from tresen.core.tickets.models import Attachment, Message, Ticket
from tresen.faces.api.interface import schema
from tresen.faces.api.limits import requests_of_tokens

VALUES: tuple[Any, ...] = (1, "1", True, None, [], {}, "admin", "2020-01-01T00:00:00Z", [1], {"id": 1})
# What may be written, and the model it could reach.
TARGETS: dict[str, tuple[type[models.Model], ...]] = {
    "TicketChange": (Ticket,),
    "TicketCreate": (Ticket, Message, Attachment),
    "TicketAssign": (Ticket,),
    "Requester": (Contact, User),
    "MessageCreate": (Message, Ticket),
    "ContactCreate": (Contact, User),
    "ContactChange": (Contact, User),
    "OrganisationCreate": (Organisation,),
    "OrganisationChange": (Organisation,),
    "TeamCreate": (Team,),
    "TeamChange": (Team,),
}
MUST_NOT = set(
    "id pk number version created_at updated_at password is_active is_admin role user user_id html html_source is_held "
    "is_unconfirmed trust why delivery author agent contact requester_id last_text closed_at solved_at "
    "token_hash is_superuser is_staff sender internal imap_host smtp_host letters last_number".split()
)


@pytest.fixture
def cast(db: None) -> Iterator[Cast]:
    requests_of_tokens.forget()
    yield make_cast()


def test_s24_every_body_of_the_schema_refuses_what_it_does_not_name() -> None:
    shapes = schema()["components"]["schemas"]
    bodies = {name for name, told in shapes.items() if "additionalProperties" in told}
    assert set(TARGETS) <= bodies
    assert all(shapes[name]["additionalProperties"] is False for name in bodies)
    for name in bodies - {"ById"}:
        named = set(shapes[name]["properties"])
        assert not named & MUST_NOT - ({"id"} if name == "Requester" else set()), name


def _row(row: models.Model) -> dict[str, Any]:
    return dict(type(row)._default_manager.filter(pk=row.pk).values().get())


@pytest.mark.parametrize("who", ["anna", "ada"])
def test_s24_no_column_can_be_written_by_its_name(cast: Cast, who: str, full_size: bool) -> None:
    agent = getattr(cast, who)
    ticket = cast.ticket()
    caller = cast.calls(agent)
    values = VALUES if full_size else VALUES[:1]
    requests_of_tokens.limit, limit = 10**6, requests_of_tokens.limit
    try:
        for path, row, name in (
            (f"/tickets/{ticket.number}", ticket, "TicketChange"),
            (f"/contacts/{cast.carol.pk}", cast.carol, "ContactChange"),
            (f"/organisations/{cast.faehrholm.pk}", cast.faehrholm, "OrganisationChange"),
            (f"/teams/{cast.netz.pk}", cast.netz, "TeamChange"),
        ):
            allowed = set(schema()["components"]["schemas"][name]["properties"])
            before = _row(row)
            for field in {field.name for field in row._meta.get_fields()} | MUST_NOT:
                for value in values if field not in allowed else ():
                    status = caller.patch(path, {field: value}).status_code
                    assert status == 400 or (status == 403 and who == "anna" and "teams" in path), (path, field, value)
            assert _row(row) == before
    finally:
        requests_of_tokens.limit = limit


def test_s24_a_new_object_is_made_of_named_fields_only(cast: Cast) -> None:
    ada = cast.calls(cast.ada)
    new = {"subject": "x", "body_text": "x", "requester": {"email": "n@shop.example"}}
    before = (Ticket.objects.count(), Contact.objects.count(), Team.objects.count(), Agent.objects.count())
    for field in sorted(MUST_NOT):
        assert ada.post("/tickets", {**new, field: 1}).status_code == 400
        assert ada.post("/contacts", {"name": "x", field: 1}).status_code == 400
        assert ada.post("/teams", {"name": "x", field: 1}).status_code == 400
    for field in sorted(MUST_NOT - {"id"}):
        assert ada.post("/tickets", {**new, "requester": {"email": "n@shop.example", field: 1}}).status_code == 400
    after = (Ticket.objects.count(), Contact.objects.count(), Team.objects.count(), Agent.objects.count())
    assert after == before


def test_s24_nobody_can_be_made_an_agent_or_administrator(cast: Cast) -> None:
    ada = cast.calls(cast.ada)
    for path, body in (
        ("/agents", {"name": "x", "email": "x@x.example", "role": "admin"}),
        (f"/agents/{cast.anna.pk}", {"role": "admin"}),
        (f"/brands/{cast.brand.pk}", {"letters": "X"}),
    ):
        assert ada.post(path, body).status_code in {404, 405}
        assert ada.patch(path, body).status_code in {404, 405}
    assert Agent.objects.get(pk=cast.anna.pk).role_id == Role.AGENT
    assert Brand.objects.get().letters == "T"


def test_s24_fields_of_the_desks_own_are_those_that_there_are_and_no_columns(cast: Cast) -> None:
    create_field(names={"en": "Rack"}, kind="text", by=TEST)
    create_field(names={"en": "Site"}, kind="text", for_customers=True, by=TEST)
    ticket, calls, anna = cast.ticket(), cast.calls(cast.anna), cast.browser(cast.anna)
    before = _row(ticket)
    for field in sorted(
        {field.name for field in Ticket._meta.get_fields()} | MUST_NOT | {"__class__", "fields.rack", ""}
    ):
        assert calls.patch(f"/tickets/{ticket.number}", {"fields": {field: 1}}).status_code == 400, field
        anna.post(f"/desk/tickets/{ticket.number}/custom/", {"was": "{}", f"f_{field}": "1"})
    assert _row(ticket) == before
    guest = Client()
    key = guest.get("/requests/new/").context["form"].initial["key"]
    sent = {
        "name": "Eve",
        "email": "eve@evil.example",
        "subject": "Own fields",
        "text": "Help.",
        "reach": "me",
        "key": key,
    }
    more = {"f_rack": "7", "f_site": "Rome", "f_number": "T1", "fields": '{"rack": 7}', "asked": "rack"}
    assert guest.post("/requests/new/", {**sent, **more}).status_code == 302
    assert Ticket.objects.get(subject="Own fields").fields == {"site": "Rome"}
