"""The table of mail.md: strength of evidence × who sent it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.intake.conftest import Desk, mail
from tresen.channels.mail.compose import compose
from tresen.channels.mail.models import Outbox
from tresen.core.people.models import Contact
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Message, Status, Ticket
from tresen.core.tickets.services import add_reply, update_ticket
from tresen.faces.setup.mail_folders.reasons import words_for
from tresen.kit import clock
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db
PASS = "mx.desk.example; dmarc=pass header.from=shop.example"
FORGED = "mx.desk.example; dmarc=fail (p=REJECT) header.from=shop.example"


def answered(desk: Desk, **first: str) -> tuple[Ticket, Outbox]:
    """A ticket of Carol's that Anna has answered: the mail that Carol has in her hands."""
    ticket = desk.receive(mail(**first)).ticket
    assert ticket
    message = add_reply(
        ticket, by=Actor.agent(desk.anna), agent=desk.anna, content=Content("Please restart it."),
        set={"status": Status.objects.default_of("waiting")},
    )  # fmt: skip
    drain()
    return ticket, message.outgoing.get()


def signed_address(row: Outbox) -> str:
    from tresen.channels.mail.signing import make_reply_address

    return make_reply_address(row.mailbox.address, kind="r", ticket_id=row.ticket_id)


def test_a_first_mail_becomes_a_numbered_ticket(desk: Desk) -> None:
    row = desk.receive(mail("Nothing works.", subject="Printer"))
    assert row.outcome == "new"
    assert row.ticket and row.ticket.subject == "Printer" and row.ticket.requester.name == "Carol Brandt"
    assert row.ticket.status_category == "new" and row.ticket.ball == "us" and row.ticket.team == desk.team
    assert row.ticket.is_unconfirmed


def test_the_requester_answering_our_message_id_joins_and_reopens(desk: Desk) -> None:
    ticket, ours = answered(desk)
    row = desk.receive(mail("Still down.", subject="Re: VPN", in_reply_to=ours.header_id))
    ticket.refresh_from_db()
    assert (row.outcome, row.ticket) == ("reply", ticket)
    assert (ticket.status_category, ticket.ball, ticket.is_unconfirmed) == ("open", "us", False)
    assert row.message and row.message.why["rule"] == "message_id" and row.message.why["sender"] == "participant"


def test_our_mails_are_found_by_their_index_whatever_the_case_of_an_id(desk: Desk) -> None:
    desk.mailbox.address = "help@Desk.Example"
    desk.mailbox.save()
    _, ours = answered(desk)
    named, lost = ours.header_id.upper(), "MAILER-DAEMON@mx.example"
    with CaptureQueriesContext(connection) as queries:
        answer = desk.receive(mail("Still down.", subject="Re: VPN", in_reply_to=named))
        bounce = desk.receive(mail(f"No such user.\n\nMessage-ID: {named}", sender=lost, subject="failure notice"))
        back = desk.receive(compose(ours).as_bytes().replace(ours.header_id.encode(), named.encode()))
    assert answer.message and answer.message.why["id"] == ours.header_id and "at" in answer.message.why
    assert (bounce.outcome, bounce.ticket, back.outcome) == ("automatic", answer.ticket, "own")
    asked = [query["sql"] for query in queries if '"header_id"' in query["sql"].partition("WHERE")[2]]
    assert asked and not [sql for sql in asked if "LIKE" in sql or "UPPER(" in sql]


def test_the_requester_answering_the_signed_address_joins(desk: Desk) -> None:
    ticket, ours = answered(desk)
    row = desk.receive(mail("Still down."), to=signed_address(ours))
    assert (row.outcome, row.ticket) == ("reply", ticket)


def test_upper_case_from_a_mail_program_is_forgiven(desk: Desk) -> None:
    ticket, ours = answered(desk)
    row = desk.receive(mail("Hm.", sender="CAROL@Shop.Example"), to=signed_address(ours).upper())
    assert (row.outcome, row.ticket) == ("reply", ticket)


