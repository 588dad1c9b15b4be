"""Forwarding begins a side thread: mail and answers never reach the customer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, words
from tresen.channels.mail.models import Mailbox
from tresen.core.people.principals import Principal
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Attachment, Draft, Message, Ticket
from tresen.core.tickets.services import add_note
from tresen.core.tickets.side_models import SideThread
from tresen.faces.desk.ticket import write
from tresen.kit import files

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast: Cast, received: Callable[..., Message], file: Callable[..., Attachment]) -> Message:
    """Carol's message with a file."""
    Mailbox.objects.get_or_create(address="help@lindhafen.example", defaults={"brand": cast.brand})
    message = received(cast.ticket(), "The router blinks red.")
    file(message, "photo.txt", b"red")
    return message


def forward(client: Client, ticket: Ticket, **more: Any) -> Any:
    sent = {"kind": "forward", "forward_text": "What does red mean?", "forward_to": "help@router.example",
            "forward_subject": "Router", "then": "forward", "once": "f1", **more}  # fmt: skip
    return client.post(f"/desk/tickets/{ticket.number}/write/", sent, headers=HTMX)


def test_a_forward_goes_to_the_partner_alone_with_the_message_and_its_files(
    cast: Cast, anna: Client, asked: Message
) -> None:
    ticket = asked.ticket
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/")).css_first("#forwards")
    assert page.css_first("option").attributes["value"] == str(asked.pk)
    assert forward(anna, ticket, forwards=asked.pk, with_files="on").status_code == 200
    side = SideThread.objects.get()
    sent = Message.objects.get(thread=side.thread)
    assert [r["address"] for r in sent.recipients] == ["help@router.example"]
    for said in ("What does red mean?", "Forwarded message", "From: Carol", "The router blinks red."):
        assert said in sent.text
    copy = sent.attachments.get()
    assert copy.filename == "photo.txt" and copy.storage_key != asked.attachments.get().storage_key
    assert files.read(copy.storage_key) == b"red" and asked.attachments.count() == 1
    assert not Message.objects.visible_to(Principal.of_contact(cast.carol)).filter(pk=sent.pk).exists()
    assert not ticket.participants.filter(contact__name__icontains="router").exists()


def test_no_note_is_forwarded_and_nobody_of_the_ticket_is_written_to(cast: Cast, anna: Client, asked: Message) -> None:
    ticket = asked.ticket
    note = add_note(ticket, by=TEST, agent=cast.anna, content=Content("secret among us"))
    assert forward(anna, ticket, forwards=note.pk, with_files="on").status_code == 200
    assert "secret" not in Message.objects.get(thread__kind="side").text
    for wrong in ("carol@faehrholm.example", "nobody", "", "help@lindhafen.example"):
        refused = forward(anna, ticket, forward_to=wrong, once=f"x{wrong}")
        assert refused.status_code == 422
        assert tree(refused).css_first("#forward-text").text() == "What does red mean?"
    assert SideThread.objects.count() == 1


def test_a_forward_is_kept_as_a_draft_of_its_own_and_sent_once(cast: Cast, anna: Client, asked: Message) -> None:
    ticket = asked.ticket
    kept = {"keep": "forward", "kind": "forward", "forward_text": "Half", "forward_to": "help@router.example",
            "forward_subject": "Router", "forwards": 0, "once": "f1", "turn": 1}  # fmt: skip
    assert anna.post(f"/desk/tickets/{ticket.number}/draft/", kept, headers=HTMX).status_code == 200
    shown = tree(anna.get(f"/desk/tickets/{ticket.number}/")).css_first("#composer")
    assert shown.css_first("#forward-text").text() == "Half" and shown.css_first("#reply-text").text() == ""
    assert shown.css_first("#forward-to").attributes["value"] == "help@router.example"
    assert "no message" in words(shown.css_first("#forwards option[selected]"))
    assert [forward(anna, ticket).status_code for _ in range(2)] == [200, 200]
    assert SideThread.objects.count() == 1 and Draft.objects.get(kind="forward").text == ""


def test_a_forward_that_does_not_begin_leaves_no_copies_of_files(
    cast: Cast, anna: Client, asked: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Attachment] = []
    copies_of = write.copies_of
    monkeypatch.setattr(write, "copies_of", lambda *args: made.extend(copies := copies_of(*args)) or copies)
    for _click in range(2):
        assert forward(anna, asked.ticket, forwards=asked.pk, with_files="on").status_code == 200
    kept, dropped = (file.storage_key for file in made)
    assert files.read(kept) == b"red"
    with pytest.raises(FileNotFoundError):
        files.read(dropped)
