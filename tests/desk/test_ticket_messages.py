"""One message: its formatted text, its original, its files, and what is done to held and failed ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, words
from tresen.channels.mail.models import Mailbox, RawMail
from tresen.core.tickets.content import Content
from tresen.core.tickets.formatted import keep_cleaned
from tresen.core.tickets.models import Attachment, Message, Ticket
from tresen.core.tickets.services import add_reply, set_delivery
from tresen.kit.frames import POLICY, SANDBOX, frame_response
from tresen.kit.html import SANITISER_VERSION
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
FRAME_POLICY = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"
)


@pytest.fixture
def formatted(cast: Cast, received: Callable[..., Message]) -> Message:
    """A mail with cleaned HTML."""
    html = '<p>Hello <b>there</b></p><p><img data-cid="pic@1"> <img data-remote="https://track.example/x.gif"></p>'
    rules = {"html": html, "html_version": SANITISER_VERSION, "html_source": "<p>…", "blocked_images": 1}
    return received(cast.ticket(), "Hello there", **rules)


def test_formatted_mail_stands_in_a_frame_of_its_own(cast: Cast, anna: Client, formatted: Message) -> None:
    page = tree(anna.get(f"/desk/tickets/{formatted.ticket.number}/"))
    frame = page.css_first(f"#m{formatted.pk} iframe")
    assert frame.attributes["src"] == f"/desk/messages/{formatted.pk}/html/"
    assert frame.attributes["sandbox"] == SANDBOX
    assert frame.attributes["loading"] == "lazy" and "srcdoc" not in frame.attributes
    assert "1 image from outside is blocked." in words(page.css_first(f"#m{formatted.pk}"))
    assert "<b>there</b>" not in page.html


def test_the_frame_is_answered_with_its_exact_policy(
    anna: Client, formatted: Message, file: Callable[..., Attachment]
) -> None:
    file(formatted, "pic.png", PNG, content_id="<pic@1>", is_inline=True)
    response = anna.get(f"/desk/messages/{formatted.pk}/html/")
    assert response["Content-Security-Policy"] == FRAME_POLICY == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"
    body = tree(response)
    sources = [image.attributes.get("src") for image in body.css("img")]
    assert sources[0] and sources[0].startswith("/files/") and sources[1] is None
    assert anna.get(sources[0]).status_code == 200
    assert body.css("script, form") == []


@pytest.mark.parametrize(
    ("html", "version"), [("<p>x</p>", SANITISER_VERSION + 1), ("<p>x</p>", 0), ("", SANITISER_VERSION)]
)
def test_html_of_other_rules_is_shown_as_text(
    cast: Cast, anna: Client, received: Callable[..., Message], html: str, version: int
) -> None:
    message = received(cast.ticket(), "plain words", html=html, html_version=version, html_source="<p>x")
    entry = tree(anna.get(f"/desk/tickets/{message.ticket.number}/")).css_first(f"#m{message.pk}")
    assert entry.css_first("iframe") is None
    assert "plain words" in words(entry) and "Shown as plain text." in words(entry)
    assert anna.get(f"/desk/messages/{message.pk}/html/").status_code == 404


def test_mail_cleaned_by_old_rules_is_cleaned_anew_once_it_is_looked_at(
    cast: Cast, anna: Client, received: Callable[..., Message]
) -> None:
    source = "<p>Hello <b onclick=x()>there</b></p><script>x()</script><img src=https://a.example/1.gif>"
    message = received(cast.ticket(), "Hello", html="<p>old</p>", html_version=0, html_source=source)
    address = f"/desk/tickets/{message.ticket.number}/"
    for _ in range(3):
        assert tree(anna.get(address)).css_first("iframe") is None
    assert Job.objects.filter(name="mail.clean_html").count() == 1
    drain()
    assert "1 image from outside is blocked." in words(tree(anna.get(address)).css_first(f"#m{message.pk}"))
    frame = anna.get(f"/desk/messages/{message.pk}/html/").content.decode()
    assert "<b>there</b>" in frame and "onclick" not in frame and "<script" not in frame


def test_more_images_than_a_column_counts_are_kept_as_the_most_it_holds(
    cast: Cast, received: Callable[..., Message]
) -> None:
    message = received(cast.ticket(), html="<p>x</p>", html_version=SANITISER_VERSION, blocked_images=50_000)
    assert Message.objects.get(pk=message.pk).blocked_images == 32_767
    keep_cleaned(message, html="<p>y</p>", version=SANITISER_VERSION, blocked_images=50_000)
    assert Message.objects.get(pk=message.pk).blocked_images == 32_767


def test_a_source_that_is_no_longer_kept_is_not_offered(
    cast: Cast, anna: Client, received: Callable[..., Message], raw_mail: Callable[..., RawMail]
) -> None:
    message = received(cast.ticket())
    raw_mail(message, b"Subject: x")
    RawMail.objects.update(raw=b"")
    assert anna.get(f"/desk/messages/{message.pk}/original/").status_code == 200
    assert anna.get(f"/desk/messages/{message.pk}/raw/").status_code == 404
    assert "Show original" not in anna.get(f"/desk/tickets/{message.ticket.number}/").content.decode()


def test_an_earlier_mail_in_the_frame_is_folded(cast: Cast, anna: Client, received: Callable[..., Message]) -> None:
    html = "<p>New.</p><p>On Monday Anna wrote:</p><blockquote><p>Old <b>words</b></p></blockquote>"
    message = received(
        cast.ticket(), "New.\n\nOn Monday Anna wrote:\n> Old words", reply_text="New.", html=html,
        html_version=SANITISER_VERSION,
    )  # fmt: skip
    details = tree(anna.get(f"/desk/messages/{message.pk}/html/")).css_first("details")
    assert details.css_first("summary").attributes["aria-label"] == "Show the quoted text"
    assert "Old words" in words(details) and "New." not in words(details)


def test_the_original_shows_headers_reason_and_source(
    cast: Cast, anna: Client, received: Callable[..., Message], raw_mail: Callable[..., RawMail]
) -> None:
    message = received(cast.ticket(), "body text", why={"rule": "subject_token", "sender": "stranger"})
    source = b"From: <script>@x\r\nAuthentication-Results: mx; dkim=pass\r\n\r\nbody \xff\0"
    raw_mail(message, source)
    response = anna.get(f"/desk/messages/{message.pk}/original/")
    page = tree(response)
    assert "Authentication-Results: mx; dkim=pass" in page.css_first("pre").text()
    assert "<script>@x" in page.css_first("pre").text() and "<script>@x" not in response.content.decode()
    assert "the sender is not on the ticket" in words(page.body)
    download = anna.get(f"/desk/messages/{message.pk}/raw/")
    assert download.content == source
    assert download["Content-Type"] == "text/plain"
    assert download["Content-Disposition"].startswith("attachment;")
    assert download["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_message_without_a_mail_has_no_source(cast: Cast, anna: Client) -> None:
    message = cast.ticket().messages.get()
    assert anna.get(f"/desk/messages/{message.pk}/raw/").status_code == 404
    assert anna.get(f"/desk/messages/{message.pk}/original/").status_code == 200
    assert anna.get(f"/desk/messages/{message.pk}/files.zip").status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "inline"),
    [
        ("a.png", PNG, True), ("a.svg", b"<svg onload=alert(1)>", False), ("a.html", b"<script>1</script>", False),
        ("a.xhtml", b"<?xml version='1.0'?><html/>", False), ("a.pdf", b"%PDF-1.7", False),
        ("a.js", b"alert(1)", False), ("a.png", b"<html><script>1</script>", False),
        ("a.txt", b"<!doctype html><script>", False), ("p.gif", b"GIF89a/*<svg/onload=1>*/=1;", False),
        ("q.gif", b"GIF89a\x02\0\x02\0<svg/onload=1>*/=1;", True),
    ],
)  # fmt: skip
def test_files_are_given_out_so_that_nothing_runs(
    cast: Cast, anna: Client, received: Callable[..., Message], file: Callable[..., Attachment],
    name: str, data: bytes, inline: bool,
) -> None:  # fmt: skip
    row = file(received(cast.ticket()), name, data)
    step = anna.get(f"/desk/attachments/{row.pk}/?inline=1")
    assert step.status_code == 302 and step["Location"].startswith("/files/")
    response = Client().get(step["Location"])
    assert b"".join(response.streaming_content) == data  # type: ignore[attr-defined]
    assert response["Content-Disposition"].startswith("inline" if inline else "attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Content-Type"] in {"image/png", "image/gif", "application/pdf", "application/octet-stream"}


def test_all_files_come_as_one_zip(
    cast: Cast, anna: Client, received: Callable[..., Message], file: Callable[..., Attachment]
) -> None:
    message = received(cast.ticket())
    for data in (b"one", b"two"):
        file(message, "log.txt", data)
    file(message, "../ü\u202egpj.exe", b"three")
    assert "All as zip" in words(tree(anna.get(f"/desk/tickets/{message.ticket.number}/")).css_first(f"#m{message.pk}"))
    response = anna.get(f"/desk/messages/{message.pk}/files.zip")
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:  # type: ignore[attr-defined]
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["log (2).txt", "log.txt", "ü�gpj.exe"]
        assert archive.read("log (2).txt") == b"two"


@pytest.fixture
def held(cast: Cast, received: Callable[..., Message]) -> Message:
    """A mail from dave that waits on carol's ticket."""
    why = {"rule": "reply_address", "strength": "strong", "sender": "stranger"}
    return received(cast.ticket(), "Send it to me, too.", contact=cast.dave, is_held=True, why=why)


