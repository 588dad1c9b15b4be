"""The seconds in which a reply can be undone: nothing leaves, and everything comes back into the composer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, words
from tests.outside import wait_for
from tests.sending.conftest import write
from tresen.channels.mail.models import Mailbox, Outbox
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Attachment, Message, Status, Ticket
from tresen.core.tickets.planning import change_undo_seconds
from tresen.core.tickets.services import add_participant, update_ticket
from tresen.service.search.models import SearchDocument
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db


def take_back(client: Client, message: Message, *, htmx: bool = True, **data: object) -> Any:
    return client.post(f"/desk/messages/{message.pk}/take-back/", data, headers=HTMX if htmx else {})


def test_a_reply_waits_ten_seconds_and_then_leaves(
    cast: Cast, anna: Client, mailbox: Mailbox, later: Callable[..., datetime]
) -> None:
    ticket = cast.ticket()
    write(anna, ticket)
    reply = Message.objects.get(kind="reply")
    drain()
    later(seconds=9)
    drain()
    reply.refresh_from_db()
    assert reply.delivery == "planned" and not Outbox.objects.exists()
    assert Ticket.objects.get(pk=ticket.pk).first_response_at is None
    later(seconds=2)
    drain()
    reply.refresh_from_db()
    assert reply.delivery == "sent" and Outbox.objects.get().message == reply
    assert Ticket.objects.get(pk=ticket.pk).first_response_at is not None
    assert [e.kind for e in Event.objects.filter(kind__startswith="reply.").order_by("pk")] == [
        "reply.planned",
        "reply.added",
    ]


def test_nobody_outside_sees_a_reply_that_can_be_undone(
    cast: Cast, anna: Client, mailbox: Mailbox, later: Callable[..., datetime]
) -> None:
    ticket = cast.ticket()
    write(anna, ticket)
    outside = Principal.of_contact(cast.carol)
    assert not Message.objects.visible_to(outside).filter(kind="reply").exists()
    later(seconds=11)
    drain()
    assert Message.objects.visible_to(outside).filter(kind="reply").exists()


def test_undo_brings_text_files_and_recipients_back(cast: Cast, anna: Client, mailbox: Mailbox) -> None:
    ticket = cast.ticket()
    add_participant(ticket, by=TEST, contact=cast.dave)
    write(anna, ticket, then="waiting", files=SimpleUploadedFile("a.txt", b"a"))
    reply = Message.objects.get(kind="reply")
    page = tree(take_back(anna, reply))
    assert page.css_first("#reply-text").text() == "It works again."
    chosen = [node.attributes["value"] for node in page.css("#composer-to input[checked]")]
    assert chosen == ["carol@faehrholm.example"]
    file = Attachment.objects.get()
    assert page.css_first("#composer input[name=upload]").attributes["value"] == str(file.pk)
    assert not Message.objects.filter(kind="reply").exists()
    # The same form again: the file goes along.
    write(anna, ticket, upload=str(file.pk))
    assert Message.objects.get(kind="reply").attachments.get() == file


def test_what_changed_with_the_reply_goes_back(cast: Cast, anna: Client, mailbox: Mailbox) -> None:
    ticket = cast.ticket()
    write(anna, ticket, then="solved")
    assert Ticket.objects.get(pk=ticket.pk).status_category == "solved"
    take_back(anna, Message.objects.get(kind="reply"))
    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.status_category, now.ball, now.solved_at, now.last_kind) == ("new", "us", None, "received")


def test_what_somebody_has_changed_since_stays(cast: Cast, anna: Client, mailbox: Mailbox) -> None:
    ticket = cast.ticket()
    write(anna, ticket, then="waiting")
    on_hold = Status.objects.default_of("on_hold")
    update_ticket(ticket, by=TEST, set={"status": on_hold})
    take_back(anna, Message.objects.get(kind="reply"))
    assert Ticket.objects.get(pk=ticket.pk).status == on_hold


def test_undo_comes_too_late_once_it_has_left(
    cast: Cast, anna: Client, mailbox: Mailbox, later: Callable[..., datetime]
) -> None:
    ticket = cast.ticket()
    write(anna, ticket)
    later(seconds=11)
    drain()
    reply = Message.objects.get(kind="reply")
    page = tree(take_back(anna, reply))
    assert Message.objects.filter(pk=reply.pk).exists()
    assert page.css_first(f"#m{reply.pk}") is not None and page.css_first("#composer") is None


def test_what_is_typed_by_now_stays_below_what_comes_back(cast: Cast, anna: Client, mailbox: Mailbox) -> None:
    write(anna, cast.ticket())
    reply = Message.objects.get(kind="reply")
    page = tree(take_back(anna, reply, reply_text="And one more", note_text="half a note"))
    assert page.css_first("#reply-text").text() == "It works again.\n\nAnd one more"
    assert page.css_first("#note-text").text() == "half a note"


def test_nothing_is_lost_when_the_answer_to_the_undo_is(cast: Cast, anna: Client, mailbox: Mailbox) -> None:
    """The request arrives, its answer does not: all of it waits in the draft, and asking again answers the same."""
    ticket = cast.ticket()
    add_participant(ticket, by=TEST, contact=cast.dave)
    write(anna, ticket, then="waiting", files=SimpleUploadedFile("a.txt", b"a"))
    reply = Message.objects.get(kind="reply")
    take_back(anna, reply, reply_text="And one more")  # the answer goes nowhere
    shown = tree(cast.browser(cast.anna).get(f"/desk/tickets/{ticket.number}/")).css_first("#composer")
    again = tree(take_back(anna, reply, reply_text="And one more")).css_first("#composer")
    for page in (shown, again):
        assert page.css_first("#reply-text").text() == "It works again.\n\nAnd one more"
        assert [n.attributes["value"] for n in page.css("#composer-to input[checked]")] == ["carol@faehrholm.example"]
        assert page.css_first("input[name=upload]").attributes["value"] == str(Attachment.objects.get().pk)
    assert [e.kind for e in Event.objects.filter(kind="reply.taken_back")] == ["reply.taken_back"]
    assert Attachment.objects.get().draft is not None


def test_an_undone_reply_is_given_back_to_whoever_took_it_and_to_nobody_else(
    cast: Cast, anna: Client, mailbox: Mailbox
) -> None:
    ticket = cast.ticket()
    write(anna, ticket)
    reply = Message.objects.get(kind="reply")
    take_back(anna, reply)
    cast.piotr.teams.add(cast.netz)
    assert take_back(cast.browser(cast.piotr), reply).status_code == 404
    cast.anna.teams.clear()
    Ticket.objects.update(team=cast.orders)
    assert take_back(anna, reply).status_code == 404


def test_what_was_kept_of_another_text_stays_below_what_comes_back(cast: Cast, anna: Client, mailbox: Mailbox) -> None:
    ticket = cast.ticket()
    write(anna, ticket)
    kept = {"keep": "reply", "kind": "reply", "reply_text": "A second thought", "once": "elsewhere", "turn": 1}
    anna.post(f"/desk/tickets/{ticket.number}/draft/", {**kept, "reply_version": 1}, headers=HTMX)
    page = tree(take_back(anna, Message.objects.get(kind="reply")))
    assert page.css_first("#reply-text").text() == "It works again.\n\nA second thought"


def test_without_a_script_the_page_comes_back_with_the_text(cast: Cast, anna: Client, mailbox: Mailbox) -> None:
    ticket = cast.ticket()
    write(anna, ticket)
    shown = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    form = shown.css_first("#timeline form[action$='/take-back/']")
    assert "Undo" in words(form)
    answer = anna.post(form.attributes["action"])
    assert answer.status_code == 200
    assert tree(answer).css_first("#reply-text").text() == "It works again."


def test_an_agent_of_another_team_can_take_nothing_back(cast: Cast, anna: Client, mailbox: Mailbox) -> None:
    write(anna, cast.ticket())
    reply = Message.objects.get(kind="reply")
    for path in ("take-back", "send-now", "noted"):
        assert cast.browser(cast.piotr).post(f"/desk/messages/{reply.pk}/{path}/").status_code == 404
    assert Message.objects.filter(pk=reply.pk, delivery="planned").exists()


def test_zero_seconds_send_at_once(cast: Cast, anna: Client, mailbox: Mailbox) -> None:
    change_undo_seconds(0, by=TEST)
    write(anna, cast.ticket())
    assert Message.objects.get(kind="reply").delivery == "queued"


def test_an_author_who_may_answer_here_no_longer_sends_nothing(
    cast: Cast, anna: Client, mailbox: Mailbox, later: Callable[..., datetime]
) -> None:
    ticket = cast.ticket()
    write(anna, ticket)
    cast.anna.teams.clear()
    later(seconds=11)
    drain()
    reply = Message.objects.get(kind="reply")
    assert (reply.delivery, reply.delivery_detail) == ("stopped", "author")
    assert Ticket.objects.get(pk=ticket.pk).is_undelivered and not Outbox.objects.exists()


def test_who_was_taken_off_the_ticket_meanwhile_gets_nothing(
    cast: Cast, anna: Client, mailbox: Mailbox, later: Callable[..., datetime]
) -> None:
    ticket = cast.ticket()
    add_participant(ticket, by=TEST, contact=cast.dave)
    write(anna, ticket, to=["carol@faehrholm.example", "dave@harrowmere.example"])
    ticket.participants.get(contact=cast.dave).delete()
    later(seconds=11)
    drain()
    assert [r["address"] for r in Outbox.objects.get().recipients] == ["carol@faehrholm.example"]


def test_the_seconds_are_set_in_the_settings(cast: Cast) -> None:
    ada = cast.browser(cast.ada)
    assert ada.post("/settings/mail/replies/", {"undo_seconds": "25"}).status_code == 302
    assert tree(ada.get("/settings/mail/replies/")).css_first("[name=undo_seconds]").attributes["value"] == "25"
    assert ada.post("/settings/mail/replies/", {"undo_seconds": "121"}).status_code == 422
    assert cast.browser(cast.anna).get("/settings/mail/replies/").status_code == 404


def test_it_is_found_by_colleagues_at_once_and_by_the_customer_only_once_it_has_left(
    cast: Cast, anna: Client, mailbox: Mailbox, later: Callable[..., datetime]
) -> None:
    write(anna, cast.ticket(), reply_text="Zwischenablage")
    reply = Message.objects.get(kind="reply")
    assert SearchDocument.objects.get(message=reply).internal
    later(seconds=11)
    drain()
    assert not SearchDocument.objects.get(message=reply).internal
    write(anna, cast.ticket(), reply_text="Rueckzug")
    second = Message.objects.filter(kind="reply").latest("pk")
    take_back(anna, second)
    assert not SearchDocument.objects.filter(message=second.pk).exists()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_undo_in_the_browser_with_the_key(cast: Cast, page: Any) -> None:
    Mailbox.objects.create(address="support@lindhafen.example", brand=cast.brand)
    ticket = cast.ticket()
    page.goto(f"/desk/tickets/{ticket.number}/")
    page.wait_for_selector("reply-composer:defined")
    page.keyboard.press("r")
    page.keyboard.type("Too early.")
    page.set_input_files("#composer input[type=file]", [{"name": "a.log", "mimeType": "text/plain", "buffer": b"x"}])
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#timeline li.reply undo-seconds:has-text('leaves in')")
    page.wait_for_selector("#prop-status:has-text('Waiting')")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Z")
    page.wait_for_function("() => document.querySelector('#reply-text').value === 'Too early.'")
    page.wait_for_selector("#composer .chosen:has-text('a.log')")
    page.wait_for_selector("#prop-status:has-text('New')")
    assert page.locator("#timeline li.reply").count() == 0
    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#timeline li.reply:has-text('a.log')")
    assert Message.objects.get(kind="reply").attachments.get().filename == "a.log"
    assert page.complaints == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_look_that_began_before_the_undo_brings_nothing_back(cast: Cast, page: Any) -> None:
    Mailbox.objects.create(address="support@lindhafen.example", brand=cast.brand)
    page.goto(f"/desk/tickets/{cast.ticket().number}/")
    page.wait_for_selector("reply-composer:defined")
    page.keyboard.press("r")
    page.keyboard.type("Too early.")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#timeline li.reply undo-seconds")
    looks: list[Any] = []

    def look(route: Any) -> None:
        if route.request.headers.get("hx-target") != "ticket" or route.request.method != "GET":
            route.fallback()
            return
        looks.append((route, route.fetch()))
        if len(looks) > 1:
            route.fulfill(response=looks[-1][1])

    page.route("**/desk/tickets/**", look)
    page.evaluate("""() => document.dispatchEvent(new CustomEvent("live:ticket", {
        detail: {number: document.querySelector("#ticket").dataset.ticket, topics: ["ticket"]}}))""")
    wait_for(lambda: page.title() and looks, what="a look at the ticket with the reply on it")
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+Z")
    page.wait_for_selector("#timeline li.reply", state="detached")
    page.evaluate("""() => {
        window.back = 0;
        new MutationObserver(() => { window.back += document.querySelectorAll("#timeline li.reply").length; })
            .observe(document.querySelector("#ticket"), {childList: true, subtree: true});
    }""")
    looks[0][0].fulfill(response=looks[0][1])
    wait_for(lambda: page.title() and len(looks) > 1, what="another look")
    assert page.evaluate("window.back") == 0
