"""Who is asked after solving, when and how: by mail with a link for each rating, and on the page of the request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from tests.portal.conftest import MAIL, Counter, send, status
from tests.surveys.conftest import asked_of, links, solved, survey_mails, switch_on
from tresen.core.people.models import Contact
from tresen.core.people.services import mark_undeliverable
from tresen.core.tickets import services
from tresen.core.tickets.models import Ticket
from tresen.service.surveys.asking import due_at
from tresen.service.surveys.models import Asked, Survey
from tresen.spine.events.models import Event
from tresen.spine.jobs.worker import drain
from tresen.spine.limits.models import Count


def test_a_solved_request_is_asked_about_by_mail_and_rated_with_two_clicks(asking: Counter, browser: Client) -> None:
    ticket = solved(asking, subject="VPN drops")
    (mail,) = survey_mails()
    assert (mail["To"], mail["Auto-Submitted"]) == ("Carola Brandt <carola@kunde.example>", "auto-generated")
    assert mail["Subject"] == f"How was our help? [#{ticket.number}]"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click" and "/stop/>" in mail["List-Unsubscribe"]
    ways = links(mail)
    assert len(ways) == 5
    page = browser.get(ways[1])
    assert page.status_code == 200 and page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "no-referrer" and "noindex" in page["X-Robots-Tag"]
    assert 'value="2" checked' in page.content.decode() and asked_of(ticket).rating is None
    sent = send(browser, ways[1], rating="2", words="It took a week.")
    assert sent.status_code == 302 and "You gave 2 of 5" in browser.get(sent["Location"]).content.decode()
    row = asked_of(ticket)
    assert (row.rating, row.words, row.agent) == (2, "It took a week.", ticket.assignee)
    event = Event.objects.get(kind="survey.rated")
    assert (event.actor_kind, event.actor_name) == ("contact", "Carola Brandt")
    assert event.changes["is_newly_bad"] and "week" not in str(event.changes)
    # Repeating it is harmless, changing it is possible.
    send(browser, ways[1], rating="2", words="It took a week.")
    assert Event.objects.filter(kind="survey.rated").count() == 1
    send(browser, ways[4], rating="4", words="")
    assert asked_of(ticket).rating == 4
    assert send(browser, ways[4], rating="6").status_code == 422 and asked_of(ticket).rating == 4


def test_it_is_asked_on_the_page_of_the_solved_request(counter: Counter, browser: Client) -> None:
    switch_on(by_mail=False, scale="nps")
    ticket = solved(counter)
    assert not survey_mails()
    path = counter.link(ticket)
    assert "How likely are you to recommend us" in browser.get(path).content.decode()
    assert send(browser, path, at=f"{path}rate/").status_code == 422
    assert send(browser, path, at=f"{path}rate/", rating="0", words="").status_code == 302
    assert asked_of(ticket).rating == 0
    assert "Change my rating" in browser.get(path).content.decode()
    assert browser.get(f"{path}rate/").status_code == 302
    # Not by a link that proves nothing, and not while it is open again.
    assert "recommend us" not in browser.get(counter.link(ticket, by_mail=False)).content.decode()
    services.reopen_ticket(ticket, by=MAIL)
    assert "recommend us" not in browser.get(path).content.decode()


def test_nobody_is_asked_who_should_not_be(asking: Counter) -> None:
    unanswered = asking.ticket()
    services.update_ticket(unanswered, by=MAIL, set={"status": status("solved")})
    drain()
    solved(asking, quiet=True)
    solved(asking, requester=asking.dave)  # somebody has typed his address: it is not confirmed
    Ticket.objects.filter(pk=solved(asking, is_unconfirmed=True).pk)
    switch_on(asks_vip=False)
    Contact.objects.filter(pk=asking.carol.pk).update(is_vip=True)
    solved(asking)
    Contact.objects.filter(pk=asking.carol.pk).update(is_vip=False)
    switch_on(query="tag:training")
    solved(asking)
    assert not survey_mails()
    switch_on(query="")
    mark_undeliverable(asking.carol, address="carola@kunde.example", undeliverable=True, by=MAIL)
    solved(asking)
    assert not survey_mails()
    assert {row.reason for row in Asked.objects.all()} == {"address"}


def test_never_twice_within_the_pause_and_never_twice_about_a_ticket(asking: Counter) -> None:
    first = solved(asking)
    services.reopen_ticket(first, by=MAIL)
    asking.solve(first)
    drain()
    solved(asking)
    assert len(survey_mails()) == 1
    Asked.objects.update(due_at=datetime.now(UTC) - timedelta(days=31))
    held_up = solved(asking)
    assert len(survey_mails()) == 1 and asked_of(held_up).reason == "caps"  # four automatic mails within the hour
    Asked.objects.filter(ticket=held_up).delete()
    Count.objects.all().delete()
    solved(asking)
    assert len(survey_mails()) == 2


def test_a_request_that_is_open_again_is_not_asked_about(asking: Counter) -> None:
    switch_on(wait_hours=4)
    ticket = solved(asking)
    services.reopen_ticket(ticket, by=MAIL)
    from tresen.service.surveys.jobs import ask_now

    ask_now(asked_id=asked_of(ticket).pk)
    assert asked_of(ticket).reason == "ticket" and not survey_mails()
    asking.solve(ticket)
    drain()
    ask_now(asked_id=asked_of(ticket).pk)  # the job of the first time
    assert not survey_mails() and asked_of(ticket).state == "waiting"
    Asked.objects.update(due_at=datetime.now(UTC))
    ask_now(asked_id=asked_of(ticket).pk)
    ask_now(asked_id=asked_of(ticket).pk)
    drain()
    assert len(survey_mails()) == 1


def test_closing_what_was_solved_asks_nobody(counter: Counter) -> None:
    ticket = solved(counter)
    switch_on()
    services.update_ticket(ticket, by=MAIL, set={"status": status("closed")})
    drain()
    assert not Asked.objects.exists()


@pytest.mark.parametrize(
    ("solved_at", "leaves"),
    [("2026-11-27T10:00", "2026-11-27T14:00"), ("2026-11-27T15:00", "2026-11-30T08:00")],
)
def test_the_mail_waits_for_office_hours(counter: Counter, solved_at: str, leaves: str) -> None:
    counter.brand.office_hours = {"weekly": {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}
    at = due_at(Survey(wait_hours=4), counter.brand, datetime.fromisoformat(f"{solved_at}+00:00"))
    assert at == datetime.fromisoformat(f"{leaves}+00:00")


def test_one_click_in_the_mail_program_ends_surveys(asking: Counter, browser: Client) -> None:
    solved(asking)
    (mail,) = survey_mails()
    path = "/" + mail["List-Unsubscribe"].strip("<>").split("/", 3)[3]
    assert "No more surveys?" in browser.get(path).content.decode()
    assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 204
    assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 204
    assert Event.objects.filter(kind="surveys.stopped").count() == 1
    assert "We do not ask you any more" in browser.get(path).content.decode()
    Asked.objects.update(due_at=datetime.now(UTC) - timedelta(days=365))
    solved(asking)
    assert len(survey_mails()) == 1


def test_a_dead_link_says_so_and_nothing_more(asking: Counter, browser: Client) -> None:
    ticket = solved(asking)
    way = links(survey_mails()[0])[0]
    token = way.split("/")[2]
    for wrong in (
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token.replace("-", ""),
        "9" * 18 + token[token.index("-") :],
    ):
        assert browser.get(f"/survey/{wrong}/1/").status_code == 404
    Asked.objects.update(asked_at=datetime.now(UTC) - timedelta(days=15))
    assert browser.get(way).status_code == 404
    Asked.objects.update(asked_at=datetime.now(UTC))
    Ticket.objects.filter(pk=ticket.pk).update(requester=asking.dave)
    assert browser.get(way).status_code == 404
