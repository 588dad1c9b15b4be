"""What a reply looks like when it leaves: pictures in their places, large files as links, earlier messages below."""

from __future__ import annotations

import itertools
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import tree
from tests.intake.conftest import Desk, mail
from tests.sending.conftest import write
from tresen.channels.mail import bodies
from tresen.channels.mail.compose import compose
from tresen.channels.mail.models import BrandMail, Mailbox, Outbox
from tresen.channels.mail.signing import is_own_loop
from tresen.core.people.services import find_or_create_contact, verify_mail
from tresen.core.tickets.content import Content, prepare_file, with_pictures
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.planning import change_undo_seconds
from tresen.core.tickets.services import add_note, add_participant, add_received, add_reply, update_ticket
from tresen.kit.replies import cut_reply
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


def a_ticket(desk: Desk, **more: Any) -> Ticket:
    ticket = desk.receive(mail(**more)).ticket
    assert ticket
    drain()
    Ticket.objects.filter(pk=ticket.pk).update(language="en")
    return Ticket.objects.get(pk=ticket.pk)


def reply(desk: Desk, ticket: Ticket, content: Content | None = None, **more: Any) -> Message:
    return add_reply(ticket, by=Actor.agent(desk.anna), agent=desk.anna, content=content or Content("Here."), **more)


def leaves(message: Message) -> EmailMessage:
    """The mail as its receiver's program reads it."""
    parsed = message_from_bytes(compose(message.outgoing.get()).as_bytes(), policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def part(found: EmailMessage, kind: str) -> str:
    body = found.get_body((kind,))
    assert isinstance(body, EmailMessage)
    return str(body.get_content()).replace("\r\n", "\n")


def shape(found: EmailMessage) -> list[str]:
    return [p.get_content_type() for p in found.walk()]


# Pictures


def test_a_picture_leaves_in_its_place_and_a_file_beside_it(desk: Desk) -> None:
    files = [prepare_file([PNG], filename="screen.png"), prepare_file([b"a"], filename="a.txt")]
    content = with_pictures("Before\n\n[screen.png]\n\nAfter & <b>", files)
    found = leaves(reply(desk, a_ticket(desk), content, files=files))
    assert shape(found) == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
        "text/plain",
    ]  # fmt: skip
    image = next(p for p in found.walk() if p.get_content_type() == "image/png")
    cid = image["Content-ID"].strip("<>")
    assert cid.endswith("@desk.example") and image["Content-Disposition"].startswith("inline")
    html = part(found, "html")
    assert html.count(f'src="cid:{cid}"') == 1 and "&lt;b&gt;" in html and "data-cid" not in html
    assert html.index("Before") < html.index("cid:") < html.index("After")
    assert "[screen.png]" in part(found, "plain")


def test_a_picture_that_is_not_in_the_text_is_a_file(desk: Desk) -> None:
    files = [prepare_file([PNG], filename="screen.png")]
    found = leaves(reply(desk, a_ticket(desk), with_pictures("[other.png]", files), files=files))
    assert [a.get_filename() for a in found.iter_attachments()] == ["screen.png"] and "cid:" not in part(found, "html")


def test_what_is_no_picture_never_stands_in_the_text(desk: Desk) -> None:
    files = [prepare_file([b"<script>alert(1)</script>"], filename="evil.svg")]
    found = leaves(reply(desk, a_ticket(desk), with_pictures("[evil.svg]", files), files=files))
    assert [a.get_filename() for a in found.iter_attachments()] == ["evil.svg"]


def test_a_picture_written_into_the_composer_leaves_and_is_shown(cast: Cast, anna: Client, mailbox: Mailbox) -> None:
    change_undo_seconds(0, by=TEST)
    ticket = cast.ticket()
    write(anna, ticket, reply_text="Look: [image.png]", files=SimpleUploadedFile("image.png", PNG))
    message = Message.objects.get(kind="reply")
    assert "multipart/related" in shape(leaves(message))
    assert tree(anna.get(f"/desk/tickets/{ticket.number}/")).css_first(f"#m{message.pk} iframe") is not None
    assert "<img src=" in anna.get(f"/desk/messages/{message.pk}/html/").content.decode()


def test_the_interface_ties_pictures_by_the_name_of_their_file(cast: Cast) -> None:
    from tests.cast import json

    Mailbox.objects.create(address="support@lindhafen.example", brand=cast.brand)
    ticket = cast.ticket()
    caller = cast.calls(cast.anna)
    made = json(caller.send("POST", "/attachments?filename=chart.png", PNG, content_type="image/png"), 201)
    body = {"kind": "reply", "body_html": '<p>See <img src="cid:chart.png"></p>', "attachments": [made["id"]]}
    json(caller.post(f"/tickets/{ticket.number}/messages", body), 201)
    found = leaves(Message.objects.get(kind="reply"))
    image = next(p for p in found.walk() if p.get_content_type() == "image/png")
    assert f'src="cid:{image["Content-ID"].strip("<>")}"' in part(found, "html")


