"""Fields of the desk's own on the form for a new ticket: for its type and team, begun with what stands in them, asked
for where they are needed; and the same by the interface. Mail is never held up by one."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast, json
from tests.desk.conftest import HTMX, tree, value, words
from tests.desk.test_bulk import finish, start
from tresen.core.people.brands import change_brand
from tresen.core.people.principals import Principal
from tresen.core.tickets.categories import create_category
from tresen.core.tickets.changes import Needed
from tresen.core.tickets.custom_fields import FieldRefused, change_field, create_field
from tresen.core.tickets.field_models import CustomField, FieldKind
from tresen.core.tickets.models import Status, Ticket
from tresen.core.tickets.relating import act_on_children, link_as_child
from tresen.core.tickets.services import update_ticket

SITES = [{"names": {"en": "Berlin"}}, {"names": {"en": "Poznan"}}]
CALL = {
    "channel": "phone", "subject": "Call", "text": "Printer.", "impact": "1", "urgency": "2", "once": "a",
    "name": "Caller", "phone": "+49 421 5550",
}  # fmt: skip


def a_field(name: str, kind: str, *, default: Any = None, **more: Any) -> CustomField:
    field = create_field(names={"en": name}, kind=kind, by=TEST, **more)
    return change_field(field, set={"default": default}, by=TEST) if default is not None else field


def test_the_form_asks_for_the_fields_of_its_type_and_team_and_begins_with_their_defaults(
    cast: Cast, anna: Client
) -> None:
    a_field("Rack", FieldKind.NUMBER, default=7), a_field("Site", FieldKind.CHOICE, choices=SITES, types=["problem"])
    page = tree(anna.get("/desk/new/"))
    assert value(page, "[name=f_rack]") == "7" and page.css_first("[name=f_site]") is None
    asked = {**CALL, "ask": "1", "type": "problem", "asked": ["rack"], "f_rack": "9"}
    part = anna.post("/desk/new/", asked, headers=HTMX)
    form = tree(part)
    assert value(form, "[name=f_rack]") == "9" and form.css_first("[name=f_site]") is not None
    assert "<html" not in part.content.decode()
    whole = tree(anna.post("/desk/new/", asked))  # a browser without a script
    assert value(whole, "[name=f_rack]") == "9" and value(whole, "[name=subject]") == "Call"
    sent = {**CALL, "type": "problem", "asked": ["rack", "site"], "f_rack": "", "f_site": "poznan"}
    assert anna.post("/desk/new/", sent).status_code == 302
    assert Ticket.objects.get().fields == {"site": "poznan"}


def test_what_was_not_shown_begins_with_its_default_or_is_asked_for_where_it_is_needed(
    cast: Cast, anna: Client
) -> None:
    a_field("Rack", FieldKind.NUMBER, default=7, teams=[cast.netz.pk])
    a_field("Order", FieldKind.TEXT, required="always", teams=[cast.netz.pk])
    for type_ in ("incident", "question"):  # not for this team: nothing is asked
        assert anna.post("/desk/new/", {**CALL, "type": type_, "once": type_}).status_code == 302
    answer = anna.post("/desk/new/", {**CALL, "team": cast.netz.pk})
    page = tree(answer)
    assert answer.status_code == 422 and page.css_first("[name=f_order]") is not None
    assert value(page, "[name=subject]") == "Call" and Ticket.objects.count() == 2
    blank = {**CALL, "team": cast.netz.pk, "asked": ["order"], "f_order": " "}
    assert anna.post("/desk/new/", blank).status_code == 422
    assert anna.post("/desk/new/", {**blank, "f_order": "A-1"}).status_code == 302
    assert Ticket.objects.latest("pk").fields == {"rack": 7, "order": "A-1"}


def test_the_interface_begins_with_the_defaults_and_asks_for_what_is_always_needed(cast: Cast) -> None:
    a_field("Rack", FieldKind.NUMBER, default=7), a_field("Order", FieldKind.TEXT, required="always", types=["problem"])
    a_field("Cause", FieldKind.TEXT, required="to_solve")
    calls = cast.calls(cast.anna)
    body = {"subject": "x", "body_text": "y", "requester": {"email": "a@b.example"}}
    assert json(calls.post("/tickets", body), 201)["fields"] == {"rack": 7}
    assert json(calls.post("/tickets", body | {"fields": {"rack": None}}), 201)["fields"] == {}
    for more, missing in (({"type": "problem"}, "order"), ({"status": "solved"}, "cause")):
        refused = json(calls.post("/tickets", body | more), 400)
        wrong = refused["errors"][0]
        assert (wrong["field"], wrong["detail"]) == (f"fields.{missing}", "This field must be filled in.")
    assert {one["slug"]: one["default"] for one in json(calls.get("/fields"), 200)["items"]} == {
        "cause": None, "order": None, "rack": 7,
    }  # fmt: skip


def test_a_ticket_that_nobody_was_asked_about_needs_the_field_before_an_agent_solves_it(cast: Cast) -> None:
    a_field("Order", FieldKind.TEXT, required="always")
    ticket, solved = cast.ticket(), {"status": Status.objects.get(slug="solved")}  # as mail makes one
    with pytest.raises(Needed):
        update_ticket(ticket, by=Principal.of_agent(cast.anna).actor, set=solved)
    update_ticket(ticket, by=Principal.of_agent(cast.anna).actor, set={**solved, "fields": {"order": "A-1"}})
    assert Ticket.objects.get().status_category == "solved"


def test_what_a_field_begins_with_is_set_in_the_settings_and_goes_with_its_choice(cast: Cast) -> None:
    field = a_field("Site", FieldKind.CHOICE, choices=SITES)
    ada, place = cast.browser(cast.ada), f"/settings/fields/{field.pk}/"
    sent = {
        "mark": value(tree(ada.get(place)), "[name=mark]"), "name_en": "Site", "required": "always", "position": 1,
        "is_active": "on", "default": "poznan", "choice": ["berlin", "poznan"], "choice_en": ["Berlin", "Poznan"],
        "choice_de": ["", ""], "choice_pl": ["", ""],
    }  # fmt: skip
    assert ada.post(place, sent).status_code == 302
    field.refresh_from_db()
    assert (field.default, field.required) == ("poznan", "always")
    assert "always needed" in words(tree(ada.get("/settings/fields/")).body)
    page = tree(ada.get(place))
    assert value(page, "[name=default] option[selected]") == "poznan"
    change_field(field, set={"choices": [{"slug": "berlin", "names": {"en": "Berlin"}}]}, by=TEST)
    field.refresh_from_db()
    assert field.default is None
    with pytest.raises(FieldRefused):
        change_field(a_field("Rack", FieldKind.NUMBER), set={"default": "many"}, by=TEST)


def test_many_tickets_and_children_are_held_up_by_name_and_nothing_breaks(cast: Cast, anna: Client) -> None:
    a_field("Cause of the trouble in words", FieldKind.TEXT, required="to_solve")
    parent, *children = (cast.ticket(f"number {n}") for n in range(3))
    for child in children:
        link_as_child(child, to=parent, by=TEST)
    update_ticket(children[0], by=TEST, set={"fields": {"cause-of-the-trouble-in-words": "Rain"}})
    path, form = f"/desk/tickets/{parent.number}/children/", {"text": "Mended.", "status": "solved", "sure": "1"}
    refused = anna.post(path, {"child": [child.number for child in children], **form})
    said = f"{children[1].shown_number}: Cause of the trouble in words".replace("\xa0", " ")
    assert refused.status_code == 422 and said in words(tree(refused).body)
    act_on_children([child.pk for child in children], principal=Principal.of_agent(cast.anna), status="solved",
                    by=Principal.of_agent(cast.anna).actor, agent=cast.anna)  # fmt: skip
    assert [Ticket.objects.get(pk=child.pk).status_category for child in children] == ["solved", "new"]
    change = start(anna, [parent, children[1]], status="solved")
    finish()
    page = words(tree(anna.get(f"/desk/bulk/{change.pk}/")).body)
    assert page.count("Please fill in “Cause of the trouble in words” first") == 2


def test_the_team_that_category_or_brand_say_has_its_fields(cast: Cast, anna: Client) -> None:
    a_field("Rack", FieldKind.NUMBER, default=7, teams=[cast.orders.pk])
    a_field("Order", FieldKind.TEXT, required="always", teams=[cast.netz.pk])
    change_brand(cast.brand, set={"team": cast.netz}, by=TEST)
    shop = create_category(names={"en": "Shop"}, team=cast.orders, by=TEST)
    page = tree(anna.get("/desk/new/"))
    assert page.css_first("[name=f_order]") is not None and page.css_first("[name=f_rack]") is None
    assert anna.post("/desk/new/", {**CALL, "asked": ["order"], "f_order": ""}).status_code == 422
    part = tree(anna.post("/desk/new/", {**CALL, "ask": "1", "category": shop.pk}, headers=HTMX))
    assert part.css_first("[name=f_order]") is None and value(part, "[name=f_rack]") == "7"
    assert anna.post("/desk/new/", {**CALL, "category": shop.pk}).status_code == 302
    assert Ticket.objects.get().fields == {"rack": 7}


def test_what_is_needed_to_solve_is_asked_of_the_ticket_as_it_becomes(cast: Cast) -> None:
    a_field("Cause", FieldKind.TEXT, required="to_solve", types=["problem"])
    a_field("Order", FieldKind.TEXT, required="to_solve", teams=[cast.orders.pk])
    shop = create_category(names={"en": "Shop"}, team=cast.orders, by=TEST)
    by, solved = Principal.of_agent(cast.anna).actor, {"status": Status.objects.get(slug="solved")}
    ticket = cast.ticket(team=None)
    for more in ({"type": "problem"}, {"team": cast.orders}, {"category": shop}):
        with pytest.raises(Needed):
            update_ticket(ticket, by=by, set={**solved, **more})
    update_ticket(ticket, by=TEST, set={"type": "problem", "team": cast.orders})
    update_ticket(ticket, by=by, set={**solved, "type": "incident", "team": cast.netz})
    assert Ticket.objects.get().status_category == "solved"
