"""What goes to a partner is kept as one types and, like a reply, can be taken back for some seconds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, anna, cast, file, received, tree, words
from tests.desk.test_forwarding import asked, forward
from tresen.channels.mail.models import Outbox
from tresen.core.tickets.choices import Ball
from tresen.core.tickets.models import Attachment, Draft, Message, Ticket
from tresen.core.tickets.planning import leave
from tresen.core.tickets.services import add_participant
from tresen.core.tickets.side_models import SideThread
from tresen.kit import clock, files
from tresen.spine.jobs.registry import Retry

__all__ = ["anna", "asked", "cast", "file", "received"]

pytestmark = pytest.mark.django_db
FORM = {"to": "max@parts.example", "subject": "Router 1200", "text": "Is it in stock?", "waits": "on"}


@pytest.fixture
def ticket(cast: Cast, asked: Message) -> Ticket:
    """Carol's, of a desk that has a mailbox."""
    return asked.ticket


def ask(anna: Client, ticket: Ticket, **more: Any) -> Message:
    sent = anna.post(f"/desk/tickets/{ticket.number}/sides/new/", {**FORM, **more})
    assert sent.status_code == 302, sent.content.decode()
    return Message.objects.latest("pk")


def take(anna: Client, message: Message, **typed: str) -> Any:
    return anna.post(f"/desk/messages/{message.pk}/take-back/", typed, headers=HTMX)


def in_days(days: int) -> str:
    return f"{clock.now() + timedelta(days=days):%Y-%m-%dT10:00}"


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    at = clock.now() + timedelta(seconds=11)
    monkeypatch.setattr(clock, "now", lambda: at)


def shown(page: Any) -> dict[str, str]:
    """What stands in the form."""
    form = tree(page).css_first(".side-form")
    found = {node.attributes["name"]: node.attributes.get("value") or "" for node in form.css("input.input")}
    return {**found, "text": form.css_first("textarea").text()}


def test_a_question_that_has_not_left_comes_back_into_the_form(cast: Cast, anna: Client, ticket: Ticket) -> None:
    message = ask(anna, ticket, files=SimpleUploadedFile("a.txt", b"x"), remind=in_days(3))
    assert Ticket.objects.get(pk=ticket.pk).ball == Ball.THIRD_PARTY and not Outbox.objects.exists()
    with pytest.raises(Retry):
        leave(message.pk)
    assert "Undo" in words(tree(anna.get(f"/desk/sides/{message.thread_id}/")))
    new = f"/desk/tickets/{ticket.number}/sides/new/"
    assert take(anna, message).headers["HX-Redirect"] == take(anna, message).headers["HX-Redirect"] == new
    assert not SideThread.objects.exists() and Ticket.objects.get(pk=ticket.pk).ball == Ball.US
    leave(message.pk)
    back = anna.get(new)
    kept = shown(back)
    assert (kept["to"], kept["subject"], kept["text"]) == (FORM["to"], FORM["subject"], FORM["text"])
    assert kept["remind"] and "a.txt" in words(tree(back))
    assert "message to a partner taken back" in words(tree(anna.get(f"/desk/tickets/{ticket.number}/")))


def test_what_a_colleague_has_begun_on_a_thread_that_goes_is_in_his_draft_of_a_new_one(
    cast: Cast, anna: Client, ticket: Ticket
) -> None:
    message, ada = ask(anna, ticket), cast.browser(cast.ada)
    on_thread = f"/desk/sides/{message.thread_id}/"
    for client, text in ((ada, "Ten of them, please."), (anna, "And soon.")):
        kept = client.post(on_thread, {"text": text, "once": text, "turn": 1, "keep": "1"}, headers=HTMX)
        assert kept.json()["version"] == 1
    new = take(anna, message).headers["HX-Redirect"]
    assert not SideThread.objects.exists() and shown(anna.get(new))["text"] == "Is it in stock?\n\nAnd soon."
    hers = shown(ada.get(new))
    assert (hers["to"], hers["subject"], hers["text"]) == (FORM["to"], FORM["subject"], "Ten of them, please.")
    assert take(anna, message).headers["HX-Redirect"] == new and Draft.objects.count() == 2


