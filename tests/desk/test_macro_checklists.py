"""A macro brings a checklist: laid out with the rest, put on the ticket when that happens, undone with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, value, words
from tests.desk.test_bulk_deeds import ask, run
from tests.desk.test_texts_on_a_ticket import at, staged_by, write
from tresen.core.people.principals import Principal
from tresen.core.teamwork.checklist import add_items, tick_item
from tresen.core.teamwork.models import ChecklistTemplate
from tresen.core.teamwork.templates import change_template, create_template
from tresen.core.tickets import undoing
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.planning import send_now
from tresen.core.tickets.undoing import Left
from tresen.faces.desk.operations.reading import left_words
from tresen.service.texts.models import Macro
from tresen.service.texts.services import create_macro
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event


@pytest.fixture
def moving() -> ChecklistTemplate:
    return create_template(name="Moving", steps=["Pack", "Carry it", "Sweep"], by=TEST)


def macro(kept: ChecklistTemplate, **more: Any) -> Macro:
    changes = {"checklist": kept.pk, **more.pop("changes", {})}
    return create_macro(set={"name": "A removal", "changes": changes, **more}, by=TEST)


def steps(ticket: Ticket) -> list[str]:
    return list(ticket.checklist.values_list("text", flat=True))


def undo(cast: Cast) -> undoing.Undone:
    return undoing.undo(Operation.objects.get(), by=Actor.agent(cast.anna), principal=Principal.of_agent(cast.anna))


def test_it_is_chosen_in_the_settings_and_seen_before_anything_happens(
    cast: Cast, anna: Client, moving: ChecklistTemplate
) -> None:
    form = {"name": "A removal", "whose": "me", "checklist": str(moving.pk)}
    assert anna.post("/settings/macros/new/", form).status_code == 302
    kept = Macro.objects.get()
    assert kept.changes == {"checklist": moving.pk}
    page = tree(anna.get(f"/settings/macros/{kept.pk}/"))
    assert value(page, "#id_checklist option[selected]") == str(moving.pk)
    ticket = cast.ticket()
    answer = anna.get(at(ticket, f"texts/macros/{kept.pk}/"), headers=HTMX).json()
    assert "+ checklist “Moving”, 3 steps" in answer["said"] and "+ checklist “Moving”, 3 steps" in answer["chips"]
    assert steps(ticket) == []
    change_template(moving, set={"is_active": False}, by=TEST)
    answer = anna.get(at(ticket, f"texts/macros/{kept.pk}/"), headers=HTMX).json()
    assert "No longer possible: Checklist" in answer["said"] and "Moving" not in answer["chips"]
    refused = anna.post(at(ticket, "apply/"), {"staged": f"checklist={moving.pk}", "kind": "reply"}, headers=HTMX)
    assert refused.status_code == 422 and "Checklist: that value is not possible" in refused.content.decode()


def test_with_a_note_it_is_put_there_at_once_and_goes_with_the_undo(
    cast: Cast, anna: Client, moving: ChecklistTemplate
) -> None:
    ticket = cast.ticket()
    add_items(ticket, ["Call the caretaker", "Pack"], by=TEST)
    staged = staged_by(anna, ticket, macro(moving, kind="note", texts={"en": "They move."}))
    write(anna, ticket, kind="note", note_text="They move.", then="note", staged=staged)
    assert steps(ticket) == ["Call the caretaker", "Pack", "Carry it", "Sweep"]
    assert undo(cast).left == []
    assert steps(ticket) == ["Call the caretaker", "Pack"]
    shown = words(tree(anna.get(at(ticket))).css_first(".timeline"))
    assert "2 steps taken off the checklist" in shown


def test_a_step_that_somebody_has_worked_on_stays_and_is_named(
    cast: Cast, anna: Client, moving: ChecklistTemplate
) -> None:
    ticket = cast.ticket()
    staged = staged_by(anna, ticket, macro(moving, changes={"priority": 4}))
    done = anna.post(at(ticket, "apply/"), {"staged": staged, "kind": "reply"}, headers=HTMX)
    assert "Carry it" in done.content.decode() and steps(ticket) == moving.steps
    tick_item(ticket.checklist.all()[1], done=True, agent=cast.piotr, by=Actor.agent(cast.piotr))
    undone = undo(cast)
    assert undone.left == [Left(ticket.number, "checklist", "changed", cast.piotr.user.name)]
    assert "has worked on them" in left_words(undone.left)[0]
    assert (steps(ticket), Ticket.objects.get(pk=ticket.pk).priority) == (["Carry it"], ticket.priority)


def test_with_a_reply_it_is_put_there_when_that_leaves(cast: Cast, anna: Client, moving: ChecklistTemplate) -> None:
    ticket = cast.ticket()
    write(anna, ticket, staged=staged_by(anna, ticket, macro(moving, texts={"en": "We come."})))
    assert steps(ticket) == []
    send_now(Message.objects.get(kind="reply"), by=TEST)
    assert steps(ticket) == moving.steps
    put, left = Event.objects.get(kind="checklist.changed"), Event.objects.get(kind="reply.added")
    assert put.cause == left
    assert [(one.what, one.why) for one in undo(cast).left] == [("reply", "sent")]
    assert steps(ticket) == []


def test_a_ticket_without_room_is_told_and_nothing_is_sent(cast: Cast, anna: Client, moving: ChecklistTemplate) -> None:
    ticket = cast.ticket()
    add_items(ticket, [f"step {n}" for n in range(48)], by=TEST)
    staged = staged_by(anna, ticket, macro(moving, kind="note", texts={"en": "They move."}))
    answer = write(anna, ticket, kind="note", note_text="They move.", then="note", staged=staged)
    assert answer.status_code == 422 and not Message.objects.filter(kind="note").exists()
    assert ticket.checklist.count() == 48


def test_many_tickets_get_it_and_those_that_have_it_are_left_alone(
    cast: Cast, anna: Client, moving: ChecklistTemplate
) -> None:
    kept, tickets = macro(moving), [cast.ticket(), cast.ticket()]
    add_items(tickets[0], moving.steps, by=TEST)
    page = ask(anna, "macro", tickets, step="preview", macro=kept.pk)
    assert "+ checklist “Moving”, 3 steps" in words(page.css_first("dl"))
    assert "1 ticket changes" in words(page.css_first("main"))
    run(anna, tickets, macro=kept.pk)
    assert [steps(ticket) for ticket in tickets] == [moving.steps, moving.steps]
