"""The desk a newcomer sees first: believable, whole, and quiet."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.db.models import F

from tests.sample.conftest import NOW
from tresen.channels.mail.models import Outbox, RawMail
from tresen.channels.mail.reading import read_mail
from tresen.channels.mail.spool import raw_bytes
from tresen.core.people.models import Agent, Brand, Contact, Identity, Organisation, Team, User
from tresen.core.people.principals import Principal
from tresen.core.tickets.choices import Ball, Channel, Priority, StatusCategory
from tresen.core.tickets.models import Attachment, Message, Participant, Tag, Ticket
from tresen.faces.cli.checks import all_faults
from tresen.faces.cli.sample.loader import SampleResult
from tresen.kit import files
from tresen.service.learning.models import Proposal
from tresen.service.learning.values import value_on
from tresen.service.procedures.figures import figures_of
from tresen.service.procedures.models import Procedure, Run
from tresen.service.procedures.services import success_of
from tresen.service.recurring.models import Occurrence, Recurring
from tresen.service.routing.models import TeamRouting
from tresen.service.rules.models import RuleTrial, RuleVersion
from tresen.service.search.indexing import count_missing
from tresen.service.search.services import search_tickets
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("desk")]


def test_there_are_150_tickets_in_three_languages() -> None:
    assert Ticket.objects.count() == 150
    assert min(Counter(Ticket.objects.values_list("language", flat=True))[one] for one in ("de", "pl", "en")) >= 45


def test_every_state_channel_turn_and_priority_is_there() -> None:
    def seen(field: str) -> set[object]:
        return set(Ticket.objects.values_list(field, flat=True))

    assert seen("status_category") == set(StatusCategory.values)
    assert seen("channel") == set(Channel.values)
    assert seen("ball") == set(Ball.values)
    assert seen("priority") == set(Priority.values)
    assert {"incident", "service_request", "question"} <= seen("type")


def test_the_house_is_peopled() -> None:
    assert (Brand.objects.count(), Team.objects.count(), Agent.objects.count()) == (2, 5, 10)
    assert Organisation.objects.count() >= 12
    assert Contact.objects.count() >= 55
    assert (
        Contact.objects.filter(identities__kind="mail").count()
        > Contact.objects.filter(identities__kind="mail", identities__is_main=True).count()
    ), "some people have several addresses"
    assert Tag.objects.count() > 40


def test_rules_were_made_by_a_person() -> None:
    assert set(RuleVersion.objects.values_list("by_name", flat=True)) == {"Dagmar Fehrenbach"}


def test_no_screen_of_its_work_is_empty() -> None:
    assert set(TeamRouting.objects.values_list("method", flat=True)) >= {"round", "least"}
    guide = Procedure.objects.get(for_customers=True)
    newest, first = figures_of(guide)
    assert newest.begun and first.begun and newest.percent and success_of(guide).helped
    assert Run.objects.get(outcome="").ticket.status_category == "open"
    assert set(Occurrence.objects.values_list("state", flat=True)) == {"made", "missed", "waived"}
    assert Occurrence.objects.unworked().count() == 1 and not Recurring.objects.filter(next_at__lte=NOW).exists()
    assert Proposal.objects.standing().count() == 4 and Proposal.objects.filter(state="corrected").exists()
    for proposal in Proposal.objects.standing():
        assert value_on(proposal.ticket, proposal.field) == proposal.before != proposal.value
    assert RuleTrial.objects.get().finished_at


def test_no_two_tickets_and_no_two_first_messages_are_alike() -> None:
    firsts = [ticket.messages.order_by("id")[0].text for ticket in Ticket.objects.all()]
    assert len(set(firsts)) == len(firsts)
    subjects = list(Ticket.objects.values_list("subject", flat=True))
    assert len(set(subjects)) == len(subjects)


def test_every_address_is_under_example() -> None:
    addresses = [*Identity.objects.filter(kind="mail").values_list("folded", flat=True),
                 *User.objects.values_list("email", flat=True)]  # fmt: skip
    assert [address for address in addresses if not address.endswith(".example")] == []
    linked = re.findall(r"https?://([\w.-]+)", " ".join(Message.objects.values_list("text", flat=True)))
    assert [host for host in linked if not host.endswith(".example")] == []


def test_nothing_waits_to_be_read_or_sent() -> None:
    assert Job.objects.count() == 0
    assert set(Outbox.objects.values_list("state", flat=True)) == {"sent", "bounced"}
    assert not RawMail.objects.filter(outcome="received").exists()
    assert not list((settings.DATA / "outgoing").glob("*/*"))


def test_the_integrity_check_finds_no_fault() -> None:
    assert all_faults() == []


def test_every_ticket_is_whole() -> None:
    for ticket in Ticket.objects.select_related("requester", "status", "assignee"):
        messages = list(ticket.messages.order_by("id"))
        assert Participant.objects.get(ticket=ticket, role="requester").contact_id == ticket.requester_id
        assert ticket.threads.get().kind == "main"
        assert ticket.status_category == ticket.status.category
        assert messages[0].created_at == ticket.created_at
        assert [m.created_at for m in messages] == sorted(m.created_at for m in messages)
        shown = [m for m in messages if not m.is_held and not m.is_automatic][-1]
        assert (ticket.last_kind, ticket.last_author) == (shown.kind, shown.author_name)
        assert ticket.last_text
        assert ticket.created_at <= ticket.last_message_at <= ticket.updated_at <= NOW
        assert (ticket.solved_at is not None) == (ticket.status_category in {"solved", "closed"})
        assert (ticket.first_response_at is not None) == any(m.kind == "reply" for m in messages)


def test_events_tell_the_whole_life_of_a_ticket() -> None:
    for ticket in Ticket.objects.all():
        events = list(Event.objects.filter(stream_kind="ticket", stream_id=ticket.pk).order_by("id"))
        assert events[0].kind == "ticket.created"
        assert [e.at for e in events] == sorted(e.at for e in events)
        told = [e for e in events if e.kind not in ("delivery.changed", "survey.rated")]  # these leave it as it is
        assert len(told) == ticket.version
        assert {e.changes["message"] for e in told if "message" in e.changes} == {m.pk for m in ticket.messages.all()}
        status = "new"
        for event in told:
            _, status = event.changes.get("status", (status, status))
        assert status.replace("-", "_") == ticket.status_category
    assert not Event.objects.filter(at__gt=NOW, stream_kind="ticket").exists()


def test_held_bounced_and_automatic_mail_is_there() -> None:
    assert Message.objects.filter(is_held=True).count() == 1
    bounced = Message.objects.get(delivery="bounced")
    assert bounced.delivery_detail.startswith("550 5.2.2")
    assert Identity.objects.filter(undeliverable_at__isnull=False).count() == 1
    assert Message.objects.filter(is_automatic=True).count() == 2
    assert Ticket.objects.filter(is_unconfirmed=True).exists()


def test_no_mark_of_the_content_is_left_in_a_text() -> None:
    for text in [*Message.objects.values_list("text", flat=True), *Ticket.objects.values_list("last_text", flat=True)]:
        assert not re.search(r"\[\[|\{[dwn][:+-]", text)


def test_mails_are_read_as_they_were_loaded() -> None:
    def words(text: str) -> str:
        return " ".join(text.split())

    for row in RawMail.objects.select_related("message").prefetch_related("message__attachments"):
        mail, message = read_mail(raw_bytes(row)), row.message
        assert message
        assert (mail["subject"], mail["is_auto_reply"]) == (message.subject, message.is_automatic)
        assert words(mail["text"]) == words(message.text)
        assert sorted(a["filename"] for a in mail["attachments"]) == sorted(
            a.filename for a in message.attachments.all()
        )
        assert words(mail["reply_text"]) == words(message.reply_text)
    assert RawMail.objects.count() > 150


def test_files_are_of_the_kinds_people_send_and_are_there() -> None:
    kinds = Counter(Attachment.objects.values_list("content_type", flat=True))
    assert {"image/png", "application/pdf", "text/plain", "text/csv"} <= set(kinds)
    inline = Attachment.objects.filter(is_inline=True).select_related("message")
    assert inline.count() >= 7
    for file in inline:
        assert file.message
        assert f'data-cid="{file.content_id}"' in file.message.html
    for file in Attachment.objects.all():
        assert len(files.read(file.storage_key)) == file.size > 40


def test_html_mails_fetch_nothing() -> None:
    html = Message.objects.exclude(html="")
    assert html.count() > 80
    assert not html.filter(html__contains=" src=").exists()
    assert html.filter(blocked_images__gt=0).exists()


def test_every_text_is_found() -> None:
    assert count_missing() == 0
    anna = Principal.of_agent(Agent.objects.get(user__email="anna.kowalczyk@lindhafen.example"))
    for words, subject in (
        ("vpn bremen", "VPN bricht seit dem Update alle 20 Minuten ab"),
        ("paragonow", "Kasa nr 4 nie drukuje paragonów, kolejka w sklepie"),
        ("licensing sub-committee", "Shared calendar shows meetings one hour late"),
        ("vpn-lager-bremen.log", "VPN bricht seit dem Update alle 20 Minuten ab"),
    ):
        assert subject in {ticket.subject for ticket in search_tickets(anna, words).items}


def test_only_the_named_accounts_can_sign_in(desk: SampleResult) -> None:
    assert Counter(account.role for account in desk.accounts) == {"admin": 1, "agent": 3, "customer": 3}
    for account in desk.accounts:
        assert User.objects.get(email=account.email).check_password(account.password)
        assert len(account.password) >= 12
    able = {user.email for user in User.objects.all() if user.has_usable_password()}
    assert able == {account.email for account in desk.accounts}
    assert len({account.password for account in desk.accounts}) == len(desk.accounts)


def test_customers_see_their_own_and_never_notes(desk: SampleResult) -> None:
    for account in desk.accounts:
        if account.role == "customer":
            principal = Principal.of_contact(Contact.objects.get(user__email=account.email))
            assert Ticket.objects.visible_to(principal).count() >= 2
            seen = Message.objects.visible_to(principal)
            assert not seen.filter(kind="note").exists()
            assert not seen.filter(is_held=True).exists()


def test_agents_have_read_the_old_and_not_the_fresh() -> None:
    fresh = Ticket.objects.get(subject__startswith="VPN bricht")
    marks = fresh.read_marks.all()
    assert marks.exists()
    assert all(mark.message_id < fresh.messages.latest("id").pk for mark in marks)
    assert not Ticket.objects.filter(last_message_at__lt=NOW - timedelta(days=7), read_marks=None).exists()


def test_messages_stand_on_the_thread_of_their_ticket() -> None:
    assert not Message.objects.exclude(ticket=F("thread__ticket")).exists()
