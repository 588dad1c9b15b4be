"""What a report changes while a mail still has to leave, what counts against a sender, and what no index can hold."""

from __future__ import annotations

from typing import Any

import pytest

from tests.intake.conftest import Desk, mail
from tresen.channels.mail import outbox
from tresen.channels.mail.models import Mailbox, Outbox, RawMail
from tresen.channels.mail.spool import store_mail
from tresen.core.people.models import Identity
from tresen.core.tickets.content import Content
from tresen.core.tickets.services import add_reply
from tresen.kit import clock, files
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db

PASS = "mx.desk.example; dmarc=pass header.from=shop.example"
BOB, CAROL = "bob@shop.example", "carol@shop.example"


def bounce(row: Outbox, address: str) -> bytes:
    """A delivery report: this one did not get it, for good."""
    return "\r\n".join([
        "From: MAILER-DAEMON@shop.example", "To: help@desk.example", "Subject: Undelivered", "MIME-Version: 1.0",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b", "",
        "--b", "Content-Type: text/plain", "", "It failed.",
        "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.shop.example", "",
        f"Final-Recipient: rfc822; {address}", "Action: failed", "Status: 5.1.1", "",
        "--b", "Content-Type: message/rfc822", "", f"Message-ID: {row.header_id}", "Subject: VPN", "", "Hello.",
        "--b--", "",
    ]).encode()  # fmt: skip


class Server:
    """Stands where the outgoing server is: each answer is what it refuses, or a function that is called on the way."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: Any) -> None:
        self.answers, self.sent = list(answers), []  # type: ignore[var-annotated]
        monkeypatch.setattr(outbox, "deliver", self.deliver)

    def deliver(self, mail: Any, *, sender: str, recipients: list[str], mailbox: Any) -> dict[str, tuple[int, str]]:
        """As transport.deliver."""
        self.sent.append(recipients)
        answer = self.answers.pop(0)
        found: dict[str, tuple[int, str]] = answer() if callable(answer) else answer
        return found


def reply_to_two(desk: Desk) -> Outbox:
    """Anna's reply to carol, with bob in copy."""
    desk.mailbox.acknowledges = False
    desk.mailbox.save()
    ticket = desk.receive(mail(cc=BOB)).ticket
    assert ticket
    return add_reply(ticket, by=Actor.agent(desk.anna), agent=desk.anna, content=Content("Hello.")).outgoing.get()


def send_now() -> None:
    """Everything that waits is due."""
    Job.objects.update(run_at=clock.now())
    drain("mail-out")


