"""The notification centre, what the browser is given, and the mails."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.cast import TEST, Cast
from tests.desk.conftest import tree, words
from tresen.core.tickets.content import Content
from tresen.core.tickets.models import Ticket
from tresen.core.tickets.services import add_received, update_ticket
from tresen.kit import clock
from tresen.service.notifications.choosing import choose, wanted_ways
from tresen.service.notifications.jobs import mail_news, sweep
from tresen.service.notifications.kinds import Kind, Ways
from tresen.service.notifications.models import Notification, Rhythm
from tresen.spine.events.actors import Actor
from tresen.spine.jobs.models import Job

MINE = "/me/notifications/"


def answered(cast: Cast, ticket: Ticket, text: str = "Again") -> None:
    """Carol writes on the ticket."""
    add_received(ticket, by=Actor.contact(cast.carol), contact=cast.carol, content=Content(text), channel="mail",
                 trust="claimed")  # fmt: skip


def by_mail(cast: Cast, **rhythm: Any) -> None:
    """Anna wants all her news by mail."""
    ways = {kind: Ways(browser=True, mail=True) for kind in Kind}
    choose(cast.anna, ways=ways, rhythm=rhythm, by=TEST)


def test_the_bell_counts_and_the_page_tells_and_forgets(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket("VPN <b>", assignee=cast.anna)
    answered(cast, ticket)
    page = tree(anna.get("/desk/notifications/"))
    assert page.css_first(".rail [data-action=go-notifications] .badge").text() == "2"
    lines = [words(node) for node in page.css(".notices li")]
    assert "Carol wrote on a ticket of yours" in lines[0] and "VPN <b>" in lines[0] and "Unread:" in lines[0]
    assert page.css(".notices li a")[0].attributes["href"].startswith(f"/desk/tickets/{ticket.number}/#m")
    first = Notification.objects.latest("pk")
    anna.post("/desk/notifications/read/", {"notification": first.pk})
    assert anna.get("/desk/notifications/fresh/").json()["unread"] == 1
    anna.post("/desk/notifications/read/")
    assert anna.get("/desk/notifications/fresh/").json()["unread"] == 0


def test_whoever_opens_the_ticket_has_read_its_news(cast: Cast, anna: Client) -> None:
    ticket = cast.ticket(assignee=cast.anna)
    page = tree(anna.get(f"/desk/tickets/{ticket.number}/"))
    form = page.css_first(f"form[hx-post='/desk/tickets/{ticket.number}/read/']")
    assert form is not None
    anna.post(f"/desk/tickets/{ticket.number}/read/", {"message": form.css_first("input").attributes["value"] or ""})
    assert anna.get("/desk/notifications/fresh/").json()["unread"] == 0


def test_nobody_reads_or_forgets_the_news_of_others(cast: Cast, anna: Client) -> None:
    cast.ticket(assignee=cast.anna)
    row = Notification.objects.get()
    ada = cast.browser(cast.ada)
    ada.post("/desk/notifications/read/", {"notification": row.pk})
    row.refresh_from_db()
    assert row.read_at is None and "VPN" not in ada.get("/desk/notifications/").content.decode()


def test_the_browser_shows_what_is_new_and_wanted_and_nothing_in_quiet_hours(cast: Cast, anna: Client) -> None:
    assert anna.get("/desk/notifications/fresh/").json() == {
        "unread": 0,
        "label": "Notifications",
        "newest": 0,
        "items": [],
    }
    ticket = cast.ticket(assignee=cast.anna)
    found = anna.get("/desk/notifications/fresh/?after=0").json()
    assert [item["title"] for item in found["items"]] == ["A ticket became yours"]
    assert found["items"][0]["body"] == f"{ticket.shown_number} VPN"
    assert anna.get(f"/desk/notifications/fresh/?after={found['newest']}").json()["items"] == []
    choose(cast.anna, ways=wanted_ways(cast.anna), rhythm={"quiet_from": time(0), "quiet_to": time(23, 59)}, by=TEST)
    assert anna.get("/desk/notifications/fresh/?after=0").json()["items"] == []
    ways = {kind: Ways(browser=False, mail=False) for kind in Kind}
    choose(cast.anna, ways=ways, rhythm={"quiet_from": None, "quiet_to": None}, by=TEST)
    assert anna.get("/desk/notifications/fresh/?after=0").json()["items"] == []


def test_nothing_leaves_by_mail_unasked(cast: Cast) -> None:
    cast.ticket(assignee=cast.anna)
    assert not Job.objects.filter(name="notifications.mail").exists()


def test_one_mail_holds_all_that_waits_and_none_of_the_words_written(cast: Cast, sent: list[dict[str, str]]) -> None:
    by_mail(cast, pace="hourly")
    ticket = cast.ticket(assignee=cast.anna)
    answered(cast, ticket, "secret words")
    assert Job.objects.filter(name="notifications.mail").count() == 1
    mail_news(agent_id=cast.anna.pk)
    mail_news(agent_id=cast.anna.pk)
    [mail] = sent
    assert mail["to"] == "anna@lindhafen.example" and mail["subject"] == "2 news from the desk"
    assert f"/desk/tickets/{ticket.number}/" in mail["text"] and "/me/notifications/" in mail["text"]
    assert "Carol wrote on a ticket of yours" in mail["text"] and "secret" not in mail["text"]


def test_what_was_read_meanwhile_is_not_mailed(cast: Cast, anna: Client, sent: list[dict[str, str]]) -> None:
    by_mail(cast)
    cast.ticket(assignee=cast.anna)
    anna.post("/desk/notifications/read/")
    mail_news(agent_id=cast.anna.pk)
    assert sent == []


def test_a_mail_waits_for_the_end_of_the_quiet_hours(cast: Cast) -> None:
    now = clock.now()
    begin, end = (now - timedelta(hours=1)).time(), (now + timedelta(hours=2)).time()
    cast.anna.user.timezone = "UTC"
    cast.anna.user.save()
    by_mail(cast, quiet_from=begin.replace(second=0, microsecond=0), quiet_to=end.replace(second=0, microsecond=0))
    cast.ticket(assignee=cast.anna)
    assert Job.objects.get(name="notifications.mail").run_at - now > timedelta(minutes=110)


def test_one_chooses_how_one_is_told(cast: Cast, anna: Client) -> None:
    page = tree(anna.get(MINE))
    assert "checked" in page.css_first("[name=browser-mention]").attributes
    data = {"mail-mention": "on", "pace": "daily", "daily_hour": "9", "quiet_from": "18:00", "quiet_to": "07:30"}
    anna.post(MINE, data)
    ways, rhythm = wanted_ways(cast.anna), Rhythm.objects.get()
    assert ways[Kind.MENTION] == Ways(browser=False, mail=True) and ways[Kind.ANSWER] == Ways(False, False)
    assert (rhythm.pace, rhythm.daily_hour, rhythm.quiet_to) == ("daily", 9, time(7, 30))


@pytest.mark.parametrize("wrong", [{"quiet_to": ""}, {"pace": "never"}, {"daily_hour": "24"}, {"quiet_from": "99:99"}])
def test_what_cannot_be_is_refused_and_nothing_is_lost(cast: Cast, anna: Client, wrong: dict[str, str]) -> None:
    data = {"mail-mention": "on", "pace": "daily", "daily_hour": "9", "quiet_from": "18:00", "quiet_to": "07:30"}
    refused = anna.post(MINE, data | wrong)
    assert refused.status_code == 422
    assert "checked" in tree(refused).css_first("[name=mail-mention]").attributes
    assert not Rhythm.objects.exists()


def test_old_news_is_swept(cast: Cast) -> None:
    for days, read in ((91, False), (89, False), (31, True), (29, True)):
        cast.ticket(f"{days}", assignee=cast.anna)
        at = clock.now() - timedelta(days=days)
        Notification.objects.filter(ticket__subject=f"{days}").update(at=at, read_at=at if read else None)
    sweep()
    assert set(Notification.objects.values_list("ticket__subject", flat=True)) == {"89", "29"}


def test_one_key_for_all_of_it_costs_one_query_a_page(
    cast: Cast, anna: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(5):
        update_ticket(cast.ticket(f"{n}", assignee=cast.anna), by=TEST, set={"priority": 4})
    anna.get("/desk/notifications/")
    with django_assert_max_num_queries(12):
        anna.get("/desk/notifications/")
