"""Replies that leave at a chosen time, also only unless the customer answers first."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import HTMX, tree, value, words
from tests.sending.conftest import write
from tresen.channels.mail.models import Mailbox, Outbox
from tresen.core.people.principals import Principal
from tresen.core.tickets.models import Message, Ticket
from tresen.core.tickets.services import update_ticket
from tresen.kit import clock
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain

pytestmark = pytest.mark.django_db
ZONE = zoneinfo.ZoneInfo("Europe/Berlin")


def plan(client: Client, ticket: Ticket, *, hours: float = 24, **more: object) -> Any:
    local = (clock.now() + timedelta(hours=hours)).astimezone(ZONE)
    return write(client, ticket, **{"then": "later", "later_at": f"{local:%Y-%m-%dT%H:%M}", **more})


def the_reply() -> Message:
    return Message.objects.get(kind="reply")


def test_a_planned_reply_leaves_at_its_time_and_only_then_counts(
    cast: Cast, anna: Client, mailbox: Mailbox, later: Callable[..., datetime]
) -> None:
    ticket = cast.ticket()
    assert plan(anna, ticket, later_then="waiting").status_code == 302
    drain()
    now = Ticket.objects.get(pk=ticket.pk)
    assert (now.status_category, now.last_kind, now.first_response_at) == ("new", "received", None)
    assert not Message.objects.visible_to(Principal.of_contact(cast.carol)).filter(kind="reply").exists()
    later(hours=23)
    drain()
    assert the_reply().delivery == "planned"
    at = later(hours=1, minutes=1)
    drain()
    reply = the_reply()
    now = Ticket.objects.get(pk=ticket.pk)
    assert reply.delivery == "sent" and Outbox.objects.get().message == reply
    assert (now.status_category, now.ball, now.last_kind) == ("waiting", "customer", "reply")
    assert abs((reply.created_at - at).total_seconds()) < 60, "outside it is dated when it left"
    assert Event.objects.filter(kind="reply.added").get().actor_name == "Anna Kowalczyk"


def test_the_time_is_meant_in_the_agents_zone(cast: Cast, anna: Client, mailbox: Mailbox) -> None:
    cast.anna.user.timezone = "America/New_York"
    cast.anna.user.save()
    year = clock.now().year + (clock.now().month > 6)
    if datetime(year, 7, 1, 13, tzinfo=UTC) < clock.now():
        year += 1
    write(anna, cast.ticket(), then="later", later_at=f"{year}-07-01T09:00")
    assert the_reply().plan.leaves_at == datetime(year, 7, 1, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Choose a day and a time"),
        ("tomorrow", "Choose a day and a time"),
        ("2001-01-01T09:00", "That time is over"),
        ("2999-01-01T09:00", "At most a year ahead"),
        ("2026-13-45T09:00", "Choose a day and a time"),
    ],
)
def test_a_time_that_cannot_be_is_said_and_nothing_typed_is_lost(
    cast: Cast, anna: Client, mailbox: Mailbox, typed: str, told: str
) -> None:
    answer = write(anna, cast.ticket(), then="later", later_at=typed, unless_answered="on", later_then="solved")
    assert answer.status_code == 422
    page = tree(answer)
    assert told in words(page.css_first("#composer .banner.bad"))
    assert page.css_first("#reply-text").text() == "It works again."
    assert page.css_first("[name=unless_answered][checked]") is not None
    assert value(page, "[name=later_then] option[selected]") == "solved"
    if typed:
        assert value(page, "[name=later_at]") == typed
    assert not Message.objects.filter(kind="reply").exists()


def test_an_answer_before_keeps_it_here_and_the_agent_sees_it(
    cast: Cast, anna: Client, mailbox: Mailbox, later: Callable[..., datetime], received: Callable[..., Message]
) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    plan(anna, ticket, unless_answered="on")
    ticket.refresh_from_db()
    received(ticket, "It works by itself now!")
    reply = the_reply()
    assert (reply.delivery, reply.delivery_detail) == ("stopped", "answered")
    later(hours=25)
    drain()
    assert the_reply().delivery == "stopped" and not Outbox.objects.exists()
    assert not Message.objects.visible_to(Principal.of_contact(cast.carol)).filter(kind="reply").exists()
    anna = cast.browser(cast.anna)
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    assert "was not sent" in words(page.css_first("#composer .banner.warn"))
    line = words(page.css_first(f"#d{reply.pk}"))
    assert "There was an answer before the planned time" in line and "Take back" in line and "Send now" in line
    assert "Not delivered" in words(tree(anna.get("/desk/views/undelivered/")).css_first("li.row"))
    back = tree(anna.post(f"/desk/messages/{reply.pk}/take-back/", headers=HTMX))
    assert back.css_first("#reply-text").text() == "It works again."
    assert not Ticket.objects.get(pk=ticket.pk).is_undelivered


@pytest.mark.parametrize("quiet", ["is_automatic", "is_held"])
def test_an_automatic_or_held_mail_is_no_answer(
    cast: Cast, anna: Client, mailbox: Mailbox, later: Callable[..., datetime], received: Callable[..., Message],
    quiet: str,
) -> None:  # fmt: skip
    ticket = cast.ticket()
    plan(anna, ticket, unless_answered="on")
    received(ticket, "Out of office", **{quiet: True})
    later(hours=25)
    drain()
    assert the_reply().delivery == "sent"


def test_without_that_wish_it_leaves_although_there_was_an_answer(
    cast: Cast, anna: Client, mailbox: Mailbox, later: Callable[..., datetime], received: Callable[..., Message]
) -> None:
    ticket = cast.ticket()
    plan(anna, ticket)
    received(ticket)
    later(hours=25)
    drain()
    assert the_reply().delivery == "sent"


def test_what_somebody_has_changed_meanwhile_is_not_changed_by_it(
    cast: Cast, anna: Client, mailbox: Mailbox, later: Callable[..., datetime], received: Callable[..., Message]
) -> None:
    ticket = cast.ticket()
    plan(anna, ticket, later_then="solved")
    received(ticket)  # nobody has answered yet, so it is new still
    from tests.cast import TEST
    from tresen.core.tickets.models import Status
    from tresen.core.tickets.services import update_ticket

    update_ticket(ticket, by=TEST, set={"status": Status.objects.default_of("on_hold")})
    later(hours=25)
    drain()
    assert the_reply().delivery == "sent" and Ticket.objects.get(pk=ticket.pk).status_category == "on_hold"


def test_it_can_be_sent_now_or_taken_back_with_its_time(cast: Cast, anna: Client, mailbox: Mailbox) -> None:
    ticket = cast.ticket()
    plan(anna, ticket, unless_answered="on")
    reply = the_reply()
    typed = f"{reply.plan.leaves_at.astimezone(ZONE):%Y-%m-%dT%H:%M}"
    back = tree(anna.post(f"/desk/messages/{reply.pk}/take-back/", headers=HTMX))
    assert value(back, "[name=later_at]") == typed and back.css_first("[name=unless_answered][checked]") is not None
    plan(anna, ticket)
    anna.post(f"/desk/messages/{the_reply().pk}/send-now/")
    assert the_reply().delivery == "queued"
    drain()
    assert the_reply().delivery == "sent" and Outbox.objects.count() == 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_reply_is_planned_in_the_browser(cast: Cast, page: Any) -> None:
    Mailbox.objects.create(address="support@lindhafen.example", brand=cast.brand)
    ticket = cast.ticket()
    page.goto(f"/desk/tickets/{ticket.number}/")
    page.wait_for_selector("reply-composer:defined")
    page.fill("#reply-text", "Does it still work?")
    page.click("#composer .split > details > summary")
    page.click("#composer .later summary")
    page.check("#composer [name=unless_answered]")
    page.click("#composer .later button[value=later]")
    page.wait_for_selector("#timeline li.reply:has-text('planned for')")
    page.wait_for_selector("#composer .banner:has-text('is planned for')")
    assert the_reply().plan.unless_answered and page.complaints == []
    page.click("#timeline li.reply button:has-text('Take back')")
    page.wait_for_function("() => document.querySelector('#reply-text').value === 'Does it still work?'")


def test_what_others_changed_since_it_was_planned_stays_as_they_want_it(
    cast: Cast, anna: Client, mailbox: Mailbox, later: Callable[..., datetime]
) -> None:
    ticket = cast.ticket()
    plan(anna, ticket, staged=["priority=1", "impact=3", "type=problem", "assignee=me", "add_tags=vpn"])
    update_ticket(ticket, by=TEST, set={"priority": 4, "assignee": cast.piotr})
    later(hours=25)
    drain()
    now = Ticket.objects.get(pk=ticket.pk)
    assert the_reply().delivery == "sent"
    assert (now.priority, now.impact, now.assignee, now.type) == (4, ticket.impact, cast.piotr, "problem")
    assert [tag.name for tag in now.tags.all()] == ["vpn"]