def test_who_still_waits_gets_the_mail_although_it_came_back_for_another(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = reply_to_two(desk)
    server = Server(monkeypatch, {BOB: (451, "come later")}, {})
    send_now()
    desk.receive(bounce(row, CAROL), sender="")
    row.refresh_from_db()
    assert row.state == "deferred" and row.message and row.message.delivery == "bounced"
    send_now()
    row.refresh_from_db()
    assert server.sent[1] == [BOB]
    assert row.state == "bounced" and CAROL in row.last_error, "what came back is not forgotten"


def test_a_report_that_overtakes_the_sending_is_not_forgotten(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    row = reply_to_two(desk)

    def comes_back() -> dict[str, tuple[int, str]]:
        desk.receive(bounce(row, CAROL), sender="")
        return {}

    Server(monkeypatch, comes_back)
    send_now()
    row.refresh_from_db()
    assert row.state == "bounced" and row.sent_at and row.message and row.message.delivery == "bounced"


def test_what_was_given_up_while_it_was_tried_stays_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    row = reply_to_two(desk)

    def given_up() -> dict[str, tuple[int, str]]:
        outbox.give_up(row, by=Actor.agent(desk.anna))
        return {CAROL: (451, "come later"), BOB: (451, "come later")}

    Server(monkeypatch, given_up)
    send_now()
    row.refresh_from_db()
    assert row.state == "failed" and "given up" in row.last_error


def test_somebody_who_got_our_mail_in_copy_cannot_prove_the_address_of_another(desk: Desk) -> None:
    ticket = desk.receive(mail(sender="mallory@evil.example", cc=CAROL), sender="mallory@evil.example").ticket
    assert ticket
    to = [{"role": "to", "name": "", "address": "mallory@evil.example"}]
    message = add_reply(ticket, by=Actor.agent(desk.anna), agent=desk.anna, content=Content("Hi."), recipients=to)
    drain()
    answer = mail("It is me.", sender=CAROL, in_reply_to=message.outgoing.get().header_id)
    assert desk.receive(answer, sender="mallory@evil.example").outcome == "reply"
    assert Identity.objects.get(folded=CAROL).verified_at is None


@pytest.mark.parametrize("trace", [{}, {"authentication_results": PASS}])
def test_who_alone_got_our_mail_or_proves_his_from_line_has_confirmed_his_address(
    desk: Desk, trace: dict[str, str]
) -> None:
    ticket = desk.receive(mail(**({"cc": BOB} if trace else {}))).ticket
    assert ticket
    message = add_reply(ticket, by=Actor.agent(desk.anna), agent=desk.anna, content=Content("Hi."))
    drain()
    desk.receive(mail("Thanks.", in_reply_to=message.outgoing.get().header_id, **trace))
    assert Identity.objects.get(folded=CAROL).verified_at


def test_tries_that_fail_on_the_way_count_against_nobody(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = mail(content_disposition="attachment; filename=a.txt")
    row = store_mail(raw, mailbox=desk.mailbox, source="smtp", envelope_from=CAROL, envelope_to="help@desk.example")
    assert row

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    before = type(desk.brand).objects.get().last_number
    with monkeypatch.context() as disk:
        disk.setattr(files, "store", full)
        for _ in range(25):
            Job.objects.update(run_at=clock.now())
            drain("mail-in")
    assert RawMail.objects.get(pk=row.pk).outcome == "received"
    assert type(desk.brand).objects.get().last_number == before
    Job.objects.update(run_at=clock.now())
    drain("mail-in")
    assert RawMail.objects.get(pk=row.pk).outcome == "new"


def test_a_message_id_longer_than_any_index_holds_is_read_like_another(desk: Desk) -> None:
    words = "".join(chr(0x4E00 + (n * 7919) % 0x4000) for n in range(980))
    assert desk.receive(mail(message_id=f"<{words}@shop.example>")).outcome == "new"


def test_an_address_too_long_for_any_path_is_nobodys(desk: Desk) -> None:
    sender = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example"
    assert [desk.receive(mail(f"Number {n}.", sender=sender), sender=sender).outcome for n in range(2)] == [
        "new",
        "new",
    ]
    assert not Identity.objects.filter(kind="mail").exists()


@pytest.mark.parametrize(
    "subject",
    [
        "Abwesenheitsnotiz funktioniert nicht",
        "Out of office reply cannot be switched off",
        "Poza biurem – jak to ustawić?",
    ],
)
def test_a_request_that_only_sounds_automatic_becomes_a_ticket_that_no_machine_answers(
    desk: Desk, subject: str
) -> None:
    row = desk.receive(mail("Please help, my note does not work.", subject=subject))
    assert row.outcome == "new" and row.ticket
    assert not Outbox.objects.exists()


def test_forty_in_copy_cost_little_beside_many_organisations(desk: Desk) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tresen.core.people.models import Organisation

    many = [Organisation(name=f"Organisation {n}", domains=[f"d{n}.example"]) for n in range(300)]
    Organisation.objects.bulk_create(many)
    copies = ", ".join(f"p{n}@d{n}.example" for n in range(40))
    with CaptureQueriesContext(connection) as seen:
        ticket = desk.receive(mail(cc=copies)).ticket
    assert ticket and ticket.participants.count() == 41
    member = Identity.objects.get(folded="p7@d7.example").contact.memberships.get()
    assert member.organisation.name == "Organisation 7"
    asked = [q["sql"] for q in seen if 'FROM "people_organisation"' in q["sql"]]
    narrowed = ("INSTR(", "STRPOS(", '"people_organisation"."id" =')
    assert asked and all(any(by in sql for by in narrowed) for sql in asked), "never all of them"


def test_the_mailbox_that_was_written_to_confirms_and_its_own_switch_decides(desk: Desk) -> None:
    support = Mailbox.objects.create(address="support@desk.example", brand=desk.brand, authserv_id="")
    for name, box in (("a", desk.mailbox), ("b", support)):
        sender = f"{name}@shop.example"
        desk.receive(mail(sender=sender, to=box.address), to=box.address, sender=sender)
    assert set(Outbox.objects.values_list("mailbox__address", flat=True)) == {desk.mailbox.address, support.address}
    Mailbox.objects.filter(pk=support.pk).update(acknowledges=False)
    desk.receive(mail(sender="c@shop.example", to=support.address), to=support.address, sender="c@shop.example")
    assert Outbox.objects.count() == 2
