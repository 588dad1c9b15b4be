"""Replies and notes from the desk: what leaves, what stays, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, value, words
from tresen.channels.mail.models import Mailbox, Outbox
from tresen.core.tickets.models import Attachment, Message, Ticket
from tresen.core.tickets.planning import change_undo_seconds
from tresen.core.tickets.services import add_participant
from tresen.kit import files

REPLY = {"kind": "reply", "reply_text": "It works again.", "to": "carol@faehrholm.example", "then": "send"}


def write(client: Client, ticket: Ticket, *, htmx: bool = False, **data: object):  # type: ignore[no-untyped-def]
    """Sends the composer's form as the page would."""
    last = ticket.messages.order_by("-pk").values_list("pk", flat=True)[0]
    sent = {"seen": last, **data}
    return client.post(f"/desk/tickets/{ticket.number}/write/", sent, headers=HTMX if htmx else {})


def test_a_reply_is_queued_for_the_requester(cast: Cast, anna: Client) -> None:
    Mailbox.objects.create(address="support@lindhafen.example", brand=cast.brand)
    change_undo_seconds(0, by=TEST)
    ticket = cast.ticket()
    response = write(anna, ticket, **REPLY)
    reply = Message.objects.get(kind="reply")
    assert response["Location"] == f"/desk/tickets/{ticket.number}/#m{reply.pk}"
    assert (reply.text, reply.agent, reply.delivery) == ("It works again.", cast.anna, "queued")
    assert Outbox.objects.get(message=reply).recipients[0]["address"] == "carol@faehrholm.example"
    assert Ticket.objects.get(pk=ticket.pk).status_category == "open"
    assert "The reply is on its way." in anna.get(response["Location"]).content.decode()


@pytest.mark.parametrize("then", ["waiting", "solved"])
def test_send_can_set_the_status_with_it(cast: Cast, anna: Client, then: str) -> None:
    ticket = cast.ticket()
    write(anna, ticket, **{**REPLY, "then": then})
    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.status_category, now.ball) == (then, "customer")


