"""Saved replies and macros on a ticket: offered, filled in, laid out before anything happens, sent, counted, undone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, words
from tresen.core.people.principals import Principal
from tresen.core.tickets import undoing
from tresen.core.tickets.models import Draft, Message, Tag, Ticket
from tresen.core.tickets.operation_models import Operation
from tresen.core.tickets.planning import change_undo_seconds, send_now
from tresen.service.texts.models import Macro, SavedReply
from tresen.service.texts.services import create_macro, create_saved_reply
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event

REPLY = {"kind": "reply", "reply_text": "It works again.", "to": "carol@faehrholm.example", "then": "waiting"}
TEXTS = {"en": "Dear {{contact.first_name|customer}},\n\nwe open at eight.", "de": "Guten Tag {{contact.name}}!"}


def saved(**more: Any) -> SavedReply:
    return create_saved_reply(set={"name": "Hours", "shortcut": "hours", "texts": TEXTS, **more}, by=TEST)


def macro(**more: Any) -> Macro:
    changes = {"status": "on-hold", "priority": 3, "assignee": "me", "add_tags": ["vpn"], "remove_tags": ["old"]}
    return create_macro(set={"name": "Look after", "changes": changes, **more}, by=TEST)


def at(ticket: Ticket, rest: str = "") -> str:
    return f"/desk/tickets/{ticket.number}/{rest}"


def options(client: Client, ticket: Ticket, kind: str = "replies", **asked: str) -> list[str]:
    page = tree(client.get(at(ticket, f"texts/{kind}/"), asked, headers=HTMX))
    return [words(option) for option in page.css("[role=option]")]


def staged_by(client: Client, ticket: Ticket, kept: Macro) -> list[str]:
    """The lines that choosing a macro lays out."""
    answer = client.get(at(ticket, f"texts/macros/{kept.pk}/"), headers=HTMX).json()
    chips = tree(type("Page", (), {"content": answer["chips"].encode()}))
    return [chip.attributes["value"] or "" for chip in chips.css("input[name=staged]")]


def write(client: Client, ticket: Ticket, **data: object) -> Any:
    last = ticket.messages.order_by("-pk").values_list("pk", flat=True)[0]
    return client.post(at(ticket, "write/"), {"seen": last, **REPLY, **data}, headers=HTMX)


def now(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def tags(ticket: Ticket) -> list[str]:
    return sorted(tag.name for tag in now(ticket).tags.all())


def test_what_one_may_use_is_offered_in_the_tickets_language(cast: Cast, anna: Client) -> None:
    saved()
    saved(name="Mine", owner=cast.anna, texts={"pl": "Dzień dobry"})
    saved(name="Theirs", team=cast.orders)
    saved(name="His", owner=cast.piotr)
    saved(name="Old", is_active=False)
    ticket = cast.ticket()
    Ticket.objects.filter(pk=ticket.pk).update(language="de")
    assert options(anna, ticket) == ["Hours /hours Guten Tag Carol!", "Mine /hours Polski Dzień dobry"]
    assert options(anna, ticket, language="en")[0] == "Hours /hours Dear Carol, we open at eight."
    assert options(anna, ticket, find="dzien") == ["Mine /hours Polski Dzień dobry"]
    assert anna.get(at(ticket, "texts/spells/"), headers=HTMX).status_code == 404


def test_a_text_comes_with_its_names_filled_in_and_what_a_customer_wrote_is_no_name(cast: Cast, anna: Client) -> None:
    cast.carol.name = "{{agent.name}} {{7*7}}"
    cast.carol.save()
    ticket = cast.ticket(subject="{{settings.SECRET_KEY}} <b>")
    text = {"en": "{{contact.name}}: {{ticket.subject}} of {{ticket.number}}, {{agent.first_name}}"}
    answer = anna.get(at(ticket, f"texts/replies/{saved(texts=text).pk}/"), headers=HTMX).json()
    expected = f"{{{{agent.name}}}} {{{{7*7}}}}: {{{{settings.SECRET_KEY}}}} <b> of {ticket.shown_number}, Anna"
    assert (answer["text"], answer["language"], answer["kind"]) == (expected, "en", "")


def test_texts_of_others_and_for_tickets_of_others_are_not_there(cast: Cast, anna: Client) -> None:
    ticket, theirs = cast.ticket(), cast.ticket(team=cast.orders)
    reply = saved(owner=cast.piotr)
    assert anna.get(at(ticket, f"texts/replies/{reply.pk}/"), headers=HTMX).status_code == 404
    assert anna.get(at(theirs, "texts/replies/"), headers=HTMX).status_code == 404
    assert anna.post(at(theirs, "apply/"), {"staged": "priority=4"}).status_code == 404


def test_the_ticket_page_asks_for_no_texts(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    asked = []
    for number in range(3):
        with CaptureQueriesContext(connection) as queries:
            anna.get(at(ticket, "?view=mine"), headers=HTMX)
        asked.append(len(queries))
        saved(name=f"Reply {number}")
        macro(name=f"Macro {number}")
    assert asked[1] == asked[2]
    assert not [query["sql"] for query in queries if "texts_" in query["sql"]]


def test_a_use_counts_once_when_the_message_has_left(cast: Cast, anna: Client) -> None:
    reply, ticket = saved(), cast.ticket()
    sent = write(anna, ticket, staged=[f"saved_reply={reply.pk}", f"saved_reply={reply.pk}"], once="a")
    write(anna, ticket, staged=[f"saved_reply={reply.pk}"], once="a")
    assert sent.status_code == 200
    message = Message.objects.get(kind="reply")
    assert SavedReply.objects.get().used_count == 0
    send_now(message, by=TEST)
    counted = SavedReply.objects.get()
    assert (counted.used_count, counted.used_at is not None) == (1, True)
    write(anna, ticket, kind="note", note_text="For us", then="note", staged=[f"saved_reply={reply.pk}"])
    assert SavedReply.objects.get().used_count == 2


def test_a_reply_that_was_taken_back_counts_for_nothing_and_brings_its_changes_back(cast: Cast, anna: Client) -> None:
    reply, ticket = saved(), cast.ticket()
    write(anna, ticket, staged=[f"saved_reply={reply.pk}", "add_tags=vpn"])
    message = Message.objects.get(kind="reply")
    taken = tree(anna.post(f"/desk/messages/{message.pk}/take-back/", headers=HTMX))
    assert SavedReply.objects.get().used_count == 0
    assert [chip.attributes["value"] for chip in taken.css("#composer [name=staged]")] == [
        "add_tags=vpn", f"saved_reply={reply.pk}"
    ]  # fmt: skip


def test_choosing_a_macro_changes_nothing_before_it_is_sent(cast: Cast, anna: Client) -> None:
    ticket, chosen = cast.ticket(), macro(kind="note", texts={"en": "Please look."})
    before = Event.objects.count()
    answer = anna.get(at(ticket, f"texts/macros/{chosen.pk}/"), headers=HTMX).json()
    assert (answer["text"], answer["kind"]) == ("Please look.", "note")
    assert "Status → On hold" in answer["said"] and "+ vpn" in answer["said"]
    assert Event.objects.count() == before
    assert now(ticket).version == ticket.version


def test_a_macro_for_a_note_is_one_event_of_one_operation_that_can_be_undone(cast: Cast, anna: Client) -> None:
    ticket, chosen = cast.ticket(), macro(kind="note", texts={"en": "Please look."})
    now(ticket).tags.set([Tag.objects.create(name="old"), Tag.objects.create(name="kept")])
    staged = staged_by(anna, ticket, chosen)
    write(anna, ticket, kind="note", note_text="Please look.", then="note", staged=staged)
    after = now(ticket)
    assert (after.status.slug, after.priority, after.assignee, tags(ticket)) == (
        "on-hold", 3, cast.anna, ["kept", "vpn"]
    )  # fmt: skip
    event = Event.objects.get(kind="note.added")
    assert event.changes["tags"] == [["kept", "old"], ["kept", "vpn"]]
    assert not Event.objects.filter(kind="ticket.changed").exists()
    operation = Operation.objects.get()
    assert (operation.kind, operation.facts, operation.steps.get().event) == ("macro", {"macro": "Look after"}, event)
    assert Macro.objects.get().used_count == 1
    undoing.undo(operation, by=Actor.agent(cast.anna), principal=Principal.of_agent(cast.anna))
    assert (now(ticket).status, now(ticket).priority, now(ticket).assignee) == (ticket.status, ticket.priority, None)
    assert tags(ticket) == ["kept", "old"]


def test_with_a_reply_the_status_changes_at_once_and_the_rest_when_it_leaves(cast: Cast, anna: Client) -> None:
    ticket, chosen = cast.ticket(), macro(texts={"en": "One question."})
    chosen.changes["team"] = cast.orders.pk
    chosen.save()
    write(anna, ticket, staged=staged_by(anna, ticket, chosen))
    assert (now(ticket).status.slug, now(ticket).team, tags(ticket)) == ("on-hold", cast.netz, [])
    send_now(Message.objects.get(kind="reply"), by=TEST)
    assert (now(ticket).team, now(ticket).assignee, tags(ticket)) == (cast.orders, cast.anna, ["vpn"])
    operation = Operation.objects.get()
    assert [step.event.kind for step in operation.steps.order_by("pk")] == ["reply.planned", "reply.added"]
    undone = undoing.undo(operation, by=Actor.agent(cast.anna), principal=Principal.of_agent(cast.anna))
    assert (now(ticket).team, now(ticket).status, tags(ticket)) == (cast.netz, ticket.status, [])
    assert [(left.what, left.why) for left in undone.left] == [("reply", "sent")]


def test_without_time_to_undo_everything_is_one_event(cast: Cast, anna: Client) -> None:
    change_undo_seconds(0, by=TEST)
    ticket = cast.ticket()
    write(anna, ticket, staged=staged_by(anna, ticket, macro()))
    event = Event.objects.get(kind="reply.added")
    assert {"status", "priority", "assignee", "tags"} <= set(event.changes)
    assert Event.objects.filter(kind="ticket.changed").count() == 0


def test_what_its_author_may_no_longer_do_when_it_leaves_is_left_out(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    write(anna, ticket, staged=[f"team={cast.orders.pk}", "add_tags=vpn"])
    cast.orders.is_active = False
    cast.orders.save()
    send_now(Message.objects.get(kind="reply"), by=TEST)
    assert (now(ticket).team, tags(ticket)) == (cast.netz, ["vpn"])


def test_what_was_taken_out_of_the_composer_is_not_done(cast: Cast, anna: Client) -> None:
    change_undo_seconds(0, by=TEST)
    ticket = cast.ticket()
    write(anna, ticket, then="send", staged=["priority=3"])
    assert (now(ticket).priority, tags(ticket), now(ticket).assignee) == (3, [], None)


@pytest.mark.parametrize(("then", "slug"), [("waiting", "on-hold"), ("send", "on-hold"), ("solved", "solved")])
def test_a_staged_status_goes_before_the_usual_button_and_behind_a_chosen_one(
    cast: Cast, anna: Client, then: str, slug: str
) -> None:
    ticket = cast.ticket()
    write(anna, ticket, then=then, staged=["status=on-hold"])
    assert now(ticket).status.slug == slug


@pytest.mark.parametrize("line", ["team=999", "status=nothing", "assignee=999"])
def test_a_change_that_is_not_possible_is_said_and_nothing_is_sent(cast: Cast, anna: Client, line: str) -> None:
    ticket = cast.ticket()
    answer = write(anna, ticket, staged=[line])
    assert answer.status_code == 422
    assert "that value is not possible" in answer.content.decode()
    assert tree(answer).css_first("#reply-text").text() == "It works again."
    assert not Message.objects.filter(kind="reply").exists()


def test_a_macro_is_applied_without_a_message_and_what_is_typed_stays(cast: Cast, anna: Client) -> None:
    ticket, chosen = cast.ticket(), macro()
    staged = staged_by(anna, ticket, chosen)
    data = {"kind": "reply", "reply_text": "Dear Carol, half", "staged": staged, "once": "x", "then": "apply"}
    answer = anna.post(at(ticket, "apply/"), data, headers=HTMX)
    assert answer.status_code == 200
    assert (now(ticket).status.slug, tags(ticket), now(ticket).assignee) == ("on-hold", ["vpn"], cast.anna)
    page = tree(answer)
    assert page.css_first("#reply-text").text() == "Dear Carol, half"
    assert page.css(".staged input") == []
    assert Operation.objects.get().kind == "macro"
    anna.post(at(ticket, "apply/"), data, headers=HTMX)
    assert (Macro.objects.get().used_count, Event.objects.filter(kind="ticket.changed").count()) == (1, 1)
    assert anna.post(at(ticket, "apply/"), {"staged": "team=999"}).status_code == 422


def test_without_a_script_a_text_is_put_below_what_is_typed(cast: Cast, anna: Client) -> None:
    ticket, reply, chosen = cast.ticket(), saved(), macro(kind="note", texts={"en": "Please look."})
    typed = {"kind": "reply", "reply_text": "Half a reply", "list": "view=mine", "seen": 1}
    to_list = anna.post(at(ticket, "write/"), {**typed, "then": "replies"})
    assert to_list["Location"] == at(ticket, "texts/replies/?view=mine&tab=reply")
    page = tree(anna.get(to_list["Location"]))
    form = page.css_first(f"form[action$='/{reply.pk}/insert/']")
    fields = {node.attributes["name"]: node.attributes.get("value") for node in form.css("input")}
    back = anna.post(form.attributes["action"], fields)
    assert back["Location"] == at(ticket, "?view=mine#composer")
    text = tree(anna.get(back["Location"])).css_first("#reply-text").text()
    assert text == "Half a reply\n\nDear Carol,\n\nwe open at eight."
    anna.post(at(ticket, f"texts/macros/{chosen.pk}/insert/"), {"tab": "reply"})
    note = Draft.objects.get(kind="note")
    assert (note.text, "add_tags=vpn" in note.detail("staged")) == ("Please look.", True)
    shown = tree(anna.get(at(ticket)))
    assert shown.css_first("input[name=kind][value=note][checked]") is not None
    assert "Assignee → Anna Kowalczyk" in words(shown.css_first(".staged"))
    assert not Message.objects.filter(kind="reply").exists()


def test_a_text_that_makes_the_draft_too_long_is_refused_with_a_word(cast: Cast, anna: Client) -> None:
    ticket, reply = cast.ticket(), saved()
    anna.post(at(ticket, "draft/"), {"keep": "reply", "reply_text": "x" * 199_990, "once": "p", "turn": 1})
    back = anna.post(at(ticket, f"texts/replies/{reply.pk}/insert/"), {"tab": "reply"})
    assert "The text is too long" in words(tree(anna.get(back["Location"])).css_first(".toast"))
    assert Draft.objects.get().text == "x" * 199_990


def test_a_note_that_was_sent_with_a_macro_leaves_nothing_staged(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    both = {"reply_text": "Half a reply", "staged": ["add_tags=vpn"]}
    answer = write(anna, ticket, **both, kind="note", note_text="For us", then="note")
    page = tree(answer)
    assert (page.css_first("#reply-text").text(), page.css(".staged input")) == ("Half a reply", [])
    assert tags(ticket) == ["vpn"]
    assert tree(anna.get(at(ticket))).css(".staged input") == []
