"""Fields of the desk's own set by macros, on many tickets and by rules; and taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast, json
from tests.desk.conftest import tree, value, words
from tests.desk.test_bulk import ask, finish, previewed, start
from tests.desk.test_texts_on_a_ticket import REPLY, at, staged_by, write
from tresen.core.people.principals import Principal
from tresen.core.tickets.custom_fields import change_field, create_field
from tresen.core.tickets.field_models import CustomField, FieldValue
from tresen.core.tickets.models import Message, Tag, Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.planning import send_now
from tresen.core.tickets.services import update_ticket
from tresen.core.tickets.tagging import rename_tag
from tresen.core.tickets.undoing import undo
from tresen.service.rules.actions import WrongActions
from tresen.service.rules.models import RuleRun
from tresen.service.rules.services import create_rule
from tresen.service.search.services import apply_query
from tresen.service.texts.models import Macro
from tresen.service.texts.services import create_macro
from tresen.spine.events.models import Event

SITES = [{"names": {"en": "Berlin"}}, {"names": {"en": "Poznan", "de": "Posen"}}]
KINDS = {"rack": "number", "site": "choice", "parts": "choices", "cause": "text", "seen": "date_time",
         "checked": "yes_no", "bought": "date"}  # fmt: skip
MANY = {
    "rack": 7.5, "site": "poznan", "parts": ["berlin", "poznan"], "cause": "{{7*7}} \"x\"", "checked": False,
    "seen": "2026-12-24T09:30:00Z", "bought": "2026-11-28",
}  # fmt: skip


@pytest.fixture(autouse=True)
def fields(cast: Cast) -> None:
    """One of nearly every kind."""
    for place, (name, kind) in enumerate(KINDS.items()):
        choices = SITES if "choice" in kind else []
        create_field(names={"en": name}, kind=kind, choices=choices, position=place, by=TEST)


def now(ticket: Ticket) -> Any:
    return Ticket.objects.get(pk=ticket.pk).fields


def macro(**more: Any) -> Macro:
    changes = {f"fields.{name}": value for name, value in MANY.items()}
    return create_macro(set={"name": "All of it", "changes": changes, **more}, by=TEST)


def test_a_macro_fills_them_in_shows_it_before_and_is_taken_back(cast: Cast, anna: Client) -> None:
    ticket, chosen = cast.ticket(), macro(kind="note", texts={"en": "Please look."})
    update_ticket(ticket, by=TEST, set={"fields": {"rack": 1}})
    said = anna.get(at(ticket, f"texts/macros/{chosen.pk}/")).json()["said"]
    assert "site → Poznan" in said and "rack → 7.5" in said and "checked → no" in said
    assert now(ticket) == {"rack": 1}
    staged = staged_by(anna, ticket, chosen)
    write(anna, ticket, kind="note", note_text="Please look.", then="note", staged=staged)
    assert now(ticket) == MANY
    principal = Principal.of_agent(cast.anna)
    undo(Operation.objects.get(), by=principal.actor, principal=principal)
    assert now(ticket) == {"rack": 1} and FieldValue.objects.count() == 1


def test_with_a_reply_they_change_when_it_leaves_unless_somebody_was_there_before(cast: Cast, anna: Client) -> None:
    change_field(CustomField.objects.get(slug="cause"), set={"required": "to_solve"}, by=TEST)
    ticket, chosen = cast.ticket(), macro(texts={"en": "Done."})
    staged = [*staged_by(anna, ticket, chosen), "status=solved"]
    assert write(anna, ticket, **REPLY, staged=["status=solved"]).status_code == 422  # the cause is missing
    write(anna, ticket, **REPLY, staged=staged)
    assert now(ticket) == {}
    update_ticket(ticket, by=TEST, set={"fields": {"rack": 99}})
    send_now(Message.objects.get(kind="reply"), by=TEST)
    assert now(ticket) == {**MANY, "rack": 99}


def test_what_a_macro_can_no_longer_set_is_named_and_left_out(cast: Cast, anna: Client) -> None:
    ticket, chosen = cast.ticket(), macro()
    change_field(CustomField.objects.get(slug="site"), set={"is_active": False}, by=TEST)
    answer = anna.get(at(ticket, f"texts/macros/{chosen.pk}/")).json()
    assert not any("fields.site" in line for line in staged_by(anna, ticket, chosen)) and "site" in answer["said"]
    for line in ('fields.site="poznan"', "fields.nothing=1", 'fields.rack="many"', "fields.rack=[[["):
        assert write(anna, ticket, staged=[line]).status_code in (200, 422) and now(ticket) == {}
    chosen.refresh_from_db()
    rename_tag(Tag.objects.create(name="berlin"), name="Spree", by=TEST)  # a choice is no tag
    assert Macro.objects.get().changes == chosen.changes


def test_a_macro_with_fields_is_made_in_the_settings_and_by_the_interface(cast: Cast, anna: Client) -> None:
    sent = {"name": "Rack", "whose": "me", "f_rack": "12", "f_parts": ["poznan"], "empty": ["cause"]}
    assert anna.post("/settings/macros/new/", sent).status_code == 302
    kept = Macro.objects.get()
    assert kept.changes == {"fields.rack": 12, "fields.parts": ["poznan"], "fields.cause": None}
    page = tree(anna.get(f"/settings/macros/{kept.pk}/"))
    assert value(page, "[name=f_rack]") == "12"
    assert [box.attributes["value"] for box in page.css("[name=empty][checked]")] == ["cause"]
    assert anna.post("/settings/macros/new/", {**sent, "f_rack": "many"}).status_code == 422
    calls = cast.calls(cast.anna)
    assert json(calls.get(f"/macros/{kept.pk}"), 200)["changes"]["fields"] == {
        "rack": 12, "parts": ["poznan"], "cause": None,
    }  # fmt: skip
    body = {"name": "By call", "audience": "me", "changes": {"fields": {"site": "berlin"}}}
    assert json(calls.post("/macros", body), 201)["changes"]["fields"] == {"site": "berlin"}
    body["changes"]["fields"]["site"] = "rome"  # type: ignore[index]
    assert calls.post("/macros", body).status_code == 400


def test_many_tickets_get_them_at_once_and_give_them_back(cast: Cast, anna: Client) -> None:
    tickets = [cast.ticket(f"number {n}") for n in range(3)]
    update_ticket(tickets[0], by=TEST, set={"fields": {"rack": 12, "site": "berlin"}})
    update_ticket(tickets[1], by=TEST, set={"fields": {"cause": "old", "parts": ["berlin"]}})
    page = ask(anna, tickets)
    assert page.css_first("[name=f_rack]") is not None
    wanted = {"f_rack": "12", "f_parts": ["poznan", "berlin"], "empty": ["cause"]}
    shown = ask(anna, tickets, step="preview", **wanted)
    assert "rack 12 parts Berlin, Poznan cause –" in words(shown.css_first("dl.kv"))
    assert [box.attributes["value"] for box in shown.css("input[name=f_parts]")] == ["poznan", "berlin"]
    change = start(anna, tickets, **wanted)
    finish()
    both = {"rack": 12, "parts": ["berlin", "poznan"]}
    assert [now(ticket) for ticket in tickets] == [{**both, "site": "berlin"}, both, both]
    assert previewed(ask(anna, tickets, step="preview", **wanted)) == ["0 tickets change", "3 are as wanted already"]
    page = tree(anna.get(f"/desk/bulk/{change.pk}/"))
    anna.post(page.css_first("form.acts").attributes["action"])
    finish()
    assert [now(t) for t in tickets] == [
        {"rack": 12, "site": "berlin"}, {"cause": "old", "parts": ["berlin"]}, {}
    ]  # fmt: skip
    assert ask(anna, tickets, 422, step="preview", f_rack="many").css_first("details[open]") is not None


def by_rule(*actions: tuple[str, str], on: str = "created", condition: str = "") -> Any:
    given = [{"do": "own_field", "field": field, "value": text} for field, text in actions]
    wanted = {"name": "Fill in", "triggers": [on], "condition": condition, "actions": given, "is_active": True}
    return create_rule(set=wanted, by=TEST)


def test_a_rule_fills_them_in_with_one_event_and_looks_at_them(cast: Cast) -> None:
    made = by_rule(
        ("rack", "7,5"), ("site", "Posen"), ("parts", "Berlin, posen"), ("cause", MANY["cause"]), ("checked", "nein"),
        ("seen", "2026-12-24T09:30:00Z"), ("bought", "2026-11-28"),
    )  # fmt: skip
    create_rule(set={"name": "Then", "triggers": ["changed"], "condition": "rack:7.5 site:posen", "is_active": True,
                     "actions": [{"do": "priority", "value": "4"}]}, by=TEST)  # fmt: skip
    ticket = cast.ticket()
    ticket.refresh_from_db()
    assert (ticket.fields, ticket.priority) == (MANY, 4)
    event = Event.objects.get(kind="ticket.changed", actor_id=made.pk)
    assert event.changes["fields.site"] == [None, "poznan"] and len(event.changes) == len(MANY)
    assert set(RuleRun.objects.get(rule=made).did) == {"own_field"}
    assert apply_query(Ticket.objects.all(), "parts:berlin bought:none", Principal.of_agent(cast.anna)).count() == 0


def test_a_rule_is_told_by_form_what_it_cannot_set_and_fails_on_what_is_gone(cast: Cast) -> None:
    ada = cast.browser(cast.ada)
    typed = {
        "name": "Fill in", "triggers": ["created"], "condition": "", "actions": "1", "when": "events", "unit": "h",
        "since": "created", "a-0-do": "own_field", "a-0-field": "rack", "a-0-value": "many", "is_active": "on",
    }  # fmt: skip
    refused = ada.post("/settings/rules/new/", typed)
    assert refused.status_code == 422 and "That value is not possible." in refused.content.decode()
    assert ada.post("/settings/rules/new/", {**typed, "a-0-value": "12"}).status_code == 302
    listed = words(tree(ada.get("/settings/rules/")).body)
    assert "rack: 12" in listed
    change_field(CustomField.objects.get(slug="rack"), set={"is_active": False}, by=TEST)
    ticket = cast.ticket()
    assert now(ticket) == {} and RuleRun.objects.get().outcome == "failed"


def test_a_choice_that_is_misspelt_or_rests_is_refused_and_empties_nothing(cast: Cast) -> None:
    for field, text in (("site", "Berln"), ("parts", "Berlin, Rome")):
        with pytest.raises(WrongActions):
            by_rule((field, text))
    by_rule(("site", "Berlin"), ("parts", "Posen, Berlin"), on="changed", condition="rack:1")
    ticket, poznan = cast.ticket(), {"slug": "poznan", **SITES[1]}
    update_ticket(ticket, by=TEST, set={"fields": {"site": "poznan", "parts": ["berlin"]}})
    for name in ("site", "parts"):
        change_field(CustomField.objects.get(slug=name), set={"choices": [poznan]}, by=TEST)
    update_ticket(ticket, by=TEST, set={"fields": {"rack": 1}})
    assert now(ticket) == {"site": "poznan", "parts": ["berlin"], "rack": 1}
    assert RuleRun.objects.get().outcome == "failed"
