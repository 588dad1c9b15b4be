"""The way out: states, who was refused, what is tried again."""

from __future__ import annotations

import pytest

from tests.intake.conftest import Desk, mail
from tresen.channels.mail import outbox, transport
from tresen.channels.mail.models import Outbox
from tresen.channels.mail.services import send_again
from tresen.core.people.services import find_or_create_contact
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message
from tresen.core.tickets.services import add_participant, add_reply
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.models import Job, JobState
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db


@pytest.fixture
def reply(desk: Desk) -> Message:
    """An answer to Carol, with Bob in copy, that waits to leave."""
    ticket = desk.receive(mail()).ticket
    assert ticket
    bob = find_or_create_contact(mail="bob@shop.example", name="Bob", by=Actor.system("test"))
    add_participant(ticket, by=Actor.agent(desk.anna), contact=bob)
    drain()
    return add_reply(ticket, by=Actor.agent(desk.anna), agent=desk.anna, content=Content("Here."))


def _deliver_with(monkeypatch: pytest.MonkeyPatch, answer: object) -> list[list[str]]:
    tried: list[list[str]] = []

    def deliver(mail: object, *, sender: str, recipients: list[str], mailbox: object) -> dict[str, tuple[int, str]]:
        tried.append(recipients)
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, dict)
        return answer

    monkeypatch.setattr(outbox, "deliver", deliver)
    return tried


def test_who_was_refused_for_now_is_tried_again_alone(reply: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    _deliver_with(monkeypatch, {"bob@shop.example": (450, "greylisted")})
    drain("mail-out")
    reply.refresh_from_db()
    assert reply.delivery == "deferred" and "bob@shop.example: 450" in reply.delivery_detail
    tried = _deliver_with(monkeypatch, {})
    send_again(reply, by=Actor.system("test"))
    drain("mail-out")
    reply.refresh_from_db()
    assert tried == [["bob@shop.example"]] and reply.delivery == "sent"


def test_who_was_refused_for_good_is_named(reply: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    _deliver_with(monkeypatch, {"bob@shop.example": (550, "no such user")})
    drain("mail-out")
    reply.refresh_from_db()
    assert reply.delivery == "sent" and "bob@shop.example: 550 no such user" in reply.delivery_detail


def test_a_full_disk_defers_and_an_impossible_mail_fails_with_its_reason(
    reply: Message, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deliver_with(monkeypatch, OSError("no space left"))
    drain("mail-out")
    reply.refresh_from_db()
    assert reply.delivery == "deferred"
    _deliver_with(monkeypatch, ValueError("an impossible header"))
    send_again(reply, by=Actor.system("test"))
    drain("mail-out")
    reply.refresh_from_db()
    assert reply.delivery == "failed" and "impossible" in reply.delivery_detail
    assert not Job.objects.filter(state=JobState.FAILED).exists()


def test_the_message_id_and_date_stay_the_same_over_all_tries(reply: Message, monkeypatch: pytest.MonkeyPatch) -> None:
    from tresen.channels.mail.compose import compose

    row = Outbox.objects.get(message=reply)
    first = compose(row)
    _deliver_with(monkeypatch, transport.Deferred("421 busy"))
    drain("mail-out")
    send_again(reply, by=Actor.system("test"))
    second = compose(Outbox.objects.get(message=reply))
    assert (first["Message-ID"], first["Date"]) == (second["Message-ID"], second["Date"])


def test_a_password_is_never_sent_over_an_open_line() -> None:
    relay = transport.relay_from_url("smtp://user:secret@mail.example.org:25")
    assert relay.security == transport.OFFERED

    class Server:
        def has_extn(self, name: str) -> bool:
            return False

        def close(self) -> None:
            return

    import smtplib
    import ssl

    with pytest.raises(smtplib.SMTPException, match="no encryption"):
        transport._encrypt(Server(), relay, ssl.create_default_context())  # type: ignore[arg-type]