def test_a_held_message_says_why_and_what_can_be_done(cast: Cast, anna: Client, held: Message) -> None:
    entry = tree(anna.get(f"/desk/tickets/{held.ticket.number}/")).css_first(f"#m{held.pk}")
    assert "Held: only colleagues see it" in words(entry) and "the sender is not on the ticket" in words(entry)
    assert [button.attributes["value"] for button in entry.css("form.acts button")] == ["accept", "join", "move"]


@pytest.mark.parametrize(("act", "joined"), [("accept", False), ("join", True)])
def test_a_held_message_is_accepted(cast: Cast, anna: Client, held: Message, act: str, joined: bool) -> None:
    response = anna.post(f"/desk/messages/{held.pk}/held/", {"act": act}, headers=HTMX)
    assert Message.objects.get(pk=held.pk).is_held is False
    assert Ticket.objects.get(pk=held.ticket_id).participants.filter(contact=cast.dave).exists() is joined
    assert tree(response).css(".banner.warn") == []
    assert ("dave@harrowmere.example" in tree(response).css_first("#composer-to").html) is joined  # type: ignore[operator]


def test_a_held_message_becomes_a_ticket_of_its_own(cast: Cast, anna: Client, held: Message) -> None:
    response = anna.post(f"/desk/messages/{held.pk}/held/", {"act": "move"})
    new = Ticket.objects.get(requester=cast.dave)
    assert response["Location"].startswith(f"/desk/tickets/{new.number}/?moved=")
    old = words(tree(anna.get(f"/desk/tickets/{held.ticket.number}/")).css_first("#timeline"))
    assert "Send it to me, too." not in old and "message moved to T 2" in old


