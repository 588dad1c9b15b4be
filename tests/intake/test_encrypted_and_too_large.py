"""Mail that cannot be read for a good reason: it is encrypted, or it is beyond the limit."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from tests.intake.conftest import Desk, mail
from tests.outbox import account_mails
from tresen.channels.mail.models import RawMail
from tresen.channels.mail.spool import store_too_large
from tresen.channels.mail.transport import outgoing_folder
from tresen.core.people.services import find_or_create_contact, verify_mail
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db
CORPUS = Path(__file__).parents[1] / "mail" / "corpus"
BY = Actor.system("test")
CAROL = "carol@shop.example"


def told() -> list[tuple[str, str]]:
    return [(sent.to, sent.subject) for sent in account_mails()] if (outgoing_folder() / "new").is_dir() else []


def too_large(desk: Desk, uid: int = 1, **headers: str) -> RawMail:
    """A mail of 40 MB that lies on the other server; of it we have the headers."""
    head = mail("", subject="Forty films", **headers).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    store_too_large(head, size=40_000_000, mailbox=desk.mailbox, source="imap", uidvalidity=7, uid=uid)
    drain("mail-out")
    return RawMail.objects.get(uid=uid)


@pytest.mark.parametrize("name", ["en_pgp_mime_encrypted", "de_smime_verschluesselt"])
def test_an_encrypted_mail_is_kept_whole_and_says_so(desk: Desk, client: Client, name: str) -> None:
    row = desk.receive((CORPUS / f"{name}.eml").read_bytes())
    assert row.outcome == "new" and row.message
    assert row.message.why["encrypted"] is True
    assert row.message.attachments.exists()
    client.force_login(desk.anna.user)
    assert row.ticket
    page = client.get(f"/desk/tickets/{row.ticket.number}/").content.decode()
    assert "Encrypted: kept as it came" in page


def test_a_readable_mail_does_not_say_so(desk: Desk) -> None:
    row = desk.receive((CORPUS / "en_pgp_clear_signed.eml").read_bytes())
    assert row.message and "encrypted" not in row.message.why


def test_beyond_the_limit_it_is_recorded_and_a_confirmed_sender_hears_of_it_once(desk: Desk) -> None:
    carol = find_or_create_contact(mail=CAROL, name="Carol", language="en", by=BY)
    verify_mail(carol, address=CAROL, by=BY)
    row = too_large(desk)
    assert (row.outcome, row.reason["code"], row.size) == ("quarantined", "too_large", 40_000_000)
    assert (row.subject, row.sender) == ("Forty films", CAROL)
    assert told() == [(CAROL, "Your mail was too large")]
    assert "Forty films" not in account_mails()[0].text and "36 MB" in account_mails()[0].text
    store_too_large(b"Subject: again\r\n\r\n", size=1, mailbox=desk.mailbox, source="imap", uidvalidity=7, uid=1)
    drain("mail-out")
    assert len(told()) == 1


def test_strangers_machines_and_forged_names_are_not_told(desk: Desk) -> None:
    assert too_large(desk, uid=1).subject == "Forty films"
    carol = find_or_create_contact(mail=CAROL, name="Carol", language="en", by=BY)
    too_large(desk, uid=2)  # known, but not confirmed
    verify_mail(carol, address=CAROL, by=BY)
    too_large(desk, uid=3, auto_submitted="auto-generated")
    too_large(desk, uid=4, authentication_results="mx.desk.example; dmarc=fail (p=reject) header.from=shop.example")
    assert told() == []