@pytest.mark.parametrize("evidence", ["number", "first_id"])
def test_a_participant_with_weak_evidence_joins_as_claimed(desk: Desk, evidence: str) -> None:
    ticket, _ = answered(desk, message_id="<first@shop.example>")
    headers = {"in_reply_to": "<first@shop.example>"} if evidence == "first_id" else {}
    subject = f"Re: VPN [#{ticket.number}]" if evidence == "number" else "Re: VPN"
    row = desk.receive(mail("One more thing.", subject=subject, **headers))
    assert (row.outcome, row.ticket) == ("reply", ticket)
    assert row.message and row.message.trust == "claimed"


def test_a_stranger_with_strong_evidence_is_held_and_changes_nothing(desk: Desk) -> None:
    ticket, ours = answered(desk)
    row = desk.receive(mail("Let me in.", sender="dave@evil.example", in_reply_to=ours.header_id))
    ticket.refresh_from_db()
    assert (row.outcome, row.ticket) == ("held", ticket)
    assert row.message and row.message.is_held
    assert ticket.status_category == "waiting" and ticket.participants.count() == 1


def test_a_stranger_with_weak_evidence_gets_a_ticket_of_his_own_with_a_hint(desk: Desk) -> None:
    ticket, _ = answered(desk)
    row = desk.receive(mail("Let me in.", sender="dave@evil.example", subject=f"Re: VPN [#{ticket.number}]"))
    assert row.outcome == "new" and row.ticket != ticket
    assert row.ticket and row.ticket.follows == ticket and row.ticket.follows_reason == "possible"
    assert "New, though it names" in words_for(row)


def test_a_wrong_mac_counts_as_nothing(desk: Desk) -> None:
    ticket, ours = answered(desk)
    forged = ours.header_id.replace(f".{ticket.pk}.", f".{ticket.pk + 7}.")
    row = desk.receive(mail("Hello.", in_reply_to=forged))
    assert row.outcome == "new" and row.ticket and row.ticket.follows is None


def test_a_from_line_that_its_domain_calls_forged_is_a_stranger(desk: Desk) -> None:
    ticket, ours = answered(desk)
    row = desk.receive(mail("Evil.", in_reply_to=ours.header_id, authentication_results=FORGED))
    assert (row.outcome, row.ticket) == ("held", ticket)


def test_authentication_results_of_another_server_count_for_nothing(desk: Desk) -> None:
    _, ours = answered(desk)
    row = desk.receive(
        mail("Hi.", sender="anna@desk.example", in_reply_to=ours.header_id,
             authentication_results="mx.evil.example; dmarc=pass header.from=desk.example"), sender="anna@desk.example"
    )  # fmt: skip
    assert row.outcome == "held"


def test_a_proven_colleague_is_kept_as_a_note(desk: Desk) -> None:
    _, ours = answered(desk)
    passed = PASS.replace("shop.example", "desk.example")
    row = desk.receive(mail("I know why.", sender="anna@desk.example", in_reply_to=ours.header_id,
                            authentication_results=passed))  # fmt: skip
    assert row.outcome == "reply" and row.message and row.message.kind == "note"


def test_a_late_answer_to_a_closed_ticket_is_a_new_one_that_follows_it(desk: Desk) -> None:
    ticket, ours = answered(desk)
    update_ticket(ticket, by=Actor.system("test"), set={"status": Status.objects.default_of("closed")})
    Ticket.objects.filter(pk=ticket.pk).update(closed_at=clock.now().replace(year=2025))
    row = desk.receive(mail("Me again.", in_reply_to=ours.header_id))
    assert row.outcome == "new" and row.ticket and row.ticket.follows == ticket and row.ticket.follows_reason == "late"


def test_people_in_cc_of_a_first_mail_take_part_but_get_no_automatic_mail(desk: Desk) -> None:
    row = desk.receive(mail(cc="Bob <bob@shop.example>, help@desk.example, anna@desk.example"))
    assert row.ticket
    assert [str(p.contact) for p in row.ticket.participants.order_by("id")] == ["Carol Brandt", "Bob"]
    assert [r["address"] for o in Outbox.objects.all() for r in o.recipients] == ["carol@shop.example"]