def test_a_reply_that_came_back_says_why_and_is_sent_again(cast: Cast, anna: Client) -> None:
    Mailbox.objects.create(address="support@lindhafen.example", brand=cast.brand)
    ticket = cast.ticket()
    reply = add_reply(ticket, by=TEST, agent=cast.anna, content=Content("Done."))
    reply.outgoing.update(state="bounced")
    set_delivery(reply, state="bounced", detail="550 5.2.2 Mailbox full", by=TEST)
    entry = tree(anna.get(f"/desk/tickets/{ticket.number}/")).css_first(f"#m{reply.pk}")
    assert "came back" in words(entry) and "550 5.2.2 Mailbox full" in words(entry)
    response = anna.post(f"/desk/messages/{reply.pk}/send-again/", headers=HTMX)
    assert reply.outgoing.get().state == "queued"
    assert "queued" in words(tree(response).css_first(f"#m{reply.pk} .delivery"))


def test_an_automatic_reply_stands_like_an_event(cast: Cast, anna: Client, received: Callable[..., Message]) -> None:
    message = received(cast.ticket(), "I am away until Monday.", is_automatic=True)
    entry = tree(anna.get(f"/desk/tickets/{message.ticket.number}/")).css_first(f"#m{message.pk}")
    assert "system" in (entry.attributes["class"] or "")
    assert words(entry.css_first("summary")).startswith("Automatic reply of Carol")


@pytest.mark.parametrize("path", ["html/", "original/", "raw/", "files.zip"])
def test_no_message_of_another_team_is_shown(
    cast: Cast, formatted: Message, file: Callable[..., Attachment], raw_mail: Callable[..., RawMail], path: str
) -> None:
    file(formatted, "a.txt", b"x")
    raw_mail(formatted, b"Subject: x\n\ny")
    assert cast.browser(cast.anna).get(f"/desk/messages/{formatted.pk}/{path}").status_code == 200
    assert cast.browser(cast.piotr).get(f"/desk/messages/{formatted.pk}/{path}").status_code == 404


def test_nothing_is_done_to_a_message_of_another_team(
    cast: Cast, held: Message, file: Callable[..., Attachment]
) -> None:
    row, piotr = file(held, "a.txt", b"x"), cast.browser(cast.piotr)
    assert piotr.post(f"/desk/messages/{held.pk}/held/", {"act": "accept"}).status_code == 404
    assert piotr.post(f"/desk/messages/{held.pk}/send-again/").status_code == 404
    assert piotr.get(f"/desk/attachments/{row.pk}/").status_code == 404
    assert Message.objects.get(pk=held.pk).is_held


@pytest.mark.parametrize(
    ("html", "scheme"),
    [
        ("<p>Plain words, whatever their color: say so.</p>", "light dark"),
        ('<p style="color:#777777;font-size:11px">A grey foot</p><p style="color: #888">Another</p>', "light dark"),
        ('<p style="color:#222">Ink of its own</p>', "light"),
        ('<font color="navy">Ink of its own</font>', "light"),
        ('<table bgcolor="#ffffff"><tr><td>Paper</td></tr></table>', "light"),
        ('<p style="margin:0;background-color:#fff">Paper</p>', "light"),
    ],
)
def test_mail_without_colours_follows_the_page_and_other_mail_stays_on_paper(html: str, scheme: str) -> None:
    page = frame_response(html, title="Mail").content.decode()
    assert f":root{{color-scheme:{scheme}}}" in page
