"""The mails that leave: headers, texts, names."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from tests.intake.conftest import Desk, mail
from tresen.channels.mail.compose import compose
from tresen.core.people.identities import sendable
from tresen.core.people.services import find_or_create_contact
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import add_participant, add_reply, update_ticket
from tresen.spine.events.actors import Actor

pytestmark = pytest.mark.django_db
LONG = "Abwesend: Re: Vorlage „Manuskriptvertrag“ öffnet sich nicht, seit Łódź und Überlingen zusammengelegt sind"


def sent(desk: Desk, ticket: Ticket, text: str = "Here.", **more: object) -> EmailMessage:
    """The mail of a new reply, read again as its receiver's program would."""
    message = add_reply(ticket, by=Actor.agent(desk.anna), agent=desk.anna, content=Content(text), **more)  # type: ignore[arg-type]
    raw = compose(message.outgoing.get()).as_bytes()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_a_long_subject_keeps_every_blank(desk: Desk) -> None:
    ticket = desk.receive(mail()).ticket
    assert ticket
    ticket = update_ticket(ticket, by=Actor.system("test"), set={"subject": LONG})
    assert sent(desk, ticket)["Subject"] == f"Re: {LONG} [#{ticket.number}]"


@pytest.mark.parametrize("name", ['Zoë, "Müller" & Söhne', "A\r\nBcc: x@evil.example", "Ł" * 100, "x@y.example"])
def test_a_name_never_becomes_a_header(desk: Desk, name: str) -> None:
    ticket = desk.receive(mail()).ticket
    assert ticket
    ticket.requester.name = name
    ticket.requester.save()
    found = sent(desk, ticket)
    assert [a.addr_spec for a in found["To"].addresses] == ["carol@shop.example"]
    assert found["Bcc"] is None and found["Cc"] is None


def test_people_in_copy_stand_visibly_in_cc_and_nobody_gets_a_personal_link(desk: Desk) -> None:
    ticket = desk.receive(mail()).ticket
    assert ticket
    bob = find_or_create_contact(mail="bob@shop.example", name="Bob", by=Actor.system("test"))
    add_participant(ticket, by=Actor.agent(desk.anna), contact=bob)
    found = sent(desk, ticket)
    assert [a.addr_spec for a in found["Cc"].addresses] == ["bob@shop.example"]
    assert "/t/" not in found.as_string()


def test_files_go_along_under_their_names(desk: Desk) -> None:
    ticket = desk.receive(mail()).ticket
    assert ticket
    file = prepare_file([b"a;b\r\n"], filename="Übersicht März.csv")
    found = sent(desk, ticket, files=[file])
    [attached] = list(found.iter_attachments())
    assert attached.get_filename() == "Übersicht März.csv" and attached.get_payload(decode=True) == b"a;b\r\n"


def test_html_in_a_reply_is_text_there_too(desk: Desk) -> None:
    ticket = desk.receive(mail()).ticket
    assert ticket
    found = sent(desk, ticket, "1 < 2 & <script>x</script>\n\nhttps://example.org/a?b=c&d")
    html = found.get_body(("html",))
    assert html and "<script>" not in html.get_content() and "&lt;script&gt;" in html.get_content()


@pytest.mark.parametrize(
    ("written", "sent_to"),
    [
        ("Bob@Bücher.example", "Bob@xn--bcher-kva.example"),
        ("bob@shop.example", "bob@shop.example"),
        ("bob@straße.example", "bob@straße.example"),  # never strasse.example, which is somebody else's
        ("bob@ｓhop.example", "bob@ｓhop.example"),
        ("nonsense", "nonsense"),
    ],
)
def test_the_domain_of_an_address_is_sent_in_ascii(written: str, sent_to: str) -> None:
    assert sendable(written) == sent_to


def test_headers_name_domains_in_ascii(desk: Desk) -> None:
    ticket = desk.receive(mail()).ticket
    assert ticket
    bob = find_or_create_contact(mail="bob@bücher.example", name="Bob", by=Actor.system("test"))
    add_participant(ticket, by=Actor.agent(desk.anna), contact=bob)
    assert "bob@xn--bcher-kva.example" in str(sent(desk, ticket)["Cc"])


@pytest.mark.parametrize("language", ["en", "de", "pl"])
@pytest.mark.parametrize("signature", ["", "Anna Kowalczyk\nLindhafen  IT", "Anna, LINDHAFEN IT (Netz)", "Anna"])
def test_a_reply_names_the_brand_once(desk: Desk, language: str, signature: str) -> None:
    desk.anna.signature = signature
    desk.anna.save()
    ticket = desk.receive(mail()).ticket
    assert ticket
    Ticket.objects.filter(pk=ticket.pk).update(language=language)
    found = sent(desk, Ticket.objects.get(pk=ticket.pk))
    assert found["Content-Language"] == language
    for kind in ("plain", "html"):
        part = found.get_body((kind,))
        assert isinstance(part, EmailMessage)
        told = part.get_content().replace("&nbsp;", " ").replace("\xa0", " ")
        assert len(re.findall(r"lindhafen\s+it", told, re.IGNORECASE)) == 1, told


def test_a_signature_of_another_house_leaves_the_brand_in_its_place(desk: Desk) -> None:
    desk.anna.signature = "Anna\nLindhafen ITALIA"
    desk.anna.save()
    ticket = desk.receive(mail()).ticket
    assert ticket
    body = sent(desk, ticket).get_body(("plain",))
    assert isinstance(body, EmailMessage) and "-- \nLindhafen IT\n" in body.get_content().replace("\r\n", "\n")
