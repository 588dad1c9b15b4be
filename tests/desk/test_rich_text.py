"""Formatting in a reply: it is kept with the draft, cleaned before it leaves, and plain text stays as good."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import Cast
from tests.desk.conftest import HTMX, tree, value
from tresen.core.tickets.models import Draft, Message, Ticket

pytestmark = pytest.mark.django_db
HTML = "<p>Dear <strong>Carol</strong>,</p><ul><li><p>one</p></li></ul>"


def send(client: Client, ticket: Ticket, **more: Any) -> Any:
    sent = {"kind": "reply", "reply_text": "Dear Carol,\n\none", "to": "carol@faehrholm.example", "seen": 10**9}
    return client.post(f"/desk/tickets/{ticket.number}/write/", {**sent, **more}, headers=HTMX)


def test_formatting_leaves_cleaned_beside_the_plain_text(cast: Cast, anna: Client) -> None:
    hostile = f"{HTML}<script>alert(1)</script><img src=x onerror=alert(1)><a href='javascript:alert(1)'>x</a>"
    assert send(anna, cast.ticket(), reply_html=hostile, reply_text="Dear Carol,\n\none\n\nx").status_code == 200
    reply = Message.objects.get(kind="reply")
    assert reply.text == "Dear Carol,\n\none\n\nx"
    assert "<strong>Carol</strong>" in reply.html and "<li>" in reply.html
    assert not any(bad in reply.html for bad in ("script", "onerror", "javascript"))


def test_a_picture_stands_in_its_place_in_a_formatted_reply(cast: Cast, anna: Client) -> None:
    picture = SimpleUploadedFile("map.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 32)
    send(anna, cast.ticket(), reply_text="Here: [map.png]", reply_html="<p>Here: [map.png]</p>", files=[picture])
    reply = Message.objects.get(kind="reply")
    file = reply.attachments.get()
    assert f'<img data-cid="{file.pk}"' in reply.html and file.is_inline


def test_formatting_is_kept_with_the_draft_and_comes_back_with_an_undo(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket()
    kept = {"keep": "reply", "kind": "reply", "reply_text": "Dear Carol", "reply_html": HTML, "once": "p", "turn": 1}
    anna.post(f"/desk/tickets/{ticket.number}/draft/", kept, headers=HTMX)
    assert value(tree(anna.get(f"/desk/tickets/{ticket.number}/")), "[name=reply_html]") == HTML
    send(anna, ticket, reply_html=HTML, once="p")
    assert Draft.objects.get().details == {}
    reply = Message.objects.get(kind="reply")
    page = tree(anna.post(f"/desk/messages/{reply.pk}/take-back/", headers=HTMX))
    assert value(page, "[name=reply_html]") == HTML


def test_a_text_that_was_changed_without_the_editor_wins_over_its_old_formatting(cast: Cast, anna: Client) -> None:
    send(anna, cast.ticket(), reply_html=HTML, reply_text="Dear Carol, two")
    reply = Message.objects.get(kind="reply")
    assert (reply.text, reply.html) == ("Dear Carol, two", "")


def test_an_undo_over_other_words_brings_both_back_as_plain_text(cast: Cast, anna: Client) -> None:
    send(anna, cast.ticket(), reply_html=HTML)
    reply = Message.objects.get(kind="reply")
    more = {"reply_text": "And one more"}
    page = tree(anna.post(f"/desk/messages/{reply.pk}/take-back/", more, headers=HTMX))
    assert page.css_first("#reply-text").text() == "Dear Carol,\n\none\n\nAnd one more"
    assert value(page, "[name=reply_html]") == ""


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_editor_carries_over_what_was_typed_and_pastes_clean(cast: Cast, page: Any) -> None:
    ticket = cast.ticket()
    page.goto(f"/desk/tickets/{ticket.number}/")
    page.wait_for_selector("reply-composer:defined")
    page.fill("#reply-text", "Dear Carol,\n\nfirst line\nsecond line")
    page.click("#composer .bar [data-do=rich]")
    sheet = page.locator("rich-text .ProseMirror")
    sheet.wait_for()
    assert sheet.locator("p").count() == 2 and sheet.locator("br").count() >= 1
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.click("rich-text [data-do=bold]")
    page.keyboard.type("Bold words")
    page.evaluate("""() => {
        const data = new DataTransfer();
        data.setData("text/html", "<p class=MsoNormal style='mso-pagination:none;color:red'>From <b>Word</b><o:p></o:p>"
            + "</p><img src='https://evil.example/x.gif'>");
        document.querySelector(".ProseMirror").dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
    }""")
    html = page.input_value("[name=reply_html]")
    assert "<strong>Bold words" in html and "Word" in html
    assert not any(bad in html for bad in ("Mso", "style", "o:p", "evil.example"))
    assert "Bold words" in page.input_value("#reply-text")
    page.wait_for_selector("#composer .saved:has-text('Saved')")
    page.reload()
    page.locator("rich-text .ProseMirror:has-text('Bold words')").wait_for()
    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#timeline li.reply")
    assert "<strong>Bold words" in Message.objects.get(kind="reply").html
    assert page.faults == []
    # The editor's own style attributes are refused by the policy: told, and harmless.
    assert [line for line in page.complaints if "inline style" not in line] == []