def test_of_two_hundred_in_cc_forty_take_part_and_the_agent_is_told_of_the_others(desk: Desk) -> None:
    row = desk.receive(mail(cc=", ".join(f"Person {n} <p{n}@cc.example>" for n in range(200))))
    assert row.ticket and row.message
    assert row.ticket.participants.count() == 41
    why = row.message.why
    assert [person["address"] for person in why["offered"]] == [f"p{n}@cc.example" for n in range(40, 50)]
    assert why["more"] == 150
    page = Client()
    page.force_login(desk.anna.user)
    told = page.get(f"/desk/tickets/{row.ticket.number}/").content.decode()
    assert "p49@cc.example" in told and "and 150 more" in told


def test_people_in_cc_of_a_later_mail_do_not_join(desk: Desk) -> None:
    ticket, ours = answered(desk)
    desk.receive(mail("Look, boss.", cc="boss@evil.example", in_reply_to=ours.header_id))
    assert ticket.participants.count() == 1
    assert not Contact.objects.filter(identities__folded="boss@evil.example").exists()


def test_an_automatic_reply_stays_quiet(desk: Desk) -> None:
    ticket, ours = answered(desk)
    row = desk.receive(mail("I am away.", in_reply_to=ours.header_id, auto_submitted="auto-replied"))
    ticket.refresh_from_db()
    assert row.outcome == "automatic" and row.ticket == ticket and ticket.status_category == "waiting"
    assert Message.objects.get(pk=row.message_id).is_automatic


def test_an_automatic_reply_to_nothing_is_filed_without_a_ticket(desk: Desk) -> None:
    row = desk.receive(mail("I am away.", auto_submitted="auto-replied"))
    assert row.outcome == "automatic" and row.ticket is None and not Outbox.objects.exists()


def test_our_own_mail_coming_back_makes_no_ticket(desk: Desk) -> None:
    _, ours = answered(desk)
    raw = compose(ours).as_bytes()
    row = desk.receive(raw)
    assert row.outcome == "own" and Ticket.objects.count() == 1


@pytest.mark.parametrize("alone", [True, False])
def test_a_bounce_with_our_id_marks_the_reply_and_the_address_that_alone_got_it(desk: Desk, alone: bool) -> None:
    ticket, ours = answered(desk, **({} if alone else {"cc": "dave@shop.example"}))
    report = (
        "From: MAILER-DAEMON@mx.example\r\nTo: help@desk.example\r\nSubject: Undelivered\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; carol@shop.example\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {ours.header_id}\r\n\r\n--b--\r\n"
    )
    row = desk.receive(report.encode(), sender="")
    assert row.outcome == "automatic" and row.ticket == ticket
    reply = ticket.messages.get(kind="reply")
    assert reply.delivery == "bounced" and "5.1.1" in reply.delivery_detail
    assert len(ours.recipients) == 2 - alone
    assert (ticket.requester.identities.get().undeliverable_at is not None) is alone


def test_the_same_mail_twice_is_one_message_and_other_content_is_two(desk: Desk) -> None:
    raw = mail("Hello.", message_id="<same@shop.example>")
    assert desk.receive(raw).outcome == "new"
    assert desk.receive(b"Received: from a by b; Mon, 16 Nov 2026 09:00:00 +0100\r\n" + raw).outcome == "duplicate"
    assert desk.receive(mail("Other.", message_id="<same@shop.example>")).outcome == "new"
    assert Message.objects.count() == 2


def test_without_message_id_equal_is_one_and_different_is_two(desk: Desk) -> None:
    outcomes = [desk.receive(mail(text, message_id="")).outcome for text in ("a", "a", "b")]
    assert outcomes == ["new", "duplicate", "new"]


def test_more_than_twenty_an_hour_from_one_sender_are_set_aside(desk: Desk) -> None:
    outcomes = [desk.receive(mail(f"Number {n}")).outcome for n in range(22)]
    assert outcomes == ["new"] * 20 + ["suspended"] * 2


