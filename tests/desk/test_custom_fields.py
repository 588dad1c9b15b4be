"""Fields of the desk's own: set up, filled in beside the ticket, told, taken back, asked for before it is solved."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Cast, json
from tests.desk.conftest import HTMX, tree, value, words
from tresen.core.people.principals import Principal
from tresen.core.tickets.changes import WrongValue
from tresen.core.tickets.custom_fields import FieldRefused, change_field, create_field
from tresen.core.tickets.field_models import CustomField, FieldKind
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.operations import start
from tresen.core.tickets.services import update_ticket
from tresen.core.tickets.undoing import undo
from tresen.service.search.completion import complete
from tresen.service.search.services import apply_query
from tresen.service.webhooks.models import Delivery
from tresen.service.webhooks.services import create_endpoint
from tresen.spine.events.models import Event

SITES = [{"names": {"en": "Berlin", "de": "Berlin", "pl": "Berlin"}}, {"names": {"en": "Poznan", "de": "Posen"}}]


def a_field(name: str, kind: str, **more: Any) -> CustomField:
    return create_field(names={"en": name}, kind=kind, by=TEST, **more)


def now(ticket: Ticket) -> Any:
    return Ticket.objects.get(pk=ticket.pk).fields


def test_a_field_is_made_changed_and_put_to_rest_in_the_settings(cast: Cast) -> None:
    ada = cast.browser(cast.ada)
    sent: dict[str, Any] = {
        "name_en": "Site", "name_de": "Standort", "kind": "choice", "required": "never", "position": 1,
        "choice": ["", "", ""], "choice_en": ["Berlin", "Poznan", ""], "choice_de": ["Berlin", "Posen", ""],
        "choice_pl": ["", "", ""], "types": ["incident"], "teams": [cast.netz.pk],
    }  # fmt: skip
    assert ada.post("/settings/fields/new/", sent).status_code == 302
    field = CustomField.objects.get()
    assert (field.slug, field.types, field.teams) == ("site", ["incident"], [cast.netz.pk])
    page = tree(ada.get(f"/settings/fields/{field.pk}/"))
    mark = value(page, "[name=mark]")
    changed = sent | {
        "mark": mark,
        "choice": ["poznan"],
        "choice_en": ["Poznań"],
        "choice_de": ["Posen"],
        "choice_pl": [""],
    }
    assert ada.post(f"/settings/fields/{field.pk}/", changed).status_code == 302
    field.refresh_from_db()
    assert [(c["slug"], c["is_active"]) for c in field.choices] == [("poznan", True), ("berlin", False)]
    assert not field.is_active  # the switch was not sent
    assert ada.post(f"/settings/fields/{field.pk}/", changed).status_code == 409
    assert (
        ada.post("/settings/fields/new/", sent | {"choice_en": ["", "", ""], "choice_de": ["", "", ""]}).status_code
        == 422
    )
    assert {e.kind for e in Event.objects.filter(kind__startswith="field.")} == {"field.created", "field.changed"}


def test_a_name_that_a_search_line_knows_is_not_taken(cast: Cast) -> None:
    assert a_field("Status", "text").slug == "status-2"
    assert a_field("Numer", "text").slug == "numer-2"  # the Polish name of another field
    assert a_field("1. Rack", "text").slug == "rack"


def test_fields_stand_beside_the_tickets_they_are_for_and_are_filled_in_there(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    assert "custom-fields" not in anna.get(f"/desk/tickets/{ticket.number}/").content.decode()
    a_field("Rack", FieldKind.NUMBER), a_field("Site", FieldKind.CHOICE, choices=SITES)
    a_field("Invoice", FieldKind.TEXT, teams=[cast.orders.pk])
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/")).css_first("#custom-fields")
    assert page is not None and "Rack" in words(page) and "Invoice" not in words(page)
    form = tree(anna.get(f"/desk/tickets/{ticket.number}/custom/"))
    sent = {"was": value(form, "[name=was]"), "f_rack": "12.5", "f_site": "poznan"}
    answer = anna.post(f"/desk/tickets/{ticket.number}/custom/", sent)
    assert answer.status_code == 302 and now(ticket) == {"rack": 12.5, "site": "poznan"}
    event = Event.objects.get(kind="ticket.changed")
    assert event.changes == {"fields.rack": [None, 12.5], "fields.site": [None, "poznan"]}
    shown = words(tree(anna.get(f"/desk/tickets/{ticket.number}/")).body)
    assert "Poznan" in shown and "Rack: – → 12.5" in shown


def test_of_two_who_change_one_field_the_second_sees_both_values(cast: Cast, anna: Client) -> None:
    a_field("Rack", FieldKind.NUMBER), a_field("Serial", FieldKind.TEXT)
    ticket = cast.ticket()
    was = value(tree(anna.get(f"/desk/tickets/{ticket.number}/custom/")), "[name=was]")
    update_ticket(ticket, by=TEST, set={"fields": {"rack": 7}})
    other = anna.post(f"/desk/tickets/{ticket.number}/custom/", {"was": was, "f_serial": "AB"}, headers=HTMX)
    assert other.status_code == 200 and now(ticket) == {"rack": 7, "serial": "AB"}  # another one is no conflict
    answer = anna.post(
        f"/desk/tickets/{ticket.number}/custom/", {"was": was, "f_rack": "9", "f_serial": "AB"}, headers=HTMX
    )
    form = tree(answer)
    assert answer.status_code == 409 and "“7”" in words(form.body) and value(form, "[name=f_rack]") == "9"
    again = {"was": value(form, "[name=was]"), "f_rack": "9", "f_serial": "AB"}
    assert anna.post(f"/desk/tickets/{ticket.number}/custom/", again, headers=HTMX).status_code == 200
    assert now(ticket)["rack"] == 9


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        ("text", " a \r\n b ", "a b"), ("long_text", "a\r\nb", "a\nb"), ("number", "-3", -3), ("yes_no", "no", False),
        ("date", "2026-12-24", "2026-12-24"), ("date_time", "2026-12-24T10:30", "2026-12-24T09:30:00Z"),
        ("url", "https://example.org/x", "https://example.org/x"),
    ],
)  # fmt: skip
def test_every_kind_is_typed_kept_and_typed_again(cast: Cast, anna: Client, kind: str, typed: str, kept: Any) -> None:
    a_field("Thing", kind)
    ticket = cast.ticket()
    assert anna.post(f"/desk/tickets/{ticket.number}/custom/", {"was": "{}", "f_thing": typed}).status_code == 302
    assert now(ticket) == {"thing": kept}
    form = anna.get(f"/desk/tickets/{ticket.number}/custom/").content.decode()
    was = value(tree(anna.get(f"/desk/tickets/{ticket.number}/custom/")), "[name=was]")
    assert form and anna.post(f"/desk/tickets/{ticket.number}/custom/", {"was": was, "f_thing": ""}).status_code == 302
    assert now(ticket) == {}


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("number", "many"), ("number", "1e999"), ("date", "2026-13-01"), ("url", "javascript:alert(1)"),
        ("choice", "rome"), ("text", "x" * 301),
    ],
)  # fmt: skip
def test_what_a_field_cannot_be_is_refused_and_stays_typed(cast: Cast, anna: Client, kind: str, wrong: str) -> None:
    a_field("Thing", kind, choices=SITES if kind == "choice" else [])
    ticket = cast.ticket()
    answer = anna.post(f"/desk/tickets/{ticket.number}/custom/", {"was": "{}", "f_thing": wrong}, headers=HTMX)
    assert answer.status_code == 422 and now(ticket) == {}
    answer = cast.calls(cast.anna).patch(f"/tickets/{ticket.number}", {"fields": {"thing": wrong}})
    assert answer.status_code == 400


def test_an_undo_takes_back_the_field_and_leaves_what_others_have_set(cast: Cast, anna: Client) -> None:
    a_field("Rack", FieldKind.NUMBER), a_field("Serial", FieldKind.TEXT)
    ticket = cast.ticket()
    anna.post(f"/desk/tickets/{ticket.number}/custom/", {"was": "{}", "f_rack": "1", "f_serial": "AB"})
    update_ticket(ticket, by=TEST, set={"fields": {"serial": "CD"}})
    principal = Principal.of_agent(cast.anna)
    undo(Operation.objects.get(), by=principal.actor, principal=principal)
    assert now(ticket) == {"serial": "CD"}
    assert not apply_query(Ticket.objects.all(), "rack:1", principal).exists()
    assert apply_query(Ticket.objects.all(), "serial:cd", principal).exists()


def test_an_undo_leaves_a_choice_that_is_out_of_use_and_takes_the_rest_back(cast: Cast) -> None:
    field, _rack = a_field("Site", FieldKind.CHOICE, choices=SITES), a_field("Rack", FieldKind.NUMBER)
    ticket, principal = cast.ticket(), Principal.of_agent(cast.anna)
    update_ticket(ticket, by=TEST, set={"fields": {"site": "berlin", "rack": 1}})
    operation = start("change", agent=cast.anna)
    changed = {"site": "poznan", "rack": 2}
    update_ticket(ticket, by=principal.actor, set={"fields": changed}, operation=operation)
    change_field(field, set={"choices": [{**SITES[1], "slug": "poznan"}]}, by=TEST)
    undo(operation, by=principal.actor, principal=principal)
    assert now(ticket) == {"site": "poznan", "rack": 1}


def test_a_form_that_is_sent_as_it_stood_changes_nothing(cast: Cast, anna: Client) -> None:
    a_field("Seen", FieldKind.DATE_TIME)
    for n in range(5):
        a_field(f"Story {n}", FieldKind.LONG_TEXT)
    kept = {"seen": "2026-12-24T09:30:15Z", **{f"story-{n}": "ł" * 10_000 for n in range(5)}}
    ticket = cast.ticket()
    update_ticket(ticket, by=TEST, set={"fields": kept})
    place = f"/desk/tickets/{ticket.number}/custom/"
    form = tree(anna.get(place))
    sent = {"was": value(form, "[name=was]"), "f_seen": value(form, "[name=f_seen]")}
    sent |= {f"f_story-{n}": "ł" * 10_000 for n in range(5)}
    assert anna.post(place, sent).status_code == 302 and now(ticket) == kept
    assert anna.post(place, {**sent, "was": "[" * 100_000}).status_code in (302, 409)


def test_a_webhook_hears_which_of_them_was_changed(cast: Cast) -> None:
    create_endpoint(set={"name": "O", "url": "https://hooks.example/in", "kinds": ["ticket.changed"]}, by=TEST)
    a_field("Rack", FieldKind.NUMBER)
    update_ticket(cast.ticket(), by=TEST, set={"fields": {"rack": 7}})
    assert '"changed":["fields.rack"]' in Delivery.objects.get().body


def test_choices_whose_names_differ_in_signs_alone_are_two(cast: Cast) -> None:
    field = a_field("Language", FieldKind.CHOICE, choices=[{"names": {"en": "C++"}}, {"names": {"en": "C#"}}])
    assert [c["slug"] for c in field.choices] == ["c", "c-2"]
    kept = [{"slug": "c-2", "names": {"en": "C#"}}]
    change_field(field, set={"choices": kept}, by=TEST)
    field = change_field(field, set={"choices": [*kept, {"names": {"en": "C++"}}]}, by=TEST)  # comes back
    assert [(c["slug"], c["is_active"]) for c in field.choices] == [("c-2", True), ("c", True)]
    with pytest.raises(FieldRefused):
        change_field(field, set={"choices": [*kept, {"names": {"en": "c#"}}]}, by=TEST)


def test_agents_fill_in_what_is_needed_before_a_ticket_is_solved(cast: Cast, anna: Client) -> None:
    a_field("Cause", FieldKind.TEXT, required="to_solve", types=["incident"])
    ticket, solved = cast.ticket(), Status.objects.get(slug="solved")
    sent = {"field": "status", "value": "solved"}
    answer = anna.post(f"/desk/tickets/{ticket.number}/change/", sent)
    assert answer.status_code == 422 and "Please fill in “Cause” first" in answer.content.decode()
    body = {"kind": "reply", "body_text": "Done.", "set": {"status": "solved"}}
    refused = json(cast.calls(cast.anna).post(f"/tickets/{ticket.number}/messages", body), 400)
    assert refused["errors"][0]["field"].endswith("fields.cause")
    assert Ticket.objects.get(pk=ticket.pk).status_category != "solved"
    update_ticket(ticket, by=TEST, set={"status": solved})  # the customer, a rule, a mail: never held up
    other = cast.ticket()
    with pytest.raises(WrongValue):
        update_ticket(other, by=Principal.of_agent(cast.anna).actor, set={"status": solved, "fields": {"cause": " "}})
    update_ticket(other, by=Principal.of_agent(cast.anna).actor, set={"status": solved, "fields": {"cause": "x"}})
    assert Ticket.objects.get(pk=other.pk).status_category == "solved"


def test_a_field_at_rest_is_readable_can_be_searched_and_is_not_filled_in(cast: Cast, anna: Client) -> None:
    field, ticket = a_field("Rack", FieldKind.NUMBER), cast.ticket()
    update_ticket(ticket, by=TEST, set={"fields": {"rack": 3}})
    change_field(field, set={"is_active": False}, by=TEST)
    assert "Rack" in words(tree(anna.get(f"/desk/tickets/{ticket.number}/")).body)
    assert apply_query(Ticket.objects.all(), "rack>2", Principal.of_agent(cast.anna)).count() == 1
    calls = cast.calls(cast.anna)
    assert calls.patch(f"/tickets/{ticket.number}", {"fields": {"rack": 4}}).status_code == 400
    assert json(calls.patch(f"/tickets/{ticket.number}", {"fields": {"rack": None}}), 200)["fields"] == {}


def test_the_interface_reads_and_writes_them(cast: Cast) -> None:
    a_field("Rack", FieldKind.NUMBER), a_field("Parts", FieldKind.CHOICES, choices=SITES)
    calls = cast.calls(cast.anna)
    assert [one["slug"] for one in json(calls.get("/fields"), 200)["items"]] == ["parts", "rack"]
    body = {"subject": "x", "body_text": "y", "requester": {"email": "a@b.example"}, "fields": {"rack": 2}}
    made = json(calls.post("/tickets", body), 201)
    assert made["fields"] == {"rack": 2}
    path = f"/tickets/{made['number']}"
    assert json(calls.patch(path, {"fields": {"parts": ["poznan", "berlin"]}}), 200)["fields"]["parts"] == [
        "berlin",
        "poznan",
    ]
    for wrong in ({"nothing": 1}, {"rack": "2"}, {"rack": True}, {"parts": ["rome"]}, {"parts": "berlin"}):
        answer = json(calls.patch(path, {"fields": wrong}), 400)
        assert answer["errors"][0]["field"].startswith("fields"), answer


def test_completion_offers_fields_and_their_choices_and_a_contact_knows_none(cast: Cast) -> None:
    a_field("Site", FieldKind.CHOICE, choices=SITES)
    anna, carol = Principal.of_agent(cast.anna), Principal.of_contact(cast.carol)
    assert "site:" in [s.text for s in complete("sit", 3, anna)]
    assert [s.text for s in complete("site:po", 7, anna)] == ["poznan"]
    assert complete("sit", 3, carol) == []
    with pytest.raises(ValueError, match="no field"):
        apply_query(Ticket.objects.visible_to(carol), "site:berlin", carol)


def test_fields_cost_one_query_where_there_are_some_and_none_elsewhere(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    url = f"/desk/tickets/{ticket.number}/"
    anna.get(url)
    with CaptureQueriesContext(connection) as before:
        anna.get(url, headers=HTMX)
    asked = len(before)
    assert not any("customfield" in query["sql"] for query in before if "has_fields" not in query["sql"])
    for name in ("Rack", "Shelf", "Room"):
        slug = a_field(name, FieldKind.NUMBER).slug
        update_ticket(ticket, by=TEST, set={"fields": {slug: 1}})
    anna.get(url)
    with CaptureQueriesContext(connection) as after:
        anna.get(url, headers=HTMX)
    assert len(after) == asked + 1