# Large files


def test_files_above_the_limit_leave_as_a_link(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MAX_ATTACHED_BYTES", 50)
    files = [prepare_file([PNG], filename="screen.png"), prepare_file([b"a"], filename="a.txt")]
    content = with_pictures("[screen.png]", files)
    found = leaves(reply(desk, a_ticket(desk), content, files=files))
    assert shape(found) == ["multipart/alternative", "text/plain", "text/html"]
    text = part(found, "plain")
    assert "/t/" in text and "- screen.png\n- a.txt" in text and "cid:" not in part(found, "html")


def test_large_files_for_several_people_are_behind_the_page_where_each_gets_his_own_link(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "MAX_ATTACHED_BYTES", 1)
    ticket = a_ticket(desk)
    bob = find_or_create_contact(mail="bob@shop.example", name="Bob", by=TEST)
    add_participant(ticket, by=TEST, contact=bob)
    text = part(leaves(reply(desk, ticket, files=[prepare_file([b"aa"], filename="a.txt")])), "plain")
    assert "/requests/link/" in text and "/t/" not in text


# What was said before


@pytest.fixture
def quoting(desk: Desk) -> Desk:
    BrandMail.objects.create(brand=desk.brand, quotes_history=True)
    return desk


def confirm(ticket: Ticket) -> None:
    verify_mail(ticket.requester, address="carol@shop.example", by=TEST)


def test_nothing_is_quoted_as_long_as_the_brand_does_not_say_so(desk: Desk) -> None:
    assert "wrote:" not in part(leaves(reply(desk, a_ticket(desk))), "plain")


def test_what_was_said_stands_below_newest_first_and_is_cut_off_again_by_us(quoting: Desk) -> None:
    ticket = a_ticket(quoting, text="The VPN is down.")
    reply(quoting, ticket, Content("Since when?"))
    add_received(
        ticket, by=TEST, contact=ticket.requester, content=Content("Since eight.\n\n> old", reply_text="Since eight."),
        channel="mail", trust="claimed",
    )  # fmt: skip
    found = leaves(reply(quoting, ticket, Content("It works again.")))
    text, html = part(found, "plain"), part(found, "html")
    assert text.index("It works again.") < text.index("> Since eight.") < text.index(">> Since when?")
    assert text.index(">> Since when?") < text.index(">>> The VPN is down.") and "> old" not in text
    assert "Carol Brandt wrote:" in text and "Anna Kowalczyk wrote:" in text
    assert '<blockquote type="cite"' in html and html.count("<blockquote") == 3
    assert "Since eight." not in cut_reply(text).reply_text


@pytest.mark.parametrize("language", ["en", "de", "pl"])
def test_the_line_above_a_quote_is_known_to_our_own_reading(quoting: Desk, language: str) -> None:
    ticket = a_ticket(quoting, text="Old words")
    Ticket.objects.filter(pk=ticket.pk).update(language=language)
    text = part(leaves(reply(quoting, Ticket.objects.get(pk=ticket.pk), Content("New words"))), "plain")
    assert (
        "Old words" in text
        and "Old words" not in cut_reply(text).reply_text
        and "New words" in cut_reply(text).reply_text
    )


def test_notes_held_mail_and_what_has_not_left_are_never_quoted(quoting: Desk) -> None:
    ticket = a_ticket(quoting)
    agent = Actor.agent(quoting.anna)
    add_note(ticket, by=agent, agent=quoting.anna, content=Content("SECRET note"))
    for more in ({"is_held": True}, {"is_automatic": True}):
        add_received(
            ticket, by=TEST, contact=ticket.requester, content=Content(f"SECRET {more}"), channel="mail",
            trust="claimed", **more,
        )  # fmt: skip
    planned = reply(quoting, ticket, Content("SECRET plan"))
    Message.objects.filter(pk=planned.pk).update(delivery="planned")
    assert "SECRET" not in leaves(reply(quoting, ticket)).as_string()


def test_who_joined_later_gets_nothing_older(quoting: Desk) -> None:
    ticket = a_ticket(quoting, text="SECRET of before")
    bob = find_or_create_contact(mail="bob@shop.example", name="Bob", by=TEST)
    add_participant(ticket, by=TEST, contact=bob)
    verify_mail(bob, address="bob@shop.example", by=TEST)
    reply(quoting, ticket, Content("For both."))
    text = part(leaves(reply(quoting, ticket)), "plain")
    assert "SECRET" not in text and "> For both." in text


def test_an_unconfirmed_recipient_gets_nothing_older_than_his_own_first_message(quoting: Desk) -> None:
    ticket = a_ticket(quoting, text="Mine.", cc="bob@shop.example")
    assert ticket.participants.filter(contact__identities__folded="bob@shop.example").exists()
    text = part(leaves(reply(quoting, ticket)), "plain")
    assert "> Mine." not in text, "Bob has written nothing yet, so he gets nothing of before"
    only_carol = [r for r in Outbox.objects.latest("pk").recipients if r["address"] == "carol@shop.example"]
    text = part(leaves(reply(quoting, ticket, recipients=only_carol)), "plain")
    assert "> Mine." in text


# Mail programs keep a conversation together


def test_several_rounds_hold_together_in_every_mail_program(desk: Desk) -> None:
    first = mail(message_id="<root@shop.example>", subject="VPN")
    ticket = desk.receive(first).ticket
    assert ticket
    drain()
    subjects, lines = [], []
    last = "<root@shop.example>"
    for n in range(4):
        found = leaves(reply(desk, ticket, Content(f"Round {n}")))
        assert found["In-Reply-To"] == last
        subjects.append(found["Subject"])
        lines.append(found["References"].split())
        answer_to = found["Message-ID"]
        row = desk.receive(mail(message_id=f"<a{n}@shop.example>", subject=f"AW: {found['Subject']}",
                                in_reply_to=answer_to, references=f"{found['References']} {answer_to}"))  # fmt: skip
        assert (row.outcome, row.ticket) == ("reply", ticket)
        last = f"<a{n}@shop.example>"
    assert {line[0] for line in lines} == {"<root@shop.example>"}
    assert all(later[: len(line)] == line for line, later in itertools.pairwise(lines))
    assert subjects == [f"Re: VPN [#{ticket.number}]"] * 4


def test_another_subject_of_the_ticket_keeps_the_conversation_together(desk: Desk) -> None:
    ticket = a_ticket(desk, subject="VPN")
    first = reply(desk, ticket)
    drain()
    assert first.outgoing.get().subject == f"Re: VPN [#{ticket.number}]"
    renamed = update_ticket(ticket, by=TEST, set={"subject": "Gateway certificate"})
    assert leaves(reply(desk, renamed))["Subject"] == f"Re: VPN [#{ticket.number}]"


def test_a_long_conversation_keeps_its_root_and_its_end(desk: Desk) -> None:
    ticket = desk.receive(mail(message_id="<root@shop.example>")).ticket
    assert ticket
    ids = [reply(desk, ticket, Content(str(n))).outgoing.get().header_id for n in range(40)]
    line = leaves(Message.objects.filter(kind="reply").latest("pk"))["References"].split()
    assert line[0] == "<root@shop.example>" and line[-1] == ids[-2] and len(line) == 21


def test_nothing_automatic_leaves_without_saying_so(desk: Desk) -> None:
    desk.receive(mail())
    found = compose(Outbox.objects.get(kind="ack"))
    assert (found["Auto-Submitted"], found["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert found["X-Tresen-Loop"] and "+" in found["Reply-To"].addresses[0].username


def test_mail_about_accounts_says_that_it_is_automatic_and_ours(desk: Desk) -> None:
    from tests.outbox import account_mails
    from tresen.channels.mail.account_mail import send_account_mail
    from tresen.channels.mail.transport import outgoing_folder

    send_account_mail(to="new@desk.example", language="en", subject="Welcome", text="Hello.")
    assert account_mails()[-1].subject == "Welcome"
    [path] = list((outgoing_folder() / "new").iterdir())
    found = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert (found["Auto-Submitted"], found["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert is_own_loop(found["X-Tresen-Loop"], found["Message-ID"])


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_picture_pasted_into_the_text_leaves_in_its_place(cast: Cast, page: Any) -> None:
    Mailbox.objects.create(address="support@lindhafen.example", brand=cast.brand)
    change_undo_seconds(0, by=TEST)
    ticket = cast.ticket()
    page.goto(f"/desk/tickets/{ticket.number}/")
    page.wait_for_selector("reply-composer:defined")
    page.fill("#reply-text", "Look: ")
    for _ in range(2):
        page.evaluate(
            """bytes => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "image.png", {type: "image/png"}));
            document.querySelector("#reply-text").dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
            list(PNG),
        )
    assert page.input_value("#reply-text") == "Look: [image.png][image-2.png]"
    page.keyboard.press("r")
    page.keyboard.press("Control+Enter")
    page.frame_locator("#timeline li.reply iframe").locator("img").nth(1).wait_for()
    found = leaves(Message.objects.get(kind="reply"))
    assert part(found, "html").count('src="cid:') == 2 and shape(found).count("image/png") == 2
    assert page.complaints == []