def test_an_unreadable_mail_is_kept_byte_for_byte_and_stops_nobody(desk: Desk) -> None:
    from tresen.channels.mail.spool import raw_bytes

    deep = b"From: a@b.example\r\nSubject: deep\r\n"
    for level in range(60):
        deep += b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
    row = desk.receive(deep)
    assert row.outcome == "quarantined" and raw_bytes(row) == deep and row.subject == "deep"
    assert desk.receive(mail()).outcome == "new"


@pytest.mark.parametrize(
    "stated",
    [
        "mx.desk.example; spf=pass (client-ip=1.2.3.4; dmarc=pass) smtp.mailfrom=x; dmarc=fail (p=reject)",
        'mx.desk.example; spf=pass smtp.mailfrom="x; dmarc=pass y"@evil.example; dmarc=fail (p=reject)',
    ],
)
def test_a_senders_own_words_in_the_result_header_prove_nothing(desk: Desk, stated: str) -> None:
    ticket, ours = answered(desk)
    row = desk.receive(mail("Evil.", in_reply_to=ours.header_id, authentication_results=stated))
    assert (row.outcome, row.ticket) == ("held", ticket)


def test_a_moved_message_takes_its_thread_along(desk: Desk) -> None:
    from tresen.channels.mail.compose import compose
    from tresen.channels.mail.moving import move

    ticket, ours = answered(desk, message_id="<carol@shop.example>")
    theirs = {"sender": "dave@other.example", "in_reply_to": ours.header_id, "message_id": "<dave@o.example>"}
    row = desk.receive(mail("Me too.", **theirs))
    assert row.message
    moved, _ = move(row.message, by=Actor.agent(desk.anna))
    reply = add_reply(moved, by=Actor.agent(desk.anna), agent=desk.anna, content=Content("Hello Dave."))
    assert compose(reply.outgoing.get())["In-Reply-To"] == "<dave@o.example>"
    again = add_reply(ticket, by=Actor.agent(desk.anna), agent=desk.anna, content=Content("Hello Carol."))
    assert "dave" not in compose(again.outgoing.get()).as_string()


def test_a_mail_that_kills_its_reader_each_time_is_set_aside(desk: Desk) -> None:
    from tresen.channels.mail.intake import DEATHS
    from tresen.channels.mail.models import RawMail
    from tresen.channels.mail.spool import store_mail

    row = store_mail(mail(), mailbox=desk.mailbox, source="smtp", envelope_from="carol@shop.example")
    assert row
    RawMail.objects.filter(pk=row.pk).update(attempts=DEATHS)
    drain("mail-in")
    row.refresh_from_db()
    assert (row.outcome, row.reason["code"]) == ("quarantined", "died")


def test_a_full_disk_is_not_the_mails_fault(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from tresen.channels.mail import intake
    from tresen.channels.mail.models import RawMail
    from tresen.channels.mail.spool import store_mail

    def full(arrival: object) -> None:
        raise OSError("no space left on device")

    row = store_mail(mail(), mailbox=desk.mailbox, source="smtp", envelope_from="carol@shop.example")
    assert row
    steps = list(intake.STEPS)
    monkeypatch.setattr(intake, "STEPS", [full, *steps])
    for _ in range(5):
        drain("mail-in")
        from tresen.spine.jobs.models import Job

        Job.objects.update(run_at=clock.now())
    assert RawMail.objects.get(pk=row.pk).outcome == "received"
    monkeypatch.setattr(intake, "STEPS", steps)
    drain("mail-in")
    assert RawMail.objects.get(pk=row.pk).outcome == "new"


def test_an_unproven_colleague_who_writes_twice_is_one_contact(desk: Desk) -> None:
    ticket, ours = answered(desk)
    for text in ("First.", "Second."):
        row = desk.receive(
            mail(text, sender="Anna Kowalczyk <Anna@desk.example>", in_reply_to=ours.header_id),
            sender="anna@desk.example",
        )
        assert (row.outcome, row.ticket, row.reason["sender"]) == ("held", ticket, "agent_unproven")
    assert list(Contact.objects.filter(identities__folded="anna@desk.example").values_list("name", flat=True)) == [
        "Anna Kowalczyk"
    ]