def test_a_note_goes_to_nobody_and_leaves_the_reply_that_was_begun(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    sent = {"kind": "note", "note_text": "Ask Mira.", "reply_text": "Dear Carol, half", "then": "note"}
    response = write(anna, ticket, htmx=True, **sent)
    note = Message.objects.get(kind="note")
    assert (note.text, note.recipients, note.delivery) == ("Ask Mira.", [], "")
    page = tree(response)
    assert page.css_first("#reply-text").text() == "Dear Carol, half"
    assert page.css_first("#note-text").text() == ""
    assert page.css_first("#composer").attributes["data-sent"] == "note"
    assert "Ask Mira." in words(page.css_first("#timeline li.note"))


def test_a_reply_is_held_back_when_the_customer_has_written_since(
    cast: Cast, anna: Client, received: Callable[..., Message]
) -> None:
    ticket = cast.ticket()
    seen = ticket.messages.get().pk
    newer = received(ticket, "It is solved by itself!")
    response = write(anna, ticket, htmx=True, **{**REPLY, "then": "waiting", "seen": seen})
    assert response.status_code == 409
    page = tree(response)
    banner = page.css_first("#composer .banner.warn")
    assert "Held, not sent. Carol has written meanwhile" in words(banner)
    assert page.css_first("#reply-text").text() == "It works again."
    assert page.css_first(f"#timeline #m{newer.pk}") is not None
    assert not Message.objects.filter(kind="reply").exists()
    anyway = banner.css_first("button[name=anyway]").attributes["value"]
    sent = {name: field for name, field in REPLY.items() if name != "then"}
    assert write(anna, ticket, **{**sent, "seen": seen, "anyway": anyway}).status_code == 302
    assert Message.objects.filter(kind="reply").count() == 1
    assert Ticket.objects.get(pk=ticket.pk).status_category == "waiting"


def test_having_seen_the_newer_message_the_same_form_may_be_sent(
    cast: Cast, anna: Client, received: Callable[..., Message]
) -> None:
    ticket = cast.ticket()
    seen = ticket.messages.get().pk
    received(ticket)
    held = write(anna, ticket, **{**REPLY, "seen": seen})
    page = tree(held)
    assert write(anna, ticket, **{**REPLY, "seen": value(page, "input[name=seen]")}).status_code == 302


def test_a_held_or_automatic_message_holds_no_reply_back(
    cast: Cast, anna: Client, received: Callable[..., Message]
) -> None:
    ticket = cast.ticket()
    seen = ticket.messages.get().pk
    received(ticket, is_automatic=True)
    received(ticket, is_held=True)
    assert write(anna, ticket, **{**REPLY, "seen": seen}).status_code == 302


def test_an_empty_reply_is_refused_and_the_note_stays(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    response = write(anna, ticket, **{**REPLY, "reply_text": " \r\n ", "note_text": "half a note"})
    assert response.status_code == 422
    page = tree(response)
    assert "There is no text yet." in words(page.css_first("#composer .banner.bad"))
    assert page.css_first("#note-text").text() == "half a note"


def test_people_in_copy_can_be_left_out_but_nobody_else_put_in(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    add_participant(ticket, by=TEST, contact=cast.dave)
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    offered = [node.attributes["value"] for node in page.css("#composer-to input[name=to]")]
    assert offered == ["carol@faehrholm.example", "dave@harrowmere.example"]
    assert "(copy)" in words(page.css_first("#composer-to"))
    write(anna, ticket, **{**REPLY, "to": ["carol@faehrholm.example", "stranger@elsewhere.example"]})
    assert [r["address"] for r in Message.objects.get(kind="reply").recipients] == ["carol@faehrholm.example"]


def test_a_reply_to_nobody_is_refused(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    response = write(anna, ticket, **{**REPLY, "to": []})
    assert response.status_code == 422
    page = tree(response)
    assert "Choose at least one recipient" in words(page.css_first("#composer .banner.bad"))
    assert page.css("#composer-to input[checked]") == []
    assert page.css_first("#reply-text").text() == "It works again."


def test_ten_clicks_send_one_reply(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    once = value(tree(anna.get(f"/desk/tickets/{ticket.number}/")), "input[name=once]")
    for _ in range(10):
        assert write(anna, ticket, **{**REPLY, "once": once}).status_code == 302
    assert Message.objects.filter(kind="reply").count() == 1


@pytest.mark.django_db(transaction=True)
def test_clicks_at_the_same_moment_send_one_reply(cast: Cast) -> None:
    ticket = cast.ticket()
    together, answers = Barrier(4), []

    def click() -> None:
        client = cast.browser(cast.anna)
        together.wait()
        answers.append(write(client, ticket, **{**REPLY, "once": "one-form", "anyway": "send"}).status_code)
        connection.close()

    threads = [Thread(target=click) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers) == {302}
    assert Message.objects.filter(kind="reply").count() == 1


def test_files_leave_with_the_reply(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    uploads = [SimpleUploadedFile("../../log ü.txt", b"12:00 down"), SimpleUploadedFile("b.csv", b"a;b")]
    write(anna, ticket, **REPLY, files=uploads)
    rows = Message.objects.get(kind="reply").attachments.order_by("filename")
    assert [(row.filename, row.content_type) for row in rows] == [("b.csv", "text/csv"), ("log ü.txt", "text/plain")]
    assert files.read(rows[1].storage_key) == b"12:00 down"


def test_a_file_that_is_too_large_is_said_and_the_rest_is_kept(cast: Cast, anna: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.MAX_FILE_BYTES = 10
    ticket = cast.ticket()
    uploads = [SimpleUploadedFile("big.log", b"x" * 11), SimpleUploadedFile("small.log", b"x" * 10)]
    response = write(anna, ticket, **REPLY, files=uploads)
    assert response.status_code == 413
    page = tree(response)
    assert "“big.log” is larger than 10" in words(page.css_first("#composer .banner.bad"))
    assert page.css_first("#reply-text").text() == "It works again."
    kept = page.css_first("#composer input[name=upload][checked]")
    assert "small.log" in words(kept.parent)
    assert write(anna, ticket, **REPLY, upload=kept.attributes["value"]).status_code == 302
    assert [row.filename for row in Message.objects.get(kind="reply").attachments.all()] == ["small.log"]


def test_more_files_than_allowed_are_said(cast: Cast, anna: Client, settings) -> None:  # type: ignore[no-untyped-def]
    settings.MAX_FILES = 2
    ticket = cast.ticket()
    response = write(anna, ticket, **REPLY, files=[SimpleUploadedFile(f"{n}.txt", b"x") for n in range(3)])
    assert response.status_code == 413
    assert "At most 2 files at once." in words(tree(response).css_first("#composer .banner.bad"))
    assert len(tree(response).css("#composer input[name=upload]")) == 2


def test_an_upload_of_a_colleague_cannot_be_sent_along(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    cast.piotr.teams.add(cast.netz)
    write(cast.browser(cast.piotr), ticket, kind="reply", files=[SimpleUploadedFile("mine.txt", b"x")])
    upload = Attachment.objects.get(message=None)
    write(anna, ticket, **REPLY, upload=[str(upload.pk), "not-a-key"])
    assert Message.objects.get(kind="reply").attachments.count() == 0


def test_odd_bytes_in_a_form_are_no_fault(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    odd = {**REPLY, "reply_text": "a\0b\r\nc", "once": "\0", "seen": "²", "anyway": "send", "upload": "\0"}
    assert write(anna, ticket, **odd).status_code == 302
    assert Message.objects.get(kind="reply").text == "ab\nc"


def test_a_ticket_of_another_team_takes_no_word(cast: Cast) -> None:
    ticket = cast.ticket()
    assert write(cast.browser(cast.piotr), ticket, **REPLY).status_code == 404
    assert ticket.messages.count() == 1


@pytest.mark.parametrize(
    "text", ["Please see the attached log.", "Anbei die Liste.", "Die Datei ist im Anhang", "Przesyłam w załączniku."]
)
def test_a_forgotten_attachment_is_said_and_stops_nothing(cast: Cast, anna: Client, text: str) -> None:
    ticket = cast.ticket()
    said = write(anna, ticket, htmx=True, **{**REPLY, "reply_text": text})["HX-Trigger"]
    assert "speaks of an attachment" in said and Message.objects.get(kind="reply").text == text
    with_file = {**REPLY, "reply_text": text, "files": [SimpleUploadedFile("a.log", b"x")]}
    assert "attachment" not in write(anna, ticket, htmx=True, **with_file)["HX-Trigger"]
    assert "attachment" not in write(anna, ticket, htmx=True, **{**REPLY, "reply_text": "It works."})["HX-Trigger"]


def test_somebody_outside_is_marked_among_the_recipients_of_an_internal_matter(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    add_participant(ticket, by=TEST, contact=cast.dave)
    assert not tree(anna.get(f"/desk/tickets/{ticket.number}/")).css("#composer-to .outside")
    Mailbox.objects.create(address="it@faehrholm.example", brand=cast.brand)
    marked = tree(anna.get(f"/desk/tickets/{ticket.number}/")).css("#composer-to .chip:has(.outside)")
    assert ["Dave" in words(chip) for chip in marked] == [True]


def test_recipients_are_moved_between_to_cc_and_bcc(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    add_participant(ticket, by=TEST, contact=cast.dave)
    both = ["carol@faehrholm.example", "dave@harrowmere.example"]
    places = ["carol@faehrholm.example|cc", "dave@harrowmere.example|bcc", "eve@evil.example|to", "x", "|to"]
    write(anna, ticket, **{**REPLY, "to": both, "place": places})
    assert [(r["address"], r["role"]) for r in Message.objects.get(kind="reply").recipients] == [
        ("carol@faehrholm.example", "cc"),
        ("dave@harrowmere.example", "bcc"),
    ]
    blind = {**REPLY, "to": both[:1], "place": ["carol@faehrholm.example|bcc"]}
    assert write(anna, ticket, anyway="send", **blind).status_code == 422
