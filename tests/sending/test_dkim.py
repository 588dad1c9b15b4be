"""Signing outgoing mail (RFC 6376): the key is sealed, the record is shown and checked, the signature holds."""

from __future__ import annotations

from typing import Any

import dkim
import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tests.intake.conftest import Desk, mail
from tests.outside import Sink
from tresen.channels.mail import dkim_keys
from tresen.channels.mail.compose import compose
from tresen.channels.mail.models import DkimKey, Outbox
from tresen.channels.mail.transport import outgoing_folder
from tresen.core.tickets.content import Content, prepare_file
from tresen.core.tickets.services import add_reply
from tresen.kit.crypto import SealBroken
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


@pytest.fixture(scope="module")
def pair() -> dict[str, str]:
    """One key for all tests of this file, since making one takes long."""
    return {}


@pytest.fixture
def key(desk: Desk, pair: dict[str, str]) -> DkimKey:
    if not pair:
        made = dkim_keys.make_key("desk.example", by=TEST)
        pair.update(sealed=made.sealed, public=made.public)
    else:
        from tresen.kit import clock

        made = DkimKey.objects.create(domain="desk.example", selector="tresen202611", created_at=clock.now(), **pair)
    dkim_keys.switch_key(made, on=True, by=TEST)
    return DkimKey.objects.get(pk=made.pk)


def published(key: DkimKey) -> Any:
    """DNS as it would be with that record; any other name is unknown."""
    records = {f"{key.record_name}.".encode(): key.record_value.encode()}
    return lambda name, timeout=5: records.get(name)


def the_mail(desk: Desk, text: str = "Grüße aus Łódź", **more: Any) -> bytes:
    ticket = desk.receive(mail(subject="Ärger mit dem VPN")).ticket
    assert ticket
    message = add_reply(ticket, by=Actor.agent(desk.anna), agent=desk.anna, content=Content(text), **more)
    return dkim_keys.signed(compose(message.outgoing.get()).as_bytes(), sender=desk.mailbox.address)


def test_a_reply_is_signed_and_the_signature_holds(desk: Desk, key: DkimKey) -> None:
    raw = the_mail(desk, files=[prepare_file([b"\0\r\n.\r\n" * 50], filename="ü.bin")])
    assert dkim.verify(raw, dnsfunc=published(key))
    signature = raw.partition(b"\r\nContent-Type")[0].replace(b"\r\n", b"")
    assert b"d=desk.example" in signature and f"s={key.selector}".encode() in signature


@pytest.mark.parametrize("change", ["body", "subject", "from", "second from"])
def test_whatever_is_changed_on_the_way_breaks_it(desk: Desk, key: DkimKey, change: str) -> None:
    raw = the_mail(desk)
    changed = {
        "body": raw.replace(b"Gr=C3=BC=C3=9Fe", b"Bitte zahlen", 1),
        "subject": raw.replace(b"\r\nSubject: ", b"\r\nSubject: [urgent] ", 1),
        "from": raw.replace(b"help@desk.example", b"evil@desk.example", 1),
        "second from": raw.replace(b"\r\nSubject: ", b"\r\nFrom: evil@desk.example\r\nSubject: ", 1),
    }[change]
    assert changed != raw and not dkim.verify(changed, dnsfunc=published(key))


def test_what_arrives_at_the_other_server_verifies(desk: Desk, key: DkimKey, sink: Sink) -> None:
    desk.mailbox.smtp_host, desk.mailbox.smtp_port, desk.mailbox.smtp_security = "127.0.0.1", sink.port, "plain"
    desk.mailbox.save()
    ticket = desk.receive(mail()).ticket
    assert ticket
    add_reply(ticket, by=Actor.agent(desk.anna), agent=desk.anna, content=Content(".\r\n.. dots\r\n\r\n.\r\nend"))
    drain("mail-out")
    acknowledgement, reply = sink.wait("carol@shop.example", count=2)
    for received in (acknowledgement, reply):
        assert dkim.verify(received.raw, dnsfunc=published(key))
    assert ".. dots" in reply.text


def test_no_key_or_one_that_is_off_leaves_mail_as_it_is(desk: Desk, key: DkimKey) -> None:
    dkim_keys.switch_key(key, on=False, by=TEST)
    assert b"dkim-signature" not in the_mail(desk).lower()
    assert dkim_keys.signed(b"From: x@other.example\r\n\r\n", sender="x@other.example").startswith(b"From")


def test_a_key_that_cannot_be_opened_holds_mail_back_instead_of_sending_it_unsigned(desk: Desk, key: DkimKey) -> None:
    DkimKey.objects.update(domain="desk.example", sealed=key.sealed[:-8] + "AAAAAAA=")
    with pytest.raises(SealBroken):
        the_mail(desk)
    drain("mail-out")
    assert set(Outbox.objects.values_list("state", flat=True)) == {"deferred"}
    left = outgoing_folder() / "new"
    assert not left.exists() or not list(left.iterdir())


def test_the_private_key_is_sealed_for_its_domain(desk: Desk, key: DkimKey) -> None:
    assert "PRIVATE KEY" not in key.sealed
    DkimKey.objects.filter(pk=key.pk).update(domain="other.example")
    with pytest.raises(SealBroken):
        dkim_keys.signed(b"From: a@other.example\r\n\r\n", sender="a@other.example")


def _raises(fault: Exception) -> Any:
    def lookup(name: str) -> list[str]:
        raise fault

    return lookup


def test_the_record_in_dns_is_judged(desk: Desk, key: DkimKey) -> None:
    good, spaced = key.record_value, key.record_value.replace("p=", "p= ").replace("; ", ";")

    def state(*records: str) -> str:
        return dkim_keys.check_record(key, lookup=lambda name: list(records)).state

    assert state(good) == state("v=spf1 -all", spaced) == "good"
    assert state("v=DKIM1; k=rsa; p=MIIBother") == "other"
    assert state("v=spf1 -all") == "missing"
    assert dkim_keys.check_record(key, lookup=_raises(dkim_keys.NoRecord())).state == "missing"
    assert dkim_keys.check_record(key, lookup=_raises(dkim_keys.NoAnswer("timed out"))).state == "unknown"


def test_the_page_leads_from_the_key_to_the_signature(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ada: Client = cast.browser(cast.ada)
    domain = "lindhafen.example"
    assert domain in words(tree(ada.get("/settings/mail/dkim/")).css_first("main"))
    ada.post(f"/settings/mail/dkim/{domain}/", {"act": "make"})
    key = DkimKey.objects.get()
    page = ada.get("/settings/mail/dkim/").content.decode()
    assert key.record_name in page and key.public in page and key.sealed not in page and "PRIVATE" not in page
    for records, said in ([], "does not have the record yet"), ([key.record_value], "You can switch signing on"):
        monkeypatch.setattr(dkim_keys, "lookup_txt", lambda name, found=records: found)
        assert said in words(tree(ada.post(f"/settings/mail/dkim/{domain}/", {"act": "check"})).css_first("main"))
    ada.post(f"/settings/mail/dkim/{domain}/", {"act": "on"})
    assert DkimKey.objects.get().is_active
    ada.post(f"/settings/mail/dkim/{domain}/", {"act": "off"})
    ada.post(f"/settings/mail/dkim/{domain}/", {"act": "remove"})
    assert not DkimKey.objects.exists()
    assert ada.post("/settings/mail/dkim/evil.example/", {"act": "make"}).status_code == 404
    assert cast.browser(cast.anna).post(f"/settings/mail/dkim/{domain}/", {"act": "make"}).status_code == 404