def test_after_its_seconds_it_leaves_and_cannot_be_taken_back(
    cast: Cast, anna: Client, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = ask(anna, ticket)
    later(monkeypatch)
    leave(message.pk)
    leave(message.pk)
    assert Outbox.objects.get(message=message).recipients[0]["address"] == FORM["to"]
    assert "HX-Redirect" not in take(anna, message).headers and SideThread.objects.exists()


def test_it_stays_when_its_partner_has_joined_the_ticket_meanwhile(
    cast: Cast, anna: Client, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = ask(anna, ticket)
    add_participant(ticket, by=TEST, contact=SideThread.objects.get().people.get())
    later(monkeypatch)
    leave(message.pk)
    message.refresh_from_db()
    assert (message.delivery, message.delivery_detail) == ("stopped", "recipients") and not Outbox.objects.exists()


def test_a_second_message_comes_back_onto_its_thread_with_the_reminder_before_it(
    cast: Cast, anna: Client, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask(anna, ticket, remind=in_days(3))
    reminded = SideThread.objects.get().remind_at
    later(monkeypatch)
    leave(first.pk)
    at = f"/desk/sides/{first.thread_id}/"
    anna.post(at, {"text": "And two more?"})
    second = Message.objects.latest("pk")
    assert second.pk != first.pk and SideThread.objects.get().remind_at is None
    assert take(anna, second).headers["HX-Redirect"] == at
    assert shown(anna.get(at))["text"] == "And two more?" and SideThread.objects.get().remind_at == reminded
    assert shown(anna.get(f"/desk/tickets/{ticket.number}/sides/new/"))["text"] == ""


def test_a_forward_comes_back_into_the_composer_without_what_came_along(
    anna: Client, asked: Message, django_capture_on_commit_callbacks: Any
) -> None:
    ticket = asked.ticket
    reply = {"keep": "reply", "reply_text": "To Carol", "once": "p", "turn": 1}
    anna.post(f"/desk/tickets/{ticket.number}/draft/", reply)
    mine = SimpleUploadedFile("mine.txt", b"x")
    assert forward(anna, ticket, forwards=asked.pk, with_files="on", files=mine).status_code == 200
    message = Message.objects.latest("pk")
    copy = message.attachments.get(filename="photo.txt")
    assert "Undo" in words(tree(anna.get(f"/desk/tickets/{ticket.number}/")))
    with django_capture_on_commit_callbacks(execute=True):
        said = take(anna, message, reply_text="To Carol at once", once="p", turn="2").content.decode()
    assert "What does red mean?" in said and "Forwarded message" not in said and "To Carol at once" in said
    draft = Draft.objects.get(kind="forward")
    assert (draft.text, draft.detail("forward_to"), draft.detail("forwards")) == (
        "What does red mean?", "help@router.example", str(asked.pk))  # fmt: skip
    assert [one.filename for one in draft.files.all()] == ["mine.txt"] and not SideThread.objects.exists()
    assert asked.attachments.count() == 1 and not Attachment.objects.filter(pk=copy.pk).exists()
    with pytest.raises(FileNotFoundError):
        files.read(copy.storage_key)


def test_what_is_typed_to_a_partner_is_kept_for_its_writer_alone(cast: Cast, anna: Client, ticket: Ticket) -> None:
    new = f"/desk/tickets/{ticket.number}/sides/new/"
    page = {**FORM, "once": "page-1", "keep": "1"}
    kept = anna.post(new, {**page, "turn": 1}, headers=HTMX).json()
    assert kept["version"] == 1
    assert shown(anna.get(new))["to"] == FORM["to"] and shown(cast.browser(cast.ada).get(new))["text"] == ""
    assert "Is it in stock?" not in anna.get(f"/desk/tickets/{ticket.number}/").content.decode()
    other = anna.post(new, {**FORM, "text": "Other", "once": "page-2", "version": 0}, headers=HTMX)
    assert other.status_code == 409 and "Is it in stock?" in words(tree(other)) and not SideThread.objects.exists()
    assert anna.post(new, {**page, "turn": 2, "text": "No."}).status_code == 302
    assert anna.post(new, {**FORM, "text": "No.", "once": "page-1", "version": 2}).status_code == 302
    assert shown(anna.get(new))["text"] == "" and SideThread.objects.count() == 1
    assert anna.post(new, {**page, "turn": 3}, headers=HTMX).json()["version"] == 3, "late words bring nothing back"
    assert Draft.objects.get().text == ""
