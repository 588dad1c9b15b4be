"""Side threads: the supplier is asked beside the ticket and answers there; the customer hears nothing of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.desk.conftest import tree, words
from tests.intake.conftest import mail
from tests.sides.conftest import Beside
from tresen.core.people.principals import Principal
from tresen.core.people.services import find_or_create_contact
from tresen.core.tickets.choices import Ball, StatusCategory
from tresen.core.tickets.content import Content
from tresen.core.tickets.jobs import remind_of_side
from tresen.core.tickets.models import Attachment, Message, Status, Ticket
from tresen.core.tickets.moving import CannotMove, move_messages
from tresen.core.tickets.services import add_participant, add_reply, update_ticket
from tresen.core.tickets.side_models import SideThread
from tresen.core.tickets.sides import WrongCircle, write_side
from tresen.kit import clock
from tresen.service.notifications.models import Notification
from tresen.spine.events.actors import Actor
from tresen.spine.events.models import Event
from tresen.spine.jobs.models import Job
from tresen.spine.jobs.registry import Retry

CAROL = "carol@shop.example"
TEST = Actor.system("test")


def test_a_supplier_is_asked_with_a_number_of_his_own_and_his_answer_comes_into_that_thread(beside: Beside) -> None:
    side = beside.ask()
    [asked] = beside.arrived("max@parts.example")
    assert asked["Subject"] == f"Router 1200 [#{beside.ticket.number}/{side.pk}]"
    assert asked["To"] == "max <max@parts.example>"
    assert "VPN" not in str(asked) and "carol" not in str(asked).lower()
    assert not asked["References"] and not asked["In-Reply-To"]
    row = beside.answer(asked)
    assert row.outcome == "reply" and row.message.thread_id == side.pk and row.message.is_side
    assert not row.message.is_held and row.ticket == beside.ticket
    page = tree(beside.anna.get(f"/desk/tickets/{beside.ticket.number}/"))
    lanes = [words(node) for node in page.css("li.entry.side")]
    assert len(lanes) == 2 and all("Side thread" in lane for lane in lanes) and "Tomorrow." in lanes[1]


def test_a_second_question_goes_on_in_his_line_and_the_customers_line_knows_nothing_of_it(beside: Beside) -> None:
    side = beside.ask()
    [asked] = beside.arrived("max@parts.example")
    answer = beside.answer(asked, message_id="<1@parts.example>").message
    beside.anna.post(f"/desk/sides/{side.pk}/", {"text": "Two of them, please."})
    second = beside.arrived("max@parts.example", 2)[1]
    assert second["In-Reply-To"] == "<1@parts.example>" and str(asked["Message-ID"]) in second["References"]
    assert beside.ticket.messages.exclude(is_side=True).count() == 1 and answer.is_side
    add_reply(beside.fresh(), by=TEST, agent=beside.desk.anna, content=Content("It comes tomorrow."))
    [to_carol] = beside.arrived(CAROL)
    whole = str(to_carol)
    assert "parts.example" not in whole and "Router" not in whole and str(asked["Message-ID"]) not in whole
    assert len(beside.sink.to(CAROL)) == 1 and len(beside.sink.to("max@parts.example")) == 2


def test_an_answer_makes_it_our_turn_and_changes_nothing_that_the_customer_sees(beside: Beside) -> None:
    update_ticket(beside.ticket, by=TEST, set={"assignee": beside.desk.anna})
    beside.ask()
    assert beside.fresh().ball == Ball.THIRD_PARTY
    [asked] = beside.arrived("max@parts.example")
    before = beside.fresh()
    beside.answer(asked)
    after = beside.fresh()
    assert after.ball == Ball.US and (after.status_id, after.solved_at) == (before.status_id, before.solved_at)
    assert (after.last_text, after.last_message_at) == (before.last_text, before.last_message_at)
    assert Notification.objects.filter(agent=beside.desk.anna).latest("pk").kind == "partner"
    customer = Principal.of_contact(after.requester)
    assert not Message.objects.visible_to(customer).filter(is_side=True).exists()
    assert not SideThread.objects.visible_to(customer).exists()
    assert beside.arrived("max@parts.example") and beside.sink.to(CAROL) == []


def test_an_answer_does_not_open_a_solved_ticket(beside: Beside) -> None:
    beside.ask()
    [asked] = beside.arrived("max@parts.example")
    update_ticket(beside.fresh(), by=TEST, set={"status": Status.objects.default_of(StatusCategory.SOLVED)})
    beside.answer(asked)
    assert beside.fresh().status_category == StatusCategory.SOLVED
    assert not Event.objects.filter(kind="message.received", stream_id=beside.ticket.pk).exists()


def test_his_own_subject_alone_leads_him_back_as_far_as_he_is_of_the_circle(beside: Beside) -> None:
    side = beside.ask()
    [asked] = beside.arrived("max@parts.example")
    plain = {"to": "help@desk.example", "in_reply_to": "<x@parts.example>", "references": "<x@parts.example>"}
    known = beside.answer(asked, **plain)
    assert known.outcome == "reply" and known.message.thread_id == side.pk
    stranger = beside.answer(asked, sender="Eve <eve@elsewhere.example>", **plain)
    assert stranger.outcome == "new" and stranger.ticket != beside.ticket


@pytest.mark.parametrize("sender", ["Eve <eve@elsewhere.example>", "Carol Brandt <carol@shop.example>"])
def test_who_is_not_of_the_circle_waits_to_be_let_in_also_the_customer(beside: Beside, sender: str) -> None:
    side = beside.ask()
    [asked] = beside.arrived("max@parts.example")
    row = beside.answer(asked, sender=sender)
    assert row.outcome == "held" and row.message.is_side and row.message.is_held
    assert beside.fresh().ball == Ball.THIRD_PARTY
    held = f"/desk/messages/{row.message.pk}/held/"
    answer = beside.anna.post(held, {"act": "join"}, headers={"HX-Request": "true"})
    joins = "eve" in sender
    assert answer.status_code == (200 if joins else 422)
    assert side.people.count() == (2 if joins else 1)
    row.message.refresh_from_db()
    assert row.message.is_held is not joins and row.message.is_side
    assert not beside.ticket.participants.filter(contact__name="Eve").exists()


def test_a_supplier_who_writes_without_our_mail_is_a_new_customer(beside: Beside) -> None:
    beside.ask()
    row = beside.desk.receive(mail("Buy!", sender="max@parts.example", subject="News"), sender="max@parts.example")
    assert row.outcome == "new" and row.ticket != beside.ticket


def test_an_absence_of_the_supplier_is_kept_quietly(beside: Beside) -> None:
    side = beside.ask(remind=_at(hours=5))
    [asked] = beside.arrived("max@parts.example")
    row = beside.answer(asked, "I am away.", auto_submitted="auto-replied")
    assert row.outcome == "automatic" and row.message.is_side
    assert beside.fresh().ball == Ball.THIRD_PARTY and SideThread.objects.get(pk=side.pk).remind_at is not None


def _at(**ahead: int) -> str:
    return f"{timezone.localtime(clock.now() + timedelta(**ahead)):%Y-%m-%dT%H:%M}"


def test_one_is_reminded_when_nobody_has_answered(beside: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    beside.desk.anna.user.timezone = "Pacific/Chatham"
    beside.desk.anna.user.save()
    side = beside.ask(remind=_at(hours=5))
    assert Job.objects.filter(name="tickets.remind_side").count() == 1
    with pytest.raises(Retry):
        remind_of_side(side_id=side.pk)
    then = clock.now() + timedelta(hours=6)
    monkeypatch.setattr(clock, "now", lambda: then)
    remind_of_side(side_id=side.pk)
    remind_of_side(side_id=side.pk)
    assert beside.fresh().ball == Ball.US
    assert [n.kind for n in Notification.objects.filter(agent=beside.desk.anna)] == ["reminder"]


def test_an_answer_takes_the_reminder_back(beside: Beside) -> None:
    side = beside.ask(remind=_at(hours=5))
    [asked] = beside.arrived("max@parts.example")
    beside.answer(asked)
    remind_of_side(side_id=side.pk)
    assert not Event.objects.filter(kind="side.reminded").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"to": CAROL}, "takes part in the ticket itself"),
        ({"to": "max@parts.example, CAROL@shop.example"}, "takes part in the ticket itself"),
        ({"to": "help@desk.example"}, "is no mail address of somebody outside"),
        ({"to": "anna@desk.example"}, "is no mail address of somebody outside"),
        ({"to": "max"}, "is no mail address of somebody outside"),
        ({"to": ""}, "mail addresses"),
        ({"text": " "}, "There is no text yet."),
        ({"subject": ""}, "Write a subject."),
        ({"remind": "2020-01-01T10:00"}, "Choose a time for the reminder"),
    ],
)
def test_what_must_not_leave_does_not_and_nothing_typed_is_lost(
    beside: Beside, wrong: dict[str, str], said: str
) -> None:
    data = {"to": "max@parts.example", "subject": "Router", "text": "Is it in stock?", **wrong}
    refused = beside.anna.post(f"/desk/tickets/{beside.ticket.number}/sides/new/", data)
    page = tree(refused)
    assert refused.status_code == 422 and said in words(page)
    assert not SideThread.objects.exists() and beside.sink.mails == []
    if "text" not in wrong:
        assert page.css_first("textarea[name=text]").text() == "Is it in stock?"


def test_nothing_more_leaves_once_somebody_of_the_circle_takes_part_in_the_ticket(beside: Beside) -> None:
    side = beside.ask()
    max_ = find_or_create_contact(mail="max@parts.example", by=TEST)
    add_participant(beside.fresh(), by=TEST, contact=max_)
    with pytest.raises(WrongCircle):
        write_side(side, by=TEST, agent=beside.desk.anna, content=Content("More."))
    refused = beside.anna.post(f"/desk/sides/{side.pk}/", {"text": "More."})
    assert refused.status_code == 409 and tree(refused).css_first("textarea").text() == "More."


def test_what_was_said_beside_a_ticket_is_moved_to_no_other(beside: Beside) -> None:
    beside.ask()
    [asked] = beside.arrived("max@parts.example")
    message = beside.answer(asked).message
    other = beside.desk.receive(mail("Hello", subject="Other")).ticket
    assert other
    with pytest.raises(CannotMove):
        move_messages([message], to=other, by=TEST)
    assert beside.anna.post(f"/desk/messages/{message.pk}/move/", {"to": other.number}).status_code == 403


def test_a_colleague_without_the_ticket_finds_no_side_thread(beside: Beside) -> None:
    side = beside.ask()
    beside.desk.anna.teams.clear()
    assert beside.anna.get(f"/desk/sides/{side.pk}/").status_code == 404
    assert beside.anna.post(f"/desk/sides/{side.pk}/", {"text": "More."}).status_code == 404


def test_files_go_along_and_stay_out_of_the_customers_reach(beside: Beside) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    beside.ask(files=SimpleUploadedFile("plan.txt", b"plan"))  # type: ignore[arg-type]
    [asked] = beside.arrived("max@parts.example")
    assert [part.get_filename() for part in asked.iter_attachments()] == ["plan.txt"]
    customer = Principal.of_contact(beside.ticket.requester)
    assert not Attachment.objects.visible_to(customer).exists()


def test_the_page_lists_its_side_threads(beside: Beside, django_assert_max_num_queries: Any) -> None:
    for n in range(3):
        beside.ask(to=f"p{n}@parts.example", subject=f"Question {n}")
    page = tree(beside.anna.get(f"/desk/tickets/{beside.ticket.number}/"))
    told = words(page.css_first("#sides"))
    assert all(f"Question {n}" in told for n in range(3))
    assert re.search(r"/desk/tickets/\w+/sides/new/", page.css_first("#sides > a").attributes["href"] or "")
    with django_assert_max_num_queries(18):
        beside.anna.get(f"/desk/tickets/{beside.ticket.number}/", headers={"HX-Request": "true"})
    assert Ticket.objects.get(pk=beside.ticket.pk).messages.filter(is_side=True).count() == 3
